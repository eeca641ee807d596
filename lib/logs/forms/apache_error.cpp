// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/stamp.hpp"

namespace logs {
namespace {

/// "error" of "[core:error]" and of "[error]".
Level level_of(std::string_view inside) {
    const auto colon = inside.find(':');
    return level_named(colon == std::string_view::npos ? inside : inside.substr(colon + 1));
}

} // namespace

bool parse_apache_error(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    const auto time = take_between(rest, '[', ']');
    if (!time || time->empty() || !is(time->front(), k_upper)) return false;
    const auto stamp = stamp_at(*time, 0, context.now);
    if (!stamp || stamp->end != time->size() || !take(rest, ' ')) return false;
    const auto inside = take_between(rest, '[', ']');
    if (!inside || level_of(*inside) == Level::none) return false;
    skip_blanks(rest);
    if (rest.starts_with("[pid ")) {
        take_between(rest, '[', ']');
        skip_blanks(rest);
    }
    event.time = stamp->time;
    event.level = level_of(*inside);
    event.logger = "apache";
    event.message = rest;
    return true;
}

} // namespace logs
