// SPDX-License-Identifier: MIT
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <iterator>

namespace core {
namespace {

struct Decoded {
    char32_t code = 0xFFFD;
    std::size_t length = 1;
    bool valid = false;
};

/// Decodes one UTF-8 sequence (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
Decoded decode(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || lead > 0xF4 || at + length > text.size()) return {};
    char32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[at + i]);
        if ((next & 0xC0U) != 0x80) return {};
        code = (code << 6U) | (next & 0x3FU);
    }
    constexpr std::array<char32_t, 5> k_least{0, 0, 0x80, 0x800, 0x10000};
    if (code < k_least.at(length) || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return {};
    return {code, length, true};
}

struct Range {
    char32_t first = 0;
    char32_t last = 0;
};

template <std::size_t N>
bool in_ranges(char32_t code, const std::array<Range, N>& ranges) {
    return std::ranges::any_of(ranges,
                               [code](Range r) { return code >= r.first && code <= r.last; });
}

/// Invisible characters that can change how a line reads: bidi controls, zero-width and tag
/// characters, line and paragraph separators, the byte order mark.
constexpr std::array<Range, 9> k_invisible{{{0x00AD, 0x00AD},
                                            {0x061C, 0x061C},
                                            {0x180E, 0x180E},
                                            {0x200B, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFF9, 0xFFFB},
                                            {0xE0000, 0xE007F}}};

constexpr std::array<Range, 8> k_combining{{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x0610, 0x061A},
                                            {0x064B, 0x065F},
                                            {0x1AB0, 0x1AFF},
                                            {0x20D0, 0x20F0},
                                            {0xFE00, 0xFE2F}}};

/// All of W and F, sorted; what is not assigned yet goes with its neighbours.
constexpr std::array<Range, 81> k_wide{
    {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
     {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
     {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
     {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
     {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
     {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
     {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
     {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
     {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
     {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},   {0xA960, 0xA97C},
     {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},
     {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x1B2FB}, {0x1F004, 0x1F004},
     {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320},
     {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA},
     {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
     {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E},
     {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4},
     {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
     {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
     {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF},
     {0x20000, 0x3FFFD}}};

bool is_wide(char32_t code) {
    const auto behind = std::ranges::upper_bound(k_wide, code, {}, &Range::first);
    return behind != k_wide.begin() && code <= std::prev(behind)->last;
}

std::size_t columns(char32_t code) {
    if (code >= 0x20 && code < 0x7F) return 1;
    if (code < 0x20 || in_ranges(code, k_combining) || in_ranges(code, k_invisible)) return 0;
    return is_wide(code) ? 2 : 1;
}

std::string head(std::string_view text, std::size_t width) {
    std::string out;
    std::size_t used = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = decode(text, at);
        if (used + columns(c.code) > width) break;
        used += columns(c.code);
        out += text.substr(at, c.length);
        at += c.length;
    }
    return out;
}

std::string tail(std::string_view text, std::size_t width) {
    std::size_t skip = display_width(text);
    std::size_t at = 0;
    while (at < text.size() && skip > width) {
        const auto c = decode(text, at);
        skip -= std::min(skip, columns(c.code));
        at += c.length;
    }
    return std::string{text.substr(at)};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above + 1, row[j - 1] + 1, change});
            diagonal = above;
        }
    }
    return row.back();
}

} // namespace

std::string printable(std::string_view text, NewLines new_lines) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto c = decode(text, at);
        if (!c.valid) {
            out += "\xEF\xBF\xBD";
        } else if (c.code == '\n' && new_lines == NewLines::keep) {
            out += '\n';
        } else if (c.code == '\t') {
            out += ' ';
        } else if (c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0)) {
            out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(c.code));
        } else if (in_ranges(c.code, k_invisible)) {
            out += fmt::format("\\u{{{:04x}}}", static_cast<std::uint32_t>(c.code));
        } else {
            out += text.substr(at, c.length);
        }
        at += c.length;
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = decode(text, at);
        width += columns(c.code);
        at += c.length;
    }
    return width;
}

std::string cut_end(std::string_view text, std::size_t width, std::string_view ellipsis) {
    if (display_width(text) <= width) return std::string{text};
    const std::size_t mark = display_width(ellipsis);
    if (width <= mark) return head(text, width);
    return head(text, width - mark) + std::string{ellipsis};
}

std::string cut_middle(std::string_view text, std::size_t width, std::string_view ellipsis) {
    if (display_width(text) <= width) return std::string{text};
    const std::size_t mark = display_width(ellipsis);
    if (width <= mark + 1) return cut_end(text, width, ellipsis);
    const std::size_t right = (width - mark) / 2;
    return head(text, width - mark - right) + std::string{ellipsis} + tail(text, right);
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        const std::size_t distance = edit_distance(to_lower(word), to_lower(candidate));
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string>& candidates) {
    const std::vector<std::string_view> views(candidates.begin(), candidates.end());
    return nearest(word, std::span<const std::string_view>{views});
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) break;
        text.remove_prefix(at + 1);
    }
    return parts;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view k_blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(k_blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(k_blank) - first + 1);
}

std::string to_lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](unsigned char c) {
        return static_cast<char>(c < 0x80 ? std::tolower(c) : c);
    });
    return out;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts.begin(), parts.end(), separator));
}

} // namespace core
