// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace logs {

/// A time of day and date that begins somewhere in a line.
struct Stamp {
    core::Time time{};
    std::size_t end = 0; ///< one past its last byte
};

/// Returns the time stamp that begins at `at`:
///
///   ISO 8601 and RFC 3339   2005-06-14T15:22:35.123+02:00, with a blank for the T, a comma for the
///                           dot, slashes for the dashes (nginx), a zone's name behind it
///                           (Postgres)
///   Common Log Format       14/Jun/2005:15:22:35 +0200
///   RFC 3164                Jun 14 15:22:35: the year of `now`, or the one before when that would
///   be
///                           more than a day ahead
///   asctime                 Tue Jun 14 15:22:35.123 2005
///   Redis                   14 Jun 2005 15:22:35.123
///
/// Without a zone it is UTC. Nothing for what is no such stamp, or no date of the calendar.
[[nodiscard]] std::optional<Stamp> stamp_at(std::string_view text, std::size_t at, core::Time now);

/// Returns the time of a number of seconds, milli-, micro- or nanoseconds since 1970, told apart by
/// their size; nothing outside of the years 2000 to 2100.
[[nodiscard]] std::optional<core::Time> time_of_number(double number);

} // namespace logs
