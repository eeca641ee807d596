// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/stamp.hpp"

namespace logs {
namespace {

/// The signs of serverLogRaw() in server.c of Redis: debug, verbose, notice, warning.
Level level_of(char sign) {
    switch (sign) {
    case '.':
    case '-':
        return Level::debug;
    case '*':
        return Level::notice;
    case '#':
        return Level::warning;
    default:
        return Level::none;
    }
}

} // namespace

bool parse_redis(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    const auto process = take_word(rest);
    // Its role: master, replica, child, sentinel.
    if (process.size() < 3 || !is(process.front(), k_digit) || process[process.size() - 2] != ':'
        || std::string_view{"MSCX"}.find(process.back()) == std::string_view::npos)
        return false;
    if (!take(rest, ' ')) return false;
    const auto stamp = stamp_at(rest, 0, context.now);
    if (!stamp) return false;
    rest.remove_prefix(stamp->end);
    if (rest.size() < 3 || rest[0] != ' ' || rest[2] != ' ' || level_of(rest[1]) == Level::none)
        return false;
    event.time = stamp->time;
    event.level = level_of(rest[1]);
    event.logger = "redis";
    event.message = rest.substr(3);
    return true;
}

} // namespace logs
