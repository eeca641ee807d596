// SPDX-License-Identifier: MIT
#include "health/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace health {
namespace {

constexpr double k_like_standard_deviation = 1.4826; ///< 1 / the normal distribution's 3rd quartile
constexpr double k_clear_factor = 1.5;               ///< beyond the 99th percentile

double to_scale(double value, const BaselineRules& rules) {
    return rules.scale == Scale::linear ? value : std::log2(std::max(value, 0.0) + rules.nothing);
}

double from_scale(double value, const BaselineRules& rules) {
    return rules.scale == Scale::linear ? value : std::exp2(value) - rules.nothing;
}

/// Returns the value below which the share `part` of the sorted values lies, between neighbours in
/// proportion.
double quantile(const std::vector<double>& sorted, double part) {
    const double at = part * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

double spread_of(const std::vector<double>& sorted, double median) {
    std::vector<double> distances;
    distances.reserve(sorted.size());
    for (const double value : sorted)
        distances.push_back(std::abs(value - median));
    std::ranges::sort(distances);
    return k_like_standard_deviation * quantile(distances, 0.5);
}

struct Fit {
    std::vector<double> values{}; ///< on the scale, sorted
    core::Time first{};
    core::Time last{};
};

Fit fit_samples(const facts::PastSeries& past, core::Time now, const BaselineRules& rules) {
    Fit fit;
    for (const auto& sample : past.samples) {
        if (!std::isfinite(sample.value) || sample.time < now - rules.longest || sample.time > now)
            continue;
        if (fit.values.empty()) fit.first = sample.time;
        fit.last = std::max(fit.last, sample.time);
        fit.first = std::min(fit.first, sample.time);
        fit.values.push_back(to_scale(sample.value, rules));
    }
    std::ranges::sort(fit.values);
    return fit;
}

Usual usual_of(const Fit& fit, const BaselineRules& rules) {
    const double median = quantile(fit.values, 0.5);
    const double low = quantile(fit.values, 0.01);
    const double high = quantile(fit.values, 0.99);
    const double reach = rules.spreads * std::max(spread_of(fit.values, median), rules.floor);
    const double clear = rules.scale == Scale::linear ? rules.floor : std::log2(k_clear_factor);
    Usual usual;
    usual.median = from_scale(median, rules);
    usual.low = from_scale(low, rules);
    usual.high = from_scale(high, rules);
    usual.upper = from_scale(std::max(median + reach, high + clear), rules);
    usual.lower = rules.sides == Sides::above
                      ? -INFINITY
                      : from_scale(std::min(median - reach, low - clear), rules);
    usual.samples = fit.values.size();
    usual.span = std::chrono::duration_cast<std::chrono::hours>(fit.last - fit.first);
    return usual;
}

} // namespace

Learned learn(const facts::PastSeries& past, core::Time now, const BaselineRules& rules) {
    const auto fit = fit_samples(past, now, rules);
    if (fit.values.size() < rules.least_samples)
        return {.missing = fmt::format("no baseline yet: {} of {} samples", fit.values.size(),
                                       rules.least_samples)};
    if (fit.last - fit.first < rules.least_span)
        return {.missing = fmt::format(
                    "no baseline yet: {} samples over {}, {} are needed", fit.values.size(),
                    core::format_duration(std::chrono::duration_cast<std::chrono::microseconds>(
                        fit.last - fit.first)),
                    core::format_duration(rules.least_span))};
    return {.usual = usual_of(fit, rules)};
}

Deviation deviation(const Usual& usual, double value) {
    if (value > usual.upper) return Deviation::above;
    return value < usual.lower ? Deviation::below : Deviation::none;
}

std::span<const std::string_view> baseline_families() {
    static constexpr std::array<std::string_view, 3> k_families{
        "health.latency-baseline.", "health.error-baseline.", "health.network-baseline."};
    return k_families;
}

} // namespace health
