// SPDX-License-Identifier: MIT
#include "logs/level_in_text.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <array>

namespace logs {
namespace {

constexpr int k_first_words = 4;

bool is_capitals(std::string_view word) {
    return word.size() >= 4 && std::ranges::all_of(word, [](char c) { return is(c, k_upper); });
}

/// What programs say when they die, whatever their way of logging.
Level level_of_crash(std::string_view message) {
    static constexpr std::array<std::string_view, 8> k_crashes{
        "panic: ",         "Segmentation fault", "segfault at ",
        "Out of memory: ", "OutOfMemoryError",   "JavaScript heap out of memory",
        "core dumped",     "fatal error: "};
    for (const auto crash : k_crashes)
        if (message.find(crash) != std::string_view::npos) return Level::critical;
    return Level::none;
}

/// "error: x", "Error: x", "fatal: x", "java.io.IOException: x", "ValueError: x".
Level level_of_beginning(std::string_view message) {
    const auto colon = message.find(": ");
    if (colon == std::string_view::npos || colon > 80) return Level::none;
    const auto word = message.substr(0, colon);
    if (word.find(' ') != std::string_view::npos) return Level::none;
    if (word == "error" || word == "Error" || word == "ERROR") return Level::error;
    if (word == "fatal" || word == "Fatal") return Level::critical;
    if (word == "warning" || word == "Warning") return Level::warning;
    const bool thrown = word.size() > 9 && (word.ends_with("Error") || word.ends_with("Exception"));
    return thrown ? Level::error : Level::none;
}

} // namespace

Level level_in_text(std::string_view message) {
    std::size_t at = 0;
    for (int words = 0; words < k_first_words && at < message.size(); ++words) {
        while (at < message.size() && !is(message[at], k_letter | k_digit))
            ++at;
        const auto begin = at;
        while (at < message.size() && is(message[at], k_word))
            ++at;
        const auto word = message.substr(begin, at - begin);
        const bool bracket =
            begin > 0 && message[begin - 1] == '[' && at < message.size() && message[at] == ']';
        if (!bracket && !is_capitals(word)) continue;
        // "ERROR=0" and "ERRORS" are none.
        if (at < message.size() && message[at] == '=') continue;
        if (word.size() < 3) continue;
        if (const auto level = level_named(word); level != Level::none) return level;
    }
    if (const auto level = level_of_beginning(message); level != Level::none) return level;
    return level_of_crash(message);
}

} // namespace logs
