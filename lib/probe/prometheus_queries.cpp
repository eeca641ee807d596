// SPDX-License-Identifier: MIT
#include "probe/prometheus_queries.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace probe {
namespace {

/// Returns `metrics` as the alternatives of a regular expression; names hold no special character.
std::string alternatives(std::span<const std::string_view> metrics) {
    return fmt::format("{}", fmt::join(metrics.begin(), metrics.end(), "|"));
}

/// Returns the number that `text` is, as Prometheus writes one.
std::optional<double> number_in(std::string_view text) {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
    if (text == "-Inf") return -std::numeric_limits<double>::infinity();
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Reads a sample's value, which stands as text (the API's "Expression query result formats").
core::Result<double> value_of(const JsonView& pair) {
    TRY_ASSIGN(const auto element, pair.at(1));
    TRY_ASSIGN(const auto text, element.text());
    const auto value = number_in(text);
    if (!value) return std::unexpected(element.error("is no number"));
    return *value;
}

core::Result<Sample> read_sample(const JsonView& item) {
    Sample sample;
    TRY_ASSIGN(const auto metric, item.at("metric"));
    TRY_ASSIGN(const auto labels, metric.members());
    for (const auto& [name, value] : labels) {
        TRY_ASSIGN(sample.labels[name], value.text());
    }
    TRY_ASSIGN(const auto pair, item.at("value"));
    TRY_ASSIGN(sample.value, value_of(pair));
    return sample;
}

} // namespace

std::string Sample::label(const std::string& name) const {
    const auto found = labels.find(name);
    return found == labels.end() ? std::string{} : found->second;
}

core::Result<std::vector<Sample>> read_samples(const JsonView& data) {
    std::vector<Sample> samples;
    TRY_ASSIGN(const auto type, data.text("resultType"));
    TRY_ASSIGN(const auto result, data.at("result"));
    if (type == "scalar") {
        TRY_ASSIGN(const double value, value_of(result));
        samples.push_back({{}, value});
        return samples;
    }
    if (type != "vector") {
        return std::unexpected(
            data.error(fmt::format("holds a {}, not a vector or a scalar", core::printable(type))));
    }
    TRY_ASSIGN(const auto items, result.items());
    for (const auto& item : items) {
        TRY_ASSIGN(auto sample, read_sample(item));
        samples.push_back(std::move(sample));
    }
    return samples;
}

std::string existing_query(std::span<const std::string_view> metrics) {
    return fmt::format("count by (__name__) ({{__name__=~\"{}\"}})", alternatives(metrics));
}

std::string counters_query(std::string_view label) {
    return fmt::format("count by (__name__) ({{__name__=~\"{}\",{}=~\"[1-5]([0-9][0-9]|xx)\"}})",
                       alternatives(k_request_counters), label);
}

std::string queue_query() {
    // Every replica reports the same queue: the largest figure is the queue's.
    return "max({__name__=~\"gan_queue_depth|gan_queue_length|gan_queue_size|"
           "generation_queue_depth\"})";
}

std::string p95_query(std::string_view histogram, std::chrono::seconds window) {
    const auto buckets = fmt::format("sum by (le) (rate({}[{}s]))", histogram, window.count());
    return fmt::format("{0} or label_replace(histogram_quantile(0.95, {0}), \"quantile\", "
                       "\"0.95\", \"\", \"\")",
                       buckets);
}

std::string requests_query(const Counter& counter, std::chrono::seconds window) {
    return fmt::format("sum by (service, job) (rate({}{{{}!=\"\"}}[{}s]))", counter.metric,
                       counter.status_label, window.count());
}

std::string errors_query(const Counter& counter, std::chrono::seconds window) {
    return fmt::format("sum by (service, job) (rate({}{{{}=~\"5([0-9][0-9]|xx)\"}}[{}s]))",
                       counter.metric, counter.status_label, window.count());
}

std::optional<std::string_view> first_known(std::span<const std::string_view> known,
                                            std::span<const std::string> present) {
    for (const auto candidate : known) {
        if (std::ranges::find(present, candidate) != present.end()) return candidate;
    }
    return std::nullopt;
}

std::optional<Counter>
choose_counter(const std::map<std::string_view, std::vector<std::string>>& metrics_by_label) {
    for (const auto metric : k_request_counters) {
        for (const auto label : k_status_labels) {
            const auto found = metrics_by_label.find(label);
            if (found == metrics_by_label.end()) continue;
            if (std::ranges::find(found->second, metric) != found->second.end())
                return Counter{std::string{metric}, std::string{label}};
        }
    }
    return std::nullopt;
}

GenerationTime generation_time(std::span<const Sample> samples) {
    GenerationTime time;
    for (const auto& sample : samples) {
        if (!sample.label("quantile").empty()) {
            if (std::isfinite(sample.value)) time.p95 = sample.value;
            continue;
        }
        const auto bound = number_in(sample.label("le"));
        if (!bound || std::isnan(*bound)) continue;
        time.counted = time.counted || sample.value > 0;
        if (std::isfinite(*bound)) time.end = std::max(time.end.value_or(*bound), *bound);
    }
    return time;
}

std::string service_of(const Sample& sample) {
    for (const auto* name : {"service", "job"}) {
        if (auto value = sample.label(name); !value.empty()) return value;
    }
    return "all";
}

std::vector<facts::ErrorRate> join_rates(std::span<const Sample> requests,
                                         std::span<const Sample> errors) {
    std::map<std::string, facts::ErrorRate> by_service;
    for (const auto& sample : requests) {
        if (!std::isfinite(sample.value)) continue;
        auto& rate = by_service[service_of(sample)];
        rate.requests_per_second += sample.value;
    }
    for (const auto& sample : errors) {
        if (!std::isfinite(sample.value)) continue;
        auto& rate = by_service[service_of(sample)];
        rate.errors_per_second += sample.value;
    }
    std::vector<facts::ErrorRate> rates;
    for (auto& [service, rate] : by_service) {
        rate.service = service;
        rates.push_back(std::move(rate));
    }
    return rates;
}

} // namespace probe
