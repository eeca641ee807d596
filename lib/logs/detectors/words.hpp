// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace logs {

/// Returns a text of a log as a report may show it: one printable line of at most 300 columns
/// without what looks like a secret or a mail address.
[[nodiscard]] std::string shown(std::string_view text);

/// Returns a number of seconds as a person reads it: "812 ms".
[[nodiscard]] std::string format_seconds(double seconds);

} // namespace logs
