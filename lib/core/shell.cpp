// SPDX-License-Identifier: MIT
#include "core/shell.hpp"

namespace core {

std::string shell_word(std::string_view text) {
    constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789_./:@%+-";
    if (!text.empty() && text.find_first_not_of(k_plain) == std::string_view::npos)
        return std::string{text};
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'')
            word += "'\\''";
        else
            word += c;
    }
    return word + "'";
}

} // namespace core
