// SPDX-License-Identifier: MIT
#include "logs/stamp.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace logs {
namespace {

using namespace std::chrono;
using std::size_t;
using std::string_view;

/// Reads a stamp from left to right; once something does not fit it stays failed.
class Reader {
  public:
    Reader(string_view text, size_t at) : m_text(text), m_at(at) {}

    [[nodiscard]] bool failed() const { return m_failed; }

    [[nodiscard]] size_t at() const { return m_at; }

    [[nodiscard]] char peek(size_t ahead = 0) const {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
    }

    void skip(size_t many = 1) { m_at += many; }

    bool take(char c) {
        if (peek() != c) return false;
        ++m_at;
        return true;
    }

    void need(char c) { m_failed = m_failed || !take(c); }

    /// A number of exactly `many` digits.
    int number(int many) {
        int value = 0;
        for (int i = 0; i < many; ++i) {
            if (!is(peek(), k_digit)) {
                m_failed = true;
                return 0;
            }
            value = value * 10 + (peek() - '0');
            ++m_at;
        }
        return value;
    }

    /// "4", "14", or " 4" as RFC 3164 pads it.
    int day() {
        take(' ');
        const int many = is(peek(1), k_digit) ? 2 : 1;
        return number(many);
    }

    /// "Jan" … "Dec" as 1 … 12.
    unsigned month() {
        static constexpr std::array<string_view, 12> k_names{
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        for (unsigned i = 0; i < k_names.size(); ++i) {
            if (m_text.substr(m_at, 3) != k_names.at(i)) continue;
            m_at += 3;
            return i + 1;
        }
        m_failed = true;
        return 0;
    }

    /// "15:22:35", with a fraction behind a dot or a comma.
    nanoseconds time_of_day() {
        const int hour = number(2);
        need(':');
        const int minute = number(2);
        need(':');
        const int second = number(2);
        // A leap second is the last of its minute.
        m_failed = m_failed || hour > 23 || minute > 59 || second > 60;
        return hours{hour} + minutes{minute} + seconds{std::min(second, 59)} + fraction();
    }

    /// "Z", "+02:00", "-0500", " +0200", " UTC", " CEST": how far ahead of UTC.
    minutes zone() {
        const auto before = m_at;
        take(' ');
        if (take('Z') || named_zone()) return minutes{0};
        const char sign = peek();
        if ((sign != '+' && sign != '-') || !is(peek(1), k_digit) || !is(peek(2), k_digit)) {
            m_at = before;
            return minutes{0};
        }
        ++m_at;
        const int hour = number(2);
        take(':');
        const int minute = is(peek(), k_digit) ? number(2) : 0;
        const auto ahead = hours{hour} + minutes{minute};
        return sign == '+' ? ahead : -ahead;
    }

  private:
    nanoseconds fraction() {
        if ((peek() != '.' && peek() != ',') || !is(peek(1), k_digit)) return nanoseconds{0};
        ++m_at;
        std::int64_t value = 0;
        std::int64_t unit = 1'000'000'000;
        while (is(peek(), k_digit)) {
            if (unit > 1) {
                value = value * 10 + (peek() - '0');
                unit /= 10;
            }
            ++m_at;
        }
        return nanoseconds{value * unit};
    }

    /// Zones that mean UTC. Other names mean several zones each, and are not taken.
    bool named_zone() {
        for (const string_view name : {"UTC", "GMT"}) {
            if (m_text.substr(m_at, 3) != name) continue;
            m_at += 3;
            return true;
        }
        return false;
    }

    string_view m_text;
    size_t m_at;
    bool m_failed = false;
};

std::optional<Stamp> made(const Reader& reader, int year, unsigned month, int day, nanoseconds time,
                          minutes zone) {
    const year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (reader.failed() || !date.ok() || year < 1970 || year > 2200) return std::nullopt;
    const auto moment = sys_days{date} + time - zone;
    return Stamp{time_point_cast<core::Time::duration>(moment), reader.at()};
}

std::optional<Stamp> iso(string_view text, size_t at) {
    Reader reader{text, at};
    const int year = reader.number(4);
    const char mark = reader.peek();
    if (mark != '-' && mark != '/') return std::nullopt;
    reader.skip();
    const int month = reader.number(2);
    reader.need(mark);
    const int day = reader.number(2);
    if (!reader.take('T')) reader.need(' ');
    const auto time = reader.time_of_day();
    const auto zone = reader.zone();
    return made(reader, year, static_cast<unsigned>(month), day, time, zone);
}

/// "14/Jun/2005:15:22:35 +0200", "14 Jun 2005 15:22:35.123".
std::optional<Stamp> day_first(string_view text, size_t at) {
    Reader reader{text, at};
    const int day = reader.number(2);
    const char mark = reader.peek();
    if (mark != '/' && mark != ' ') return std::nullopt;
    reader.skip();
    const auto month = reader.month();
    reader.need(mark);
    const int year = reader.number(4);
    reader.need(mark == '/' ? ':' : ' ');
    const auto time = reader.time_of_day();
    const auto zone = mark == '/' ? reader.zone() : minutes{0};
    return made(reader, year, month, day, time, zone);
}

/// "Jun 14 15:22:35", "Tue Jun 14 15:22:35.123 2005".
std::optional<Stamp> month_first(string_view text, size_t at, core::Time now) {
    Reader reader{text, at};
    if (reader.peek(3) == ' ' && is(reader.peek(4), k_upper)) reader.skip(4);
    const auto month = reader.month();
    reader.need(' ');
    const int day = reader.day();
    reader.need(' ');
    const auto time = reader.time_of_day();
    if (reader.failed()) return std::nullopt;
    if (reader.peek() == ' ' && is(reader.peek(1), k_digit)) {
        Reader with_year = reader;
        with_year.skip();
        const int year = with_year.number(4);
        if (!with_year.failed() && !is(with_year.peek(), k_word))
            return made(with_year, year, month, day, time, minutes{0});
    }
    const int year{static_cast<int>(year_month_day{floor<days>(now)}.year())};
    auto stamp = made(reader, year, month, day, time, minutes{0});
    if (!stamp || stamp->time > now + days{1})
        stamp = made(reader, year - 1, month, day, time, minutes{0});
    return stamp;
}

} // namespace

std::optional<Stamp> stamp_at(string_view text, size_t at, core::Time now) {
    if (at + 14 > text.size()) return std::nullopt;
    if (is(text[at], k_upper)) return month_first(text, at, now);
    if (!is(text[at], k_digit)) return std::nullopt;
    return is(text[at + 2], k_digit) ? iso(text, at) : day_first(text, at);
}

std::optional<core::Time> time_of_number(double number) {
    constexpr double k_from = 946684800;  // 2000
    constexpr double k_to = 4102444800.0; // 2100
    for (const double unit : {1.0, 1e3, 1e6, 1e9}) {
        const double value = number / unit;
        if (value < k_from || value >= k_to) continue;
        return core::Time{duration_cast<core::Time::duration>(duration<double>{value})};
    }
    return std::nullopt;
}

} // namespace logs
