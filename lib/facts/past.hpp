// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/verdict.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace facts {

/// One figure of an earlier run, with the verdict that its finding got then.
struct PastSample {
    core::Time time{};
    double value = 0;
    core::Verdict verdict = core::Verdict::unknown;

    bool operator==(const PastSample&) const = default;
};

struct PastSeries {
    std::string unit{};                ///< of every value: "s", "B/s", "%"
    std::vector<PastSample> samples{}; ///< oldest first, thinned to one a quarter of an hour

    bool operator==(const PastSeries&) const = default;
};

/// What the runs before this one knew about a finding.
struct Standing {
    core::Verdict verdict = core::Verdict::unknown; ///< of the last run that looked
    bool gone = false;                              ///< that run no longer had the finding
    core::Time since{}; ///< start of the first of an unbroken row of runs with that verdict
    int problems = 0;   ///< how often it became a problem within `Past::window`
    std::optional<core::Time>
        began{}; ///< when it last became a problem, whatever its verdict since

    bool operator==(const Standing&) const = default;
};

/// What earlier runs of the same command, project and host left behind; bounded in size.
struct Past {
    std::chrono::hours window{24 * 7};           ///< what `Standing::problems` counts over
    std::map<std::string, Standing> standings{}; ///< by finding id
    std::map<std::string, PastSeries> series{};  ///< by finding id; of the families asked for

    bool operator==(const Past&) const = default;
};

} // namespace facts
