// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace logs {

/// How long something took, as a message tells it.
struct Taken {
    std::string what{}; ///< the words before the figure: "drawn in"
    double seconds = 0;
};

/// Returns the first figure with a unit of time in a message, and the words before it: of "job 7
/// drawn in 812 ms as bafy…" it is "drawn in" and 0.812. Nothing where no words stand before it.
[[nodiscard]] std::optional<Taken> time_taken(std::string_view message);

} // namespace logs
