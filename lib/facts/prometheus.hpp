// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
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

    bool operator==(const ErrorRate&) const = default;
};

struct Prometheus {
    bool ready = false;
    std::string version{};
    std::vector<ScrapeTarget> targets{}; ///< active ones
    std::vector<RuleError> rule_errors{};
    std::int64_t rules = 0;
    std::chrono::seconds window{300}; ///< look-back of the rates below
    std::string error_rate_metric{};  ///< the counter that was used; empty: none was found
    std::vector<ErrorRate> error_rates{};
    /// What told the generation time, a histogram's p95 or the configured query; empty: nothing
    /// did.
    std::string generation_query{};
    std::optional<double> generation_p95{}; ///< seconds; nothing: no generation in the window
    std::optional<double> gan_queue_depth{};
    std::vector<Gpu> gpus{};             ///< as a DCGM exporter tells them
    std::vector<std::string> warnings{}; ///< queries that could not be answered

    bool operator==(const Prometheus&) const = default;
};

} // namespace facts
