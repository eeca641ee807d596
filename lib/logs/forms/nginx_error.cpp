// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/stamp.hpp"

namespace logs {
namespace {

/// The connection's number: "*5 ".
void skip_connection(std::string_view& text) {
    if (!text.starts_with('*')) return;
    const auto end = text.find(' ');
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
}

} // namespace

bool parse_nginx_error(std::string_view line, FormContext& context, Event& event) {
    if (line.size() < 24 || line[4] != '/') return false;
    const auto stamp = stamp_at(line, 0, context.now);
    if (!stamp) return false;
    auto rest = line.substr(stamp->end);
    if (!take(rest, ' ')) return false;
    const auto level = take_between(rest, '[', ']');
    if (!level || level_named(*level) == Level::none || !take(rest, ' ')) return false;
    const auto process = take_word(rest);
    if (!process.ends_with(':') || process.find('#') == std::string_view::npos) return false;
    take(rest, ' ');
    skip_connection(rest);
    event.time = stamp->time;
    event.level = level_named(*level);
    event.logger = "nginx";
    event.message = rest;
    return true;
}

} // namespace logs
