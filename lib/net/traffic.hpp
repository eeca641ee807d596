// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace net {

/// Counts one HTTP request, or one conversation of another protocol, that is sent to a target.
void count_request();

/// Returns how many this process has sent: what a watch states as its load.
[[nodiscard]] std::uint64_t requests_sent();

} // namespace net
