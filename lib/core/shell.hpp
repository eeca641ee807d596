// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace core {

/// Returns the text as one word of a POSIX shell (IEEE 1003.1, "Quoting"): as it stands where no
/// sign of it means anything there, else in single quotes. For commands that are shown to be typed:
/// names come from containers, files and programs, which may call themselves what they like.
[[nodiscard]] std::string shell_word(std::string_view text);

} // namespace core
