// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// What a byte of a log message can be part of.
namespace logs {

enum Class : std::uint8_t {
    k_digit = 1,
    k_upper = 2,
    k_lower = 4,
    k_hexadecimal = 8, ///< beside the digits: a…f, A…F
    k_word = 16,       ///< letters, digits, underscore, and every byte of UTF-8 beyond ASCII
    k_blank = 32,
    k_separator = 64, ///< ends a word and is a token of its own
};

constexpr std::uint8_t k_letter = k_upper | k_lower;

namespace detail {

constexpr std::array<std::uint8_t, 256> classes() {
    std::array<std::uint8_t, 256> all{};
    for (unsigned c = '0'; c <= '9'; ++c)
        all[c] = k_digit | k_word;
    for (unsigned c = 'a'; c <= 'z'; ++c)
        all[c] = static_cast<std::uint8_t>(k_lower | k_word | (c <= 'f' ? k_hexadecimal : 0));
    for (unsigned c = 'A'; c <= 'Z'; ++c)
        all[c] = static_cast<std::uint8_t>(k_upper | k_word | (c <= 'F' ? k_hexadecimal : 0));
    for (unsigned c = 0x80; c <= 0xff; ++c)
        all[c] = k_word;
    all['_'] = k_word;
    for (const char c : {' ', '\t', '\n', '\r', '\v', '\f'})
        all[static_cast<unsigned char>(c)] = k_blank;
    for (const char c :
         {'=', ':', ',', '(', ')', '[', ']', '"', '|', ';', '{', '}', '<', '>', '\''})
        all[static_cast<unsigned char>(c)] = k_separator;
    return all;
}

} // namespace detail

inline constexpr std::array<std::uint8_t, 256> k_classes = detail::classes();

[[nodiscard]] constexpr std::uint8_t class_of(char c) {
    return k_classes[static_cast<unsigned char>(c)];
}

[[nodiscard]] constexpr bool is(char c, unsigned classes) {
    return (class_of(c) & classes) != 0;
}

/// Returns how many characters of these classes stand one after the other from `from` on.
[[nodiscard]] constexpr std::size_t run_of(std::string_view text, std::size_t from,
                                           unsigned classes) {
    std::size_t i = from;
    while (i < text.size() && is(text[i], classes))
        ++i;
    return i - from;
}

} // namespace logs
