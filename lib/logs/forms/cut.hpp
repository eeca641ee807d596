// SPDX-License-Identifier: MIT
#pragma once

#include "logs/letters.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

// Taking a line apart from left to right.
namespace logs {

inline void skip_blanks(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
}

/// Takes `sign` off the front, where it is there.
inline bool take(std::string_view& text, char sign) {
    if (text.empty() || text.front() != sign) return false;
    text.remove_prefix(1);
    return true;
}

/// Takes everything before the next blank.
inline std::string_view take_word(std::string_view& text) {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return word;
}

/// Takes what stands between `open`, the first sign, and the next `close`; nothing when it doesn't.
inline std::optional<std::string_view> take_between(std::string_view& text, char open, char close) {
    if (text.empty() || text.front() != open) return std::nullopt;
    const auto end = text.find(close, 1);
    if (end == std::string_view::npos) return std::nullopt;
    const auto inside = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return inside;
}

/// Takes a text in quotes, in which a backslash stands before quotes that do not end it.
inline std::optional<std::string_view> take_quoted(std::string_view& text) {
    if (text.empty() || text.front() != '"') return std::nullopt;
    std::size_t i = 1;
    while (i < text.size() && text[i] != '"')
        i += text[i] == '\\' ? 2U : 1U;
    if (i >= text.size()) return std::nullopt;
    const auto inside = text.substr(1, i - 1);
    text.remove_prefix(i + 1);
    return inside;
}

/// Reads a number that is the whole of `text`.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number value{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace logs
