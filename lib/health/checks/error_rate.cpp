// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"
#include "health/untold.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <string>

namespace health::checks {
namespace {

using config::Config;
using core::Failure;
using core::Judgement;
using core::Verdict;

/// Below this many requests within the window a share of errors says nothing…
constexpr double k_least_requests = 20;

// …unless k_least_errors of them failed.

/// Requests and failed ones of one service.
struct Requests {
    double all = 0;
    double failed = 0;
    std::string within{}; ///< what they were counted in: "5 min"
};

Judgement judge_failed(core::Percent share, core::Percent limit, std::string_view words) {
    auto made = judge_share(share, {limit, core::Percent{limit.value * 5}}, words, {});
    if (made.verdict != Verdict::ok) made.failure = Failure::unhealthy;
    return made;
}

Judgement judge_rate(const Requests& seen, core::Percent limit) {
    const auto& [requests, errors, within] = seen;
    if (requests < k_least_requests && errors < k_least_errors)
        return skipped(
            fmt::format("{:.0f} requests in {}: too few to judge their errors", requests, within));
    return judge_failed(share_of(errors, requests), limit,
                        fmt::format("{{}} of the requests failed: {:.0f} of {:.0f} with 5xx in {}",
                                    errors, requests, within));
}

/// Judges a share of which nobody says how many requests it is of.
Judgement judge_bare_share(double share, core::Percent limit) {
    if (std::isfinite(share) && share >= 0 && share <= 1)
        return judge_failed({share * 100}, limit,
                            "{} of the requests failed, by prometheus.error_rate_query");
    auto made = unknown(fmt::format("prometheus.error_rate_query gives {}, which is no share from "
                                    "0 to 1",
                                    core::format_number(share)));
    made.remediation = "let the query divide the requests that failed by all of them";
    return made;
}

/// Adds what Prometheus tells of the error rates.
void judge_counted(std::vector<Judged>& all, const facts::Observations& seen,
                   const Config& config) {
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        const auto seconds = static_cast<double>(server.result->window.count());
        const auto limit = config.thresholds.error_rate;
        for (const auto& rate : server.result->error_rates) {
            const Requests requests{rate.requests_per_second * seconds,
                                    rate.errors_per_second * seconds,
                                    core::format_duration(server.result->window)};
            all.push_back(
                {rate.service, rate.service, server.target, server.duration,
                 rate.share ? judge_bare_share(*rate.share, limit) : judge_rate(requests, limit)});
        }
    }
}

/// The logs of all containers of one service.
struct ServiceLogs {
    const facts::Observed<facts::AccessLog>* first = nullptr;
    facts::AccessLog sum{};
    const core::Error* error = nullptr; ///< of a log that could not be read
};

Judgement judge_logs(const ServiceLogs& logs, core::Percent limit, const core::CheckSpec& spec) {
    if (logs.error != nullptr) return judge_error(*logs.error, spec);
    const auto& log = logs.sum;
    const auto window = core::format_duration(log.window);
    const auto lines = core::count_of(log.lines, "log line");
    if (log.requests == 0 && log.lines > 0)
        return skipped(log.cut ? fmt::format("none of the newest {} tells of a request", lines)
                               : fmt::format("none of the {} of the last {} tells of a request",
                                             lines, window));
    auto made = judge_rate({static_cast<double>(log.requests), static_cast<double>(log.errors),
                            log.cut ? "the newest " + lines : window},
                           limit);
    made.message += ", by its access log";
    if (log.cut) made.message += fmt::format(", which holds more of the last {}", window);
    return made;
}

/// Adds what the services' own access logs tell, one finding a service.
void judge_logged(std::vector<Judged>& all, const facts::Observations& seen, const Config& config,
                  const core::CheckSpec& spec) {
    std::map<std::string, ServiceLogs> services;
    for (const auto& observed : seen.access_logs) {
        auto& logs = services[observed.service];
        if (logs.first == nullptr) logs.first = &observed;
        if (!observed.result) {
            logs.error = &observed.result.error();
            continue;
        }
        logs.sum.window = observed.result->window;
        logs.sum.lines += observed.result->lines;
        logs.sum.requests += observed.result->requests;
        logs.sum.errors += observed.result->errors;
        logs.sum.cut = logs.sum.cut || observed.result->cut;
    }
    for (const auto& [service, logs] : services) {
        all.push_back({service, service, logs.first->target, logs.first->duration,
                       judge_logs(logs, config.thresholds.error_rate, spec)});
    }
}

/// Says why a server told no error rate.
Judgement judge_no_rates(const facts::Prometheus& server, const std::string& name) {
    if (server.problems.error_rates)
        return judge_untold("the error rate", *server.problems.error_rates);
    if (!server.ready) return judge_not_ready("the error rate", "health.prometheus." + name);
    if (server.error_rate_metric.empty())
        return skipped("Prometheus holds no request counter with a status label; set "
                       "prometheus.error_rate_query");
    return skipped(fmt::format("{} tells of no request in {}", server.error_rate_metric,
                               core::format_duration(server.window)));
}

std::vector<Judged> judge_error_rates(const facts::Observations& seen, const Config& config,
                                      const core::CheckSpec& spec) {
    std::vector<Judged> all;
    judge_counted(all, seen, config);
    judge_logged(all, seen, config, spec);
    const bool told = !all.empty();
    for (const auto& server : seen.prometheus) {
        if (!server.result || (told && !server.result->problems.error_rates)) continue;
        all.push_back({server.name, server.service, server.target, server.duration,
                       judge_no_rates(*server.result, server.name)});
    }
    return all;
}
} // namespace

const Check k_error_rate{
    {.id = "health.error-rate",
     .title = "Error rate",
     .group = "endpoints",
     .section = "daily/system-health-check",
     .what = "Takes the share of requests that ended with 5xx over five minutes, for each service: "
             "from Prometheus or, where that counts no requests, from the access logs that the "
             "services with an endpoint write to their container's log.",
     .why = "A health page can be green while every hundredth visitor sees an error.",
     .threshold = "Warning from 1 %, critical from five times that; skipped below 20 requests of "
                  "which fewer than 5 failed.",
     .setting = "thresholds.error_rate, prometheus.error_rate_query",
     .remediation = "docker-compose logs --since=10m SERVICE | grep -iE ' 5[0-9][0-9] |error'",
     .reference = "Prometheus HTTP API, query; Apache's Common Log Format",
     .when_unreachable = core::Verdict::unknown},
    judge_error_rates};
} // namespace health::checks
