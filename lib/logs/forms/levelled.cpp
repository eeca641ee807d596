// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/forms/request.hpp"
#include "logs/stamp.hpp"

#include <algorithm>

namespace logs {
namespace {

constexpr std::size_t k_longest_level = 13;

/// Takes a time off the front, in brackets or not.
std::optional<core::Time> take_stamp(std::string_view& text, core::Time now) {
    auto rest = text;
    const bool bracket = take(rest, '[');
    const auto stamp = stamp_at(rest, 0, now);
    if (!stamp) return std::nullopt;
    rest.remove_prefix(stamp->end);
    if (bracket && !take(rest, ']')) return std::nullopt;
    if (!rest.empty() && is(rest.front(), k_word)) return std::nullopt;
    text = rest;
    return stamp->time;
}

void skip_marks(std::string_view& text) {
    while (!text.empty()
           && (text.front() == ' ' || text.front() == '\t' || text.front() == '-'
               || text.front() == '|' || text.front() == ':'))
        text.remove_prefix(1);
}

bool is_level_word(std::string_view word) {
    if (word.size() < 3) return false;
    const auto upper = std::ranges::all_of(word, [](char c) { return is(c, k_upper); });
    const auto lower = std::ranges::all_of(word, [](char c) { return is(c, k_lower); });
    const bool title = is(word.front(), k_upper) && std::ranges::all_of(word.substr(1), [](char c) {
                           return is(c, k_lower);
                       });
    return (upper || lower || title) && level_named(word) != Level::none;
}

/// Takes a level off the front: "INFO", "[error]", "<Warn>", "WARN:". A word without brackets or a
/// colon must be in capitals: a message may begin with "error".
Level take_level(std::string_view& text) {
    auto rest = text;
    const char open = rest.empty() ? '\0' : rest.front();
    const bool bracket = open == '[' || open == '<' || open == '(';
    if (bracket) rest.remove_prefix(1);
    std::size_t end = 0;
    while (end < rest.size() && end <= k_longest_level && is(rest[end], k_letter))
        ++end;
    const auto word = rest.substr(0, end);
    if (!is_level_word(word)) return Level::none;
    rest.remove_prefix(end);
    const bool capitals = is(word.back(), k_upper);
    if (bracket) {
        if (rest.empty() || (rest.front() != ']' && rest.front() != '>' && rest.front() != ')'))
            return Level::none;
        rest.remove_prefix(1);
    } else {
        const bool parted =
            rest.empty() || is(rest.front(), k_blank) || rest.front() == ':' || rest.front() == '|';
        if (!parted || (!capitals && !rest.starts_with('\t'))) return Level::none;
    }
    text = rest;
    return level_named(word);
}

/// "[main]", "[71]", "(MainThread)": threads and processes, which are no part of the message.
void skip_brackets(std::string_view& text) {
    skip_marks(text);
    for (int i = 0; i < 2 && (text.starts_with('[') || text.starts_with('(')); ++i) {
        const char close = text.front() == '[' ? ']' : ')';
        const auto end = text.find(close);
        if (end == std::string_view::npos || end > 64) return;
        const auto inside = text.substr(1, end - 1);
        if (inside.find('=') != std::string_view::npos || is_level_word(inside)) return;
        text.remove_prefix(end + 1);
        skip_marks(text);
    }
}

/// "org.example.Cart: ", "uvicorn.error: ", "gan-service - ".
std::string_view take_logger(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && end < 100
           && (is(text[end], k_word) || text[end] == '.' || text[end] == '-' || text[end] == '$'
               || text[end] == '/'))
        ++end;
    const auto rest = text.substr(end);
    if (end == 0 || !(rest.starts_with(": ") || rest.starts_with(" - ") || rest.starts_with('\t')))
        return {};
    const auto name = text.substr(0, end);
    text = rest;
    skip_marks(text);
    return name;
}

} // namespace

bool parse_levelled(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    event.time = take_stamp(rest, context.now);
    if (event.time) {
        skip_marks(rest);
        skip_brackets(rest);
    }
    const auto before_level = rest;
    event.level = take_level(rest);
    if (event.level != Level::none) {
        // Alone, a level is only told by what parts it from the message.
        const bool told = event.time || before_level.front() == '[' || rest.starts_with(":  ")
                          || rest.starts_with(" [");
        if (!told) return false;
        skip_marks(rest);
        skip_brackets(rest);
        event.logger = take_logger(rest);
    }
    if (!event.time && event.level == Level::none) {
        Request request;
        if (!read_short_access(line, request)) return false;
        event.request = request;
        event.message = line;
        return true;
    }
    event.message = rest;
    if (Request request; read_short_access(rest, request)) event.request = request;
    return true;
}

} // namespace logs
