// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/stamp.hpp"

#include <array>

namespace logs {
namespace {

/// RFC 5424, table 2: emergency to debug.
constexpr std::array k_severities{Level::critical, Level::critical, Level::critical, Level::error,
                                  Level::warning,  Level::notice,   Level::info,     Level::debug};

/// "<34>": facility times eight and severity.
std::optional<int> take_priority(std::string_view& text) {
    auto rest = text;
    const auto inside = take_between(rest, '<', '>');
    if (!inside || inside->empty() || inside->size() > 3) return std::nullopt;
    const auto priority = number_of<int>(*inside);
    if (!priority || *priority < 0 || *priority > 191) return std::nullopt;
    text = rest;
    return priority;
}

bool is_tag(std::string_view tag) {
    if (tag.empty() || tag.size() > 64) return false;
    for (const char c : tag)
        if (is(c, k_blank) || c == ':' || c == '"' || c == '=') return false;
    return true;
}

/// "host sshd[71]: message".
bool parse_rfc3164(std::string_view rest, Event& event) {
    if (!take(rest, ' ')) return false;
    const auto host = take_word(rest);
    if (!is_tag(host) || host.front() == '[' || level_named(host) != Level::none
        || !take(rest, ' '))
        return false;
    // Some tags hold a module in brackets: "sshd(pam_unix)[71]".
    const auto colon = rest.find(": ");
    const auto end =
        colon == std::string_view::npos && rest.ends_with(':') ? rest.size() - 1 : colon;
    if (end == std::string_view::npos || !is_tag(rest.substr(0, end))) return false;
    event.logger = rest.substr(0, end);
    event.message = rest.substr(std::min(rest.size(), end + 2));
    return true;
}

/// "host app 71 ID47 [data] message", each a dash where it is not told.
bool parse_rfc5424(std::string_view rest, FormContext& context, Event& event) {
    if (!rest.starts_with("1 ")) return false;
    rest.remove_prefix(2);
    const auto time = take_word(rest);
    if (time != "-") {
        const auto stamp = stamp_at(time, 0, context.now);
        if (!stamp) return false;
        event.time = stamp->time;
    }
    std::array<std::string_view, 4> fields{}; // host, app, process, message's kind
    for (auto& field : fields) {
        if (!take(rest, ' ')) return false;
        field = take_word(rest);
    }
    if (!take(rest, ' ')) return false;
    if (!take(rest, '-')) {
        while (rest.starts_with('[')) {
            const auto end = rest.find(']');
            if (end == std::string_view::npos) return false;
            rest.remove_prefix(end + 1);
        }
    }
    take(rest, ' ');
    event.logger = fields[1] == "-" ? std::string_view{} : fields[1];
    event.message = rest;
    return true;
}

} // namespace

bool parse_syslog(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    const auto priority = take_priority(rest);
    if (priority) event.level = k_severities.at(static_cast<std::size_t>(*priority % 8));
    if (priority && parse_rfc5424(rest, context, event)) return true;
    if (rest.empty() || !is(rest.front(), k_upper | k_digit)) return false;
    const auto stamp = stamp_at(rest, 0, context.now);
    // With a blank in the time it is another program's, "14 Jun 2005" is Redis'.
    if (!stamp || (is(rest.front(), k_digit) && rest[10] != 'T')) return false;
    event.time = stamp->time;
    return parse_rfc3164(rest.substr(stamp->end), event);
}

} // namespace logs
