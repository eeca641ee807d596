// SPDX-License-Identifier: MIT
//
// Checks against what is usual. The absolute check of the same target decides whether a figure is
// fit to be learned from: only a figure that it found well is given as `measured`, and only
// measured figures become samples. So an outage never becomes the usual, while a lasting change of
// a figure that is within its limit does, once it makes up half of the samples.
#include "core/units.hpp"
#include "health/baseline.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace health::checks {
namespace {

using core::Judgement;
using core::Verdict;

/// A figure to hold against its past.
struct Figure {
    double value = 0;
    std::string unit{};
    std::string (*show)(double) = nullptr;
};

const facts::PastSeries& series_of(const facts::Past& past, const std::string& id,
                                   std::string_view unit) {
    static const facts::PastSeries k_none{};
    const auto found = past.series.find(id);
    // Figures in another unit, of another version, are no past of this one.
    return found == past.series.end() || found->second.unit != unit ? k_none : found->second;
}

std::string basis(const Usual& usual) {
    return fmt::format("{} samples over {}", usual.samples, core::format_duration(usual.span));
}

Judgement judge_usual(const Figure& figure, const Usual& usual) {
    const auto shown = figure.show(figure.value);
    switch (deviation(usual, figure.value)) {
    case Deviation::above:
        return warning(
            fmt::format("{}, usually {} and in 99 of 100 samples at most {} (limit {}; {})", shown,
                        figure.show(usual.median), figure.show(usual.high),
                        figure.show(usual.upper), basis(usual)));
    case Deviation::below:
        return warning(fmt::format("{}, usually {} and in 99 of 100 samples at least {} ({})",
                                   shown, figure.show(usual.median), figure.show(usual.low),
                                   basis(usual)));
    case Deviation::none:
        break;
    }
    return ok(fmt::format("{}, usually {} ({})", shown, figure.show(usual.median), basis(usual)));
}

/// Judges a figure that the absolute check found well.
Judgement judge_figure(const facts::Observations& seen, const std::string& id, const Figure& shown,
                       const BaselineRules& rules) {
    auto measured = figure(shown.value, shown.unit);
    if (!seen.past) return skipped("no history to compare with");
    const auto learned = learn(series_of(*seen.past, id, shown.unit), seen.now, rules);
    auto made = learned.usual ? judge_usual(shown, *learned.usual) : skipped(learned.missing);
    if (learned.usual) measured.warn = learned.usual->upper;
    made.measured = std::move(measured);
    return made;
}

/// Returns the absolute check's judgement of a subject; nothing when it says nothing about it.
const Judgement* absolute(const std::vector<Judged>& all, std::string_view subject) {
    const auto found = std::ranges::find(all, subject, &Judged::subject);
    return found == all.end() ? nullptr : &found->judgement;
}

Judgement not_comparable() {
    return skipped("not compared: what the other checks of it found is no usual state");
}

std::string id_of(const core::CheckSpec& spec, std::string_view subject) {
    return fmt::format("{}.{}", spec.id, subject);
}

/// A figure of the past comes from a file: it may be anything.
double sane(double value, double most) {
    return std::isfinite(value) ? std::clamp(value, 0.0, most) : most;
}

std::string show_rate(double bytes) {
    constexpr double k_most = 1e15;
    return core::format_bytes({static_cast<std::uint64_t>(sane(bytes, k_most))}) + "/s";
}

std::string show_share(double percent) {
    return core::format_percent({sane(percent, 100)});
}

constexpr BaselineRules k_latency_rules{.scale = Scale::factors, .nothing = 0.005, .floor = 0.3};
constexpr BaselineRules k_error_rules{.scale = Scale::linear, .floor = 0.05};
constexpr BaselineRules k_network_rules{
    .scale = Scale::factors, .sides = Sides::both, .nothing = 4096, .floor = 0.5};

std::vector<Judged> judge_latencies(const facts::Observations& seen, const config::Config& config,
                                    const core::CheckSpec& spec) {
    const auto answers = k_endpoint.judge(seen, config, k_endpoint.spec);
    auto all = k_latency.judge(seen, config, k_latency.spec);
    for (auto& one : all) {
        const auto* answer = absolute(answers, one.subject);
        const bool well = answer != nullptr && answer->verdict == Verdict::ok
                          && one.judgement.verdict == Verdict::ok && one.judgement.measured;
        const auto* seconds = well ? std::get_if<double>(&one.judgement.measured->value) : nullptr;
        if (seconds == nullptr) {
            one.judgement = not_comparable();
            continue;
        }
        one.judgement = judge_figure(seen, id_of(spec, one.subject), {*seconds, "s", show_seconds},
                                     k_latency_rules);
    }
    return all;
}

/// Returns how many requests of a service failed within the window: infinity where only their
/// share is told; nothing when nobody tells of them.
std::optional<double> errors_of(const facts::Observations& seen, std::string_view service) {
    std::optional<double> errors;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        for (const auto& rate : server.result->error_rates) {
            if (rate.service != service) continue;
            if (rate.share) return std::numeric_limits<double>::infinity();
            const auto window = static_cast<double>(server.result->window.count());
            errors = errors.value_or(0) + rate.errors_per_second * window;
        }
    }
    for (const auto& log : seen.access_logs) {
        if (log.service == service && log.result)
            errors = errors.value_or(0) + static_cast<double>(log.result->errors);
    }
    return errors;
}

Judgement judge_share_of_errors(const facts::Observations& seen, const std::string& id,
                                const Judgement& absolute, double errors) {
    if (absolute.verdict == Verdict::skipped) return skipped(absolute.message);
    const auto* share = absolute.verdict == Verdict::ok && absolute.measured
                            ? std::get_if<double>(&absolute.measured->value)
                            : nullptr;
    if (share == nullptr) return not_comparable();
    auto made = judge_figure(seen, id, {*share, "%", show_share}, k_error_rules);
    if (made.verdict != Verdict::warning || errors >= k_least_errors) return made;
    auto few = ok(made.message + "; too few errors to tell it from chance");
    few.measured = std::move(made.measured);
    return few;
}

std::vector<Judged> judge_errors(const facts::Observations& seen, const config::Config& config,
                                 const core::CheckSpec& spec) {
    std::vector<Judged> all;
    for (auto& one : k_error_rate.judge(seen, config, k_error_rate.spec)) {
        const auto errors = errors_of(seen, one.subject);
        if (!errors) continue; // nobody counts, as the absolute check says
        one.judgement =
            judge_share_of_errors(seen, id_of(spec, one.subject), one.judgement, *errors);
        all.push_back(std::move(one));
    }
    return all;
}

/// A look at the network lasts a quarter of a second, in which one download fills a link: only what
/// the newest sample shows too is a change.
Judgement judge_traffic(const facts::Observations& seen, const std::string& id, double rate) {
    auto made = judge_figure(seen, id, {rate, "B/s", show_rate}, k_network_rules);
    if (made.verdict != Verdict::warning) return made;
    const auto& past = series_of(*seen.past, id, "B/s");
    const auto usual = learn(past, seen.now, k_network_rules).usual;
    if (deviation(*usual, past.samples.back().value) == deviation(*usual, rate)) return made;
    auto burst = ok(made.message + "; in this look only");
    burst.measured = std::move(made.measured);
    return burst;
}

std::vector<Judged> judge_network_baseline(const facts::Observations& seen,
                                           const config::Config& config,
                                           const core::CheckSpec& spec) {
    const auto absolutes = k_host_network.judge(seen, config, k_host_network.spec);
    std::vector<Judged> all;
    for (const auto& host : seen.host) {
        if (!host.result) continue;
        for (const auto& link : host.result->interfaces) {
            const auto* found = absolute(absolutes, link.name);
            const bool well = found != nullptr && found->verdict == Verdict::ok;
            for (const auto& [way, rate] : {std::pair{"in", link.rx_bytes_per_second},
                                            std::pair{"out", link.tx_bytes_per_second}}) {
                const auto subject = fmt::format("{}.{}", link.name, way);
                all.push_back(
                    {subject, "host", link.name, host.duration,
                     well ? judge_traffic(seen, id_of(spec, subject), rate) : not_comparable()});
            }
        }
    }
    const auto is_ok = [](const Judged& one) { return one.judgement.verdict == Verdict::ok; };
    if (!all.empty() && std::ranges::all_of(all, is_ok))
        all.front().judgement.brief = "network as usual";
    return all;
}

} // namespace

const Check k_latency_baseline{
    {.id = "health.latency-baseline",
     .title = "HTTP latency against its past",
     .group = "endpoints",
     .section = "weekly/performance-analysis",
     .what =
         "Compares the time of the whole request with that of earlier runs which found the "
         "endpoint well: the newest 672 samples, one a quarter of an hour, at most 28 days old. "
         "All hours of the day are one: a slow hour that comes every night is among the samples "
         "and no deviation.",
     .why = "A service that takes ten times as long as last week is in trouble long before it "
            "passes an absolute limit.",
     .threshold =
         "Warning when it is more than 6 robust spreads (1.4826 times the median absolute "
         "deviation of the logarithms, at least a factor of 1.23 each) above the median and "
         "more than 1.5 times what 99 of 100 samples were. Skipped below 20 samples or 24 "
         "hours, without a history, and while the endpoint is not well. A change that "
         "lasts becomes the usual once it makes up half of the samples.",
     .remediation = "gallery-ops history trend health.latency-baseline.ENDPOINT; look for a deploy "
                    "or a change of load at its beginning",
     .reference = "Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993",
     .when_unreachable = Verdict::unknown},
    judge_latencies};

const Check k_error_baseline{
    {.id = "health.error-baseline",
     .title = "Error rate against its past",
     .group = "endpoints",
     .section = "weekly/performance-analysis",
     .what = "Compares each service's share of requests that ended with 5xx with that of earlier "
             "runs which found it within its limit: the newest 672 samples, one a quarter of an "
             "hour, at most 28 days old, whatever the hour of the day.",
     .why = "Errors that are new are worth a look while they are still few.",
     .threshold =
         "Warning when the share is more than 6 robust spreads (1.4826 times the median "
         "absolute deviation, at least 0.05 points each) above the median, beyond what 99 "
         "of 100 samples were, and at least 5 requests failed, where their number is told. "
         "Skipped below 20 samples or 24 hours, without a history, and while the absolute limit "
         "is passed.",
     .remediation = "gallery-ops history trend health.error-baseline.SERVICE; docker-compose logs "
                    "--since=10m SERVICE | grep -iE ' 5[0-9][0-9] |error'",
     .reference = "Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993",
     .when_unreachable = Verdict::unknown},
    judge_errors};

const Check k_network_baseline{
    {.id = "health.network-baseline",
     .title = "Network traffic against its past",
     .group = "host",
     .section = "daily/system-health-check",
     .what = "Compares the bytes a second in and out of each interface with earlier looks without "
             "link errors: the newest 672 samples, one a quarter of an hour, at most 28 days old. "
             "All hours of the day are one: daily peaks are among the samples. A look lasts a "
             "quarter of a second, so only what the newest sample shows too is a warning.",
     .why = "Traffic that stops or multiplies is the first sign of an outage, a leak or an attack.",
     .threshold =
         "Warning when a rate is, twice in a row, more than 6 robust spreads (1.4826 times "
         "the median absolute deviation of the logarithms, at least a factor of 1.41 each) "
         "from the median and more than 1.5 times beyond what 99 of 100 samples were; "
         "rates of a few KiB/s count as none. Skipped below 20 samples or 24 hours and "
         "without a history.",
     .remediation = "gallery-ops history trend health.network-baseline.INTERFACE.in; ss -tnp; "
                    "docker stats",
     .reference = "Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993",
     .when_unreachable = Verdict::unknown},
    judge_network_baseline};

} // namespace health::checks
