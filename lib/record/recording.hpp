// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/clock.hpp"
#include "facts/observations.hpp"

#include <chrono>
#include <map>
#include <string>

namespace record {

/// Version of the layout; it changes when a field changes its meaning.
inline constexpr const char* k_schema = "gallery-ops/recording/1";

/// What the report says of the run itself.
struct Run {
    std::string command{};
    std::string host{};
    std::string run_id{};
    core::Time started_at{};
    std::chrono::milliseconds duration{};
    bool interrupted = false;
    core::Time shown_at{}; ///< the moment that "5 min ago" and "since 08:01" are relative to
};

/// The time zone in which the run showed its times.
struct Zone {
    std::string name{};            ///< as TZ takes it: "Europe/Zurich"; empty: not known
    std::string abbreviation{};    ///< "CEST", at the time of the run
    std::chrono::seconds offset{}; ///< east of Greenwich, at the time of the run
};

/// Everything about a run that is neither seen nor configured.
struct Head {
    std::string version{}; ///< of the program that recorded
    Run run{};
    Zone zone{};
    std::map<std::string, std::string> environment{}; ///< variables that decided where to look
};

/// One look at a gallery, to be judged again.
struct Recording {
    Head head{};
    config::Config config{}; ///< the effective one, with what was discovered
    facts::Observations seen{};
};

} // namespace record
