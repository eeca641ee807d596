// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <string_view>

namespace logs {

/// Returns the level that a message without one shows by its words: a level in capitals or brackets
/// among its first words, "error: …" at its beginning, or what only stands in the message of a
/// crash. "0 errors", "errors=0" and an error in the middle of a sentence or a URL are none.
[[nodiscard]] Level level_in_text(std::string_view message);

} // namespace logs
