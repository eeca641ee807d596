// SPDX-License-Identifier: MIT
#include "logs/values.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace logs {
namespace {

using std::size_t;
using std::string_view;

char at(string_view text, size_t i) {
    return i < text.size() ? text[i] : '\0';
}

bool is_at(string_view text, size_t i, unsigned classes) {
    return i < text.size() && is(text[i], classes);
}

/// Whether a word may end before `i`.
bool ends(string_view text, size_t i) {
    return !is_at(text, i, k_word);
}

bool digits(string_view text, size_t from, size_t many) {
    if (from + many > text.size()) return false;
    for (size_t i = from; i < from + many; ++i)
        if (!is(text[i], k_digit)) return false;
    return true;
}

/// "15:22", and what may follow: ":35", ":35.123", ":35,123".
size_t time_end(string_view text, size_t from, bool seconds_needed) {
    if (!digits(text, from, 2) || at(text, from + 2) != ':' || !digits(text, from + 3, 2)) return 0;
    size_t end = from + 5;
    if (at(text, end) != ':' || !digits(text, end + 1, 2)) return seconds_needed ? 0 : end;
    end += 3;
    const char c = at(text, end);
    if ((c == '.' || c == ',' || c == ':') && is_at(text, end + 1, k_digit))
        end += 1 + run_of(text, end + 1, k_digit);
    return end;
}

/// "Z", "+01:00", "-0500".
size_t zone_end(string_view text, size_t from) {
    const char c = at(text, from);
    if (c == 'Z') return from + 1;
    if ((c != '+' && c != '-') || !digits(text, from + 1, 2)) return from;
    if (digits(text, from + 3, 2)) return from + 5;
    if (at(text, from + 3) == ':' && digits(text, from + 4, 2)) return from + 6;
    return from;
}

Value finished(string_view text, size_t end, Kind kind) {
    return end != 0 && ends(text, end) ? Value{end, kind} : Value{};
}

/// "2005-06-14", "2005/06/14 15:22:35.123+02:00", "2005-06-14T15:22Z".
Value iso_date(string_view text, size_t from) {
    if (!digits(text, from, 4) || !digits(text, from + 5, 2) || !digits(text, from + 8, 2))
        return {};
    const auto is_mark = [](char c) { return c == '-' || c == '/'; };
    if (!is_mark(at(text, from + 4)) || !is_mark(at(text, from + 7))) return {};
    size_t end = from + 10;
    const char c = at(text, end);
    if (c == 'T' || c == ' ' || c == '_' || c == '-') {
        if (const auto time = time_end(text, end + 1, false); time != 0) end = zone_end(text, time);
    }
    return finished(text, end, Kind::time);
}

/// "14/Jun/2005:15:22:35 +0200", as access logs have it.
Value clf_date(string_view text, size_t from) {
    if (!digits(text, from, 2) || at(text, from + 2) != '/' || run_of(text, from + 3, k_letter) != 3
        || at(text, from + 6) != '/' || !digits(text, from + 7, 4) || at(text, from + 11) != ':')
        return {};
    auto end = time_end(text, from + 12, true);
    if (end == 0) return {};
    if (at(text, end) == ' ') {
        if (const auto zone = zone_end(text, end + 1); zone > end + 1) end = zone;
    }
    return finished(text, end, Kind::time);
}

Value uuid(string_view text, size_t from) {
    static constexpr std::array<size_t, 5> k_groups{8, 4, 4, 4, 12};
    size_t i = from;
    for (size_t group = 0; group < k_groups.size(); ++group) {
        if (group > 0 && at(text, i++) != '-') return {};
        if (run_of(text.substr(0, std::min(text.size(), i + k_groups[group])), i,
                   k_digit | k_hexadecimal)
            != k_groups[group])
            return {};
        i += k_groups[group];
    }
    return finished(text, i, Kind::uuid);
}

/// "10.0.0.1", "/10.0.0.1:8080", "10.0.0.0/8".
Value ipv4(string_view text, size_t from) {
    size_t i = from;
    if (at(text, i) == '/') ++i;
    if (i > 0 && text[i - 1] == '.') return {};
    for (int part = 0; part < 4; ++part) {
        if (part > 0 && at(text, i++) != '.') return {};
        const auto many = run_of(text, i, k_digit);
        if (many < 1 || many > 3) return {};
        i += many;
    }
    const char c = at(text, i);
    if (c == ':' || c == '/') {
        const auto many = run_of(text, i + 1, k_digit);
        if (many > 0 && ends(text, i + 1 + many)) return {i + 1 + many, Kind::ip};
    }
    return finished(text, i, Kind::ip);
}

Value mac(string_view text, size_t from) {
    size_t i = from;
    for (int part = 0; part < 6; ++part) {
        if (part > 0 && at(text, i++) != ':') return {};
        if (!is_at(text, i, k_digit | k_hexadecimal)
            || !is_at(text, i + 1, k_digit | k_hexadecimal))
            return {};
        i += 2;
    }
    return finished(text, i, Kind::mac);
}

/// Groups of up to four hexadecimal digits, three to seven colons, or a "::" beside a digit.
Value ipv6(string_view text, size_t from) {
    size_t i = from;
    if (at(text, i) == '/') ++i;
    if (i > 0 && text[i - 1] == ':') return {};
    size_t colons = 0;
    bool gap = false;
    bool digit = false;
    while (i < text.size()) {
        const auto many = run_of(text, i, k_digit | k_hexadecimal);
        if (many > 4) return {};
        for (size_t k = i; k < i + many; ++k)
            digit = digit || is(text[k], k_digit);
        i += many;
        if (at(text, i) != ':' || colons == 7) break;
        // A colon that ends the sentence is none of the address.
        if (many > 0 && colons > 0 && !is_at(text, i + 1, k_digit | k_hexadecimal)
            && at(text, i + 1) != ':')
            break;
        gap = gap || at(text, i + 1) == ':';
        ++colons;
        ++i;
    }
    if (colons < 2 || (colons < 3 && !gap) || (gap && !digit)) return {};
    if (at(text, i) == '%') i += 1 + run_of(text, i + 1, k_word);
    return finished(text, i, Kind::ip);
}

bool is_path_letter(char c) {
    static constexpr string_view k_signs{".@%+~#:$*-"};
    return is(c, k_word) || k_signs.find(c) != string_view::npos;
}

/// "/var/log/x", "~/x", "./x", "../x": at least one part.
Value path(string_view text, size_t from) {
    if (from > 0 && (text[from - 1] == '<' || text[from - 1] == '>')) return {};
    size_t i = from;
    if (at(text, i) == '~')
        ++i;
    else
        for (int dots = 0; dots < 2 && at(text, i) == '.'; ++dots)
            ++i;
    size_t parts = 0;
    while (at(text, i) == '/' && i + 1 < text.size() && is_path_letter(text[i + 1])) {
        ++i;
        ++parts;
        while (i < text.size() && is_path_letter(text[i]))
            ++i;
    }
    if (parts == 0) return {};
    if (at(text, i) == '/') ++i;
    return {i, Kind::path};
}

/// "C:\Windows\x".
Value windows_path(string_view text, size_t from) {
    if (!is_at(text, from, k_letter) || at(text, from + 1) != ':' || at(text, from + 2) != '\\')
        return {};
    size_t i = from + 3;
    while (i < text.size() && !is(text[i], k_blank) && text[i] != '"' && text[i] != '|')
        ++i;
    return {i, Kind::path};
}

Value hexadecimal(string_view text, size_t from) {
    if (at(text, from) != '0' || (at(text, from + 1) != 'x' && at(text, from + 1) != 'X'))
        return {};
    const auto many = run_of(text, from + 2, k_digit | k_hexadecimal);
    if (many == 0) return {};
    return finished(text, from + 2 + many, many == 40 ? Kind::address : Kind::hex);
}

struct Unit {
    string_view name{};
    Kind kind = Kind::any;
};

constexpr std::array k_units{Unit{"B", Kind::size},          Unit{"KB", Kind::size},
                             Unit{"MB", Kind::size},         Unit{"GB", Kind::size},
                             Unit{"TB", Kind::size},         Unit{"PB", Kind::size},
                             Unit{"KiB", Kind::size},        Unit{"MiB", Kind::size},
                             Unit{"GiB", Kind::size},        Unit{"TiB", Kind::size},
                             Unit{"PiB", Kind::size},        Unit{"kb", Kind::size},
                             Unit{"mb", Kind::size},         Unit{"gb", Kind::size},
                             Unit{"tb", Kind::size},         Unit{"kB", Kind::size},
                             Unit{"K", Kind::size},          Unit{"M", Kind::size},
                             Unit{"G", Kind::size},          Unit{"T", Kind::size},
                             Unit{"byte", Kind::size},       Unit{"bytes", Kind::size},
                             Unit{"ms", Kind::duration},     Unit{"us", Kind::duration},
                             Unit{"ns", Kind::duration},     Unit{"s", Kind::duration},
                             Unit{"sec", Kind::duration},    Unit{"secs", Kind::duration},
                             Unit{"second", Kind::duration}, Unit{"seconds", Kind::duration},
                             Unit{"min", Kind::duration},    Unit{"mins", Kind::duration},
                             Unit{"minute", Kind::duration}, Unit{"minutes", Kind::duration},
                             Unit{"hour", Kind::duration},   Unit{"hours", Kind::duration},
                             Unit{"day", Kind::duration},    Unit{"days", Kind::duration}};

/// "15 ms", "1,024KB", "3.5 MB/s", "85%".
Value quantity(string_view text, size_t from) {
    if (from > 0 && text[from - 1] == '.') return {};
    size_t i = from;
    while (i < text.size() && (is(text[i], k_digit) || text[i] == ','))
        ++i;
    if (at(text, i) == '.' && is_at(text, i + 1, k_digit)) i += 1 + run_of(text, i + 1, k_digit);
    if (at(text, i) == '%') return {i + 1, Kind::size};
    if (at(text, i) == ' ') ++i;
    const auto many = run_of(text, i, k_letter);
    if (many == 0 || many > 7 || !ends(text, i + many)) return {};
    const auto name = text.substr(i, many);
    const auto* unit = std::ranges::find(k_units, name, &Unit::name);
    if (unit == k_units.end()) return {};
    i += many;
    if (at(text, i) == '/' && at(text, i + 1) == 's' && ends(text, i + 2)) i += 2;
    return {i, unit->kind};
}

Value beginning_with_digit(string_view text, size_t from) {
    if (const auto value = iso_date(text, from)) return value;
    if (const auto value = clf_date(text, from)) return value;
    if (const auto value = finished(text, time_end(text, from, true), Kind::time)) return value;
    if (const auto value = uuid(text, from)) return value;
    if (const auto value = ipv4(text, from)) return value;
    if (const auto value = mac(text, from)) return value;
    if (const auto value = ipv6(text, from)) return value;
    if (const auto value = hexadecimal(text, from)) return value;
    return quantity(text, from);
}

Value beginning_with_letter(string_view text, size_t from) {
    if (at(text, from + 1) == ':' && at(text, from + 2) == '\\') return windows_path(text, from);
    if (!is(text[from], k_hexadecimal)) return {};
    const auto many = run_of(text, from, k_digit | k_hexadecimal);
    const char after = at(text, from + many);
    if (many == 8 && after == '-') return uuid(text, from);
    if (many > 4 || after != ':') return {};
    if (const auto value = mac(text, from)) return value;
    return ipv6(text, from);
}

bool is_one_of(string_view word, std::span<const string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

constexpr std::array<string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<string_view, 7> k_days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/// The year, or the zone and the year, behind a time of day: " 2005", " CEST 2005".
size_t year_end(string_view text, size_t from) {
    size_t i = from;
    const auto is_year = [&](size_t k) {
        return at(text, k) == ' ' && digits(text, k + 1, 4) && ends(text, k + 5);
    };
    if (is_year(i)) return i + 5;
    const auto zone = at(text, i) == ' ' ? run_of(text, i + 1, k_upper) : 0;
    if (zone >= 2 && zone <= 5 && ends(text, i + 1 + zone)) {
        i += 1 + zone;
        return is_year(i) ? i + 5 : i;
    }
    return from;
}

} // namespace

Value value_at(string_view text, size_t from) {
    const char c = text[from];
    if (is(c, k_digit)) return beginning_with_digit(text, from);
    if (is(c, k_letter)) return beginning_with_letter(text, from);
    if (c == '/') {
        if (const auto value = ipv4(text, from)) return value;
        return path(text, from);
    }
    if (c == '~' || c == '.') return path(text, from);
    if (c == ':') return ipv6(text, from);
    return {};
}

Value named_date_at(string_view text, size_t from) {
    size_t i = from;
    if (is_one_of(text.substr(i, 3), k_days)) {
        i += 3;
        if (at(text, i) == ',') ++i;
        if (at(text, i) != ' ') return {};
        ++i;
    }
    if (!is_one_of(text.substr(i, 3), k_months)) return {};
    i += 3;
    const auto blanks = run_of(text, i, k_blank);
    const auto day = run_of(text, i + blanks, k_digit);
    if (blanks == 0 || day < 1 || day > 2) return {};
    i += blanks + day;
    if (at(text, i) == ',') ++i;
    if (at(text, i) != ' ') return {};
    if (const auto end = time_end(text, i + 1, true); end != 0)
        return finished(text, year_end(text, end), Kind::time);
    return digits(text, i + 1, 4) ? finished(text, i + 5, Kind::time) : Value{};
}

} // namespace logs
