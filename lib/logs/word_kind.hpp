// SPDX-License-Identifier: MIT
#pragma once

#include "logs/token.hpp"

#include <string_view>

namespace logs {

/// Returns whether a word without any known value in it is a parameter all the same, and which:
/// numbers, names with numbers in them, hosts' and classes' names of several labels.
[[nodiscard]] Kind kind_of_word(std::string_view word);

} // namespace logs
