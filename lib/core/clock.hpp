// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// Wall-clock time, for show and for comparing with times that targets report. Never for deadlines.
using Time = std::chrono::system_clock::time_point;

/// Returns `time` as RFC 3339 in UTC with seconds: "2026-01-01T00:00:00Z".
[[nodiscard]] std::string format_utc(Time time);

/// Returns `time` in the local zone as "08:01" when it is on the same day as `now`, else
/// "2026-01-01 08:01".
[[nodiscard]] std::string format_local(Time time, Time now);

/// Parses RFC 3339 ("2026-01-01T00:00:00.123Z", any offset). Returns nothing when `text` is no such
/// time, for Docker's zero time "0001-01-01T00:00:00Z", which means "never", and from 2262 on,
/// which `Time` can't hold.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text);

} // namespace core
