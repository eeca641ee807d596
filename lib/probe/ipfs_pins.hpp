// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// What a node's list of pins comes to.
struct Pins {
    std::int64_t count = 0;
    std::vector<std::string> first{}; ///< CIDs, the first in their order
};

/// Counts the pins in an answer of pin/ls and keeps the first `most` of them, without building what
/// the answer holds: a node may have a million. Nothing when it is no such answer.
[[nodiscard]] std::optional<Pins> count_pins(std::string_view body, std::size_t most);

} // namespace probe
