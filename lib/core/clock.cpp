// SPDX-License-Identifier: MIT
#include "core/clock.hpp"

#include <fmt/format.h>

#include <charconv>
#include <ctime>

namespace core {
namespace {

std::tm broken_down(Time time, bool local) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    if (local) {
        localtime_r(&seconds, &parts);
    } else {
        gmtime_r(&seconds, &parts);
    }
    return parts;
}

/// Reads exactly `digits` decimal digits at `at` and moves past them; -1 when there are none.
int take_number(std::string_view text, std::size_t& at, std::size_t digits) {
    if (at + digits > text.size()) return -1;
    int value = 0;
    const char* first = text.data() + at;
    auto [end, failure] = std::from_chars(first, first + digits, value);
    if (failure != std::errc{} || end != first + digits || *first == '-') return -1;
    at += digits;
    return value;
}

bool take_char(std::string_view text, std::size_t& at, std::string_view any_of) {
    if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
    ++at;
    return true;
}

std::chrono::nanoseconds take_fraction(std::string_view text, std::size_t& at) {
    std::int64_t nanos = 0;
    std::int64_t unit = 100'000'000;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
        nanos += unit * (text[at] - '0');
        unit /= 10;
        ++at;
    }
    return std::chrono::nanoseconds{nanos};
}

std::optional<std::chrono::minutes> take_offset(std::string_view text, std::size_t& at) {
    if (take_char(text, at, "Zz")) return std::chrono::minutes{0};
    if (at >= text.size()) return std::nullopt;
    const int sign = text[at] == '-' ? -1 : 1;
    if (!take_char(text, at, "+-")) return std::nullopt;
    const int hours = take_number(text, at, 2);
    if (hours < 0 || !take_char(text, at, ":")) return std::nullopt;
    const int minutes = take_number(text, at, 2);
    if (minutes < 0) return std::nullopt;
    return std::chrono::minutes{sign * (hours * 60 + minutes)};
}

} // namespace

std::string format_utc(Time time) {
    const std::tm t = broken_down(time, false);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1,
                       t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string format_local(Time time, Time now) {
    const std::tm t = broken_down(time, true);
    const std::tm today = broken_down(now, true);
    if (t.tm_year == today.tm_year && t.tm_yday == today.tm_yday)
        return fmt::format("{:02}:{:02}", t.tm_hour, t.tm_min);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                       t.tm_hour, t.tm_min);
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    std::size_t at = 0;
    const int year = take_number(text, at, 4);
    if (year < 1 || !take_char(text, at, "-")) return std::nullopt;
    const int month = take_number(text, at, 2);
    if (month < 1 || !take_char(text, at, "-")) return std::nullopt;
    const int day = take_number(text, at, 2);
    if (day < 1 || !take_char(text, at, "Tt ")) return std::nullopt;
    const int hour = take_number(text, at, 2);
    if (hour < 0 || hour > 24 || !take_char(text, at, ":")) return std::nullopt;
    const int minute = take_number(text, at, 2);
    if (minute < 0 || minute > 59 || !take_char(text, at, ":")) return std::nullopt;
    const int second = take_number(text, at, 2);
    if (second < 0 || second > 60) return std::nullopt;
    std::chrono::nanoseconds fraction{0};
    if (take_char(text, at, ".,")) fraction = take_fraction(text, at);
    const auto offset = take_offset(text, at);
    constexpr int k_last_year = 2261; // more nanoseconds than that the clock can't hold
    if (!offset || at != text.size() || year < 1900 || year > k_last_year) return std::nullopt;

    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    const auto since_midnight =
        std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
    return Time{std::chrono::duration_cast<Time::duration>(
        std::chrono::sys_days{date}.time_since_epoch() + since_midnight - *offset + fraction)};
}

} // namespace core
