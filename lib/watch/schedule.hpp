// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/units.hpp"

#include <chrono>

namespace watch {

/// How often a watch looks unless told otherwise, and how often at most: the floor bounds what the
/// targets are asked for.
inline constexpr std::chrono::seconds k_default_interval{5};
inline constexpr std::chrono::seconds k_least_interval{1};

/// Returns when the next look starts: the first moment of the schedule (`first` and every
/// `interval` after it) that is later than `now`. A look that takes longer than the interval lets
/// moments pass; they are not made up for.
[[nodiscard]] inline core::Deadline::Clock::time_point
next_look(core::Deadline::Clock::time_point first, core::Duration interval,
          core::Deadline::Clock::time_point now) {
    if (now < first) return first;
    const auto passed = (now - first) / interval;
    return first + (passed + 1) * interval;
}

} // namespace watch
