// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// How a container's log comes: with an 8-byte head before each piece (Engine API,
/// "ContainerAttach", "Stream format"), or as it was written, when the container has a terminal.
enum class LogForm { frames, raw };

/// Returns the last `most_lines` lines of an answer of /containers/ID/logs, which may be cut off
/// anywhere: each line at most 2 KiB, without its line end, otherwise as it was written. Both
/// streams stand in the order in which they came.
[[nodiscard]] std::vector<std::string> last_log_lines(std::string_view body, LogForm form,
                                                      std::size_t most_lines);

} // namespace probe
