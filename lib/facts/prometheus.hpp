// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"
#include "facts/gpu.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace facts {

struct ScrapeTarget {
    std::string job{};
    std::string instance{};
    std::string service{};     ///< label "service": what the target's figures are about
    std::string scrape_host{}; ///< host of the URL that is asked: an exporter's, often
    std::string health{};      ///< up, down, unknown (never scraped yet)
    std::string last_error{};
    std::optional<core::Time> last_scrape{};

    bool operator==(const ScrapeTarget&) const = default;
};

struct RuleError {
    std::string group{};
    std::string rule{};
    std::string error{};

    bool operator==(const RuleError&) const = default;
};

/// Requests and errors of one service over the look-back window.
struct ErrorRate {
    std::string service{};
    double requests_per_second = 0;
    double errors_per_second = 0;
    /// 0…1, as the configured query tells it, which does not tell of how many: then there are no
    /// rates.
    std::optional<double> share{};

    bool operator==(const ErrorRate&) const = default;
};

/// Why a question has no answer; nothing: it was answered, or not asked.
struct PrometheusProblems {
    std::optional<core::Error> targets{};
    std::optional<core::Error> rules{};
    std::optional<core::Error> error_rates{};
    std::optional<core::Error> generation{};
    std::optional<core::Error> queue{};
    std::optional<core::Error> gpus{};

    bool operator==(const PrometheusProblems&) const = default;
};

struct Prometheus {
    bool ready = false;
    std::string version{};
    std::vector<ScrapeTarget> targets{}; ///< active ones
    std::vector<RuleError> rule_errors{};
    std::optional<std::int64_t> rules{}; ///< how many are loaded; nothing: not told
    std::chrono::seconds window{300};    ///< look-back of the rates below
    std::string error_rate_metric{};     ///< the counter that was used; empty: none was found
    std::vector<ErrorRate> error_rates{};
    /// What told the generation time, a histogram's p95 or the configured query; empty: nothing
    /// did.
    std::string generation_query{};
    std::optional<double> generation_p95{}; ///< seconds; nothing: no generation in the window
    /// Seconds: the end of the histogram, its largest finite bucket. A p95 that stands there is
    /// this or more. Nothing: no histogram told the p95.
    std::optional<double> generation_end{};
    std::optional<double> gan_queue_depth{};
    std::vector<Gpu> gpus{};             ///< as a DCGM exporter tells them
    std::vector<std::string> warnings{}; ///< answers that were not as expected, and were used
    PrometheusProblems problems{};

    bool operator==(const Prometheus&) const = default;
};

} // namespace facts
