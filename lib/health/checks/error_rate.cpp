// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace health::checks {
namespace {

using config::Config;
using core::Failure;
using core::Judgement;
using core::Verdict;

/// Below this many requests within the window a share of errors says nothing.
constexpr double k_least_requests = 20;

/// Requests and failed ones of one service within a window.
struct Requests {
    double all = 0;
    double failed = 0;
    std::chrono::seconds window{};
};

Judgement judge_rate(const Requests& seen, core::Percent limit) {
    const auto [requests, errors, window] = seen;
    const auto over = core::format_duration(window);
    if (requests < k_least_requests)
        return skipped(
            fmt::format("{:.0f} requests in {}: too few to judge their errors", requests, over));
    const auto share = share_of(errors, requests);
    auto made =
        judge_share(share, {limit, core::Percent{limit.value * 5}},
                    fmt::format("{{}} of the requests failed: {:.0f} of {:.0f} with 5xx in {}",
                                errors, requests, over),
                    {});
    if (made.verdict != Verdict::ok) made.failure = Failure::unhealthy;
    return made;
}

/// Adds what Prometheus tells of the error rates.
void judge_counted(std::vector<Judged>& all, const facts::Observations& seen,
                   const Config& config) {
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        const auto seconds = static_cast<double>(server.result->window.count());
        for (const auto& rate : server.result->error_rates) {
            const Requests requests{rate.requests_per_second * seconds,
                                    rate.errors_per_second * seconds, server.result->window};
            all.push_back({rate.service, rate.service, server.target, server.duration,
                           judge_rate(requests, config.thresholds.error_rate)});
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
    if (log.requests == 0 && log.lines > 0)
        return skipped(fmt::format("none of the {} of the last {} tells of a request",
                                   core::count_of(log.lines, "log line"),
                                   core::format_duration(log.window)));
    auto made = judge_rate(
        {static_cast<double>(log.requests), static_cast<double>(log.errors), log.window}, limit);
    made.message += log.cut ? ", by the newest lines of its access log" : ", by its access log";
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

std::vector<Judged> judge_error_rates(const facts::Observations& seen, const Config& config,
                                      const core::CheckSpec& spec) {
    std::vector<Judged> all;
    judge_counted(all, seen, config);
    judge_logged(all, seen, config, spec);
    if (!all.empty()) return all;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        all.push_back({server.name, server.service, server.target, server.duration,
                       skipped("Prometheus holds no request counter with a status label; set "
                               "prometheus.error_rate_query")});
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
     .threshold = "Warning from 1 %, critical from five times that; skipped below 20 requests.",
     .setting = "thresholds.error_rate, prometheus.error_rate_query",
     .remediation = "docker-compose logs --since=10m SERVICE | grep -iE ' 5[0-9][0-9] |error'",
     .reference = "Prometheus HTTP API, query; Apache's Common Log Format",
     .when_unreachable = core::Verdict::unknown},
    judge_error_rates};
} // namespace health::checks
