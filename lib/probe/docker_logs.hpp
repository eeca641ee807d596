// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// How a container's log comes: with an 8-byte head before each piece (Engine API,
/// "ContainerAttach", "Stream format"), or as it was written, when the container has a terminal.
enum class LogForm { frames, raw };

using TakeLine = std::function<void(std::string_view line)>;

/// Calls `take` for each line of an answer of /containers/ID/logs that is not blank: without its
/// line end, and at most its first 2 KiB. The line lives as long as the call. Returns how many
/// lines there are, blank ones included.
std::size_t each_log_line(std::string_view body, LogForm form, const TakeLine& take);

/// Returns the last `most_lines` lines of an answer of /containers/ID/logs, which may be cut off
/// anywhere: each line at most 2 KiB, without its line end, otherwise as it was written. Both
/// streams stand in the order in which they came.
[[nodiscard]] std::vector<std::string> last_log_lines(std::string_view body, LogForm form,
                                                      std::size_t most_lines);

} // namespace probe
