// SPDX-License-Identifier: MIT
#include "report/text/layout.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace report::text {
namespace {

/// Stands for a blank that holds together what is on both sides; clean text has no such character.
constexpr char k_glue = '\x1f';

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "91.2 %", "84 MiB", "5.0 s", "511.8 of 512 MiB": what follows a figure and belongs to it.
bool belongs_to_figure(std::string_view before, std::string_view word) {
    if (before.empty() || !is_digit(before.back())) return false;
    constexpr std::size_t k_longest_unit = 4;
    std::string_view bare = word;
    while (!bare.empty() && (bare.back() == ',' || bare.back() == ';' || bare.back() == ')'))
        bare.remove_suffix(1);
    if (bare == "%" || bare == "of") return true;
    const auto is_letter = [](unsigned char c) { return c >= 0x80 || std::isalpha(c) != 0; };
    return !bare.empty() && bare.size() <= k_longest_unit && std::ranges::all_of(bare, is_letter);
}

bool is_separator(std::string_view word) {
    return word == "·" || word == "-" || word == "–" || word == "|";
}

/// The pieces between which a line may be broken.
std::vector<std::string> unbreakable(std::string_view text) {
    std::vector<std::string> pieces;
    std::string_view before;
    for (const auto word : core::split(text, ' ')) {
        const bool after_of = before == "of" && !word.empty() && is_digit(word.front());
        const bool stays = belongs_to_figure(before, word) || is_separator(word) || after_of;
        if (stays && !pieces.empty()) {
            pieces.back() += ' ';
            pieces.back() += word;
        } else {
            pieces.emplace_back(word);
        }
        before = word;
    }
    for (auto& piece : pieces)
        std::ranges::replace(piece, k_glue, ' ');
    return pieces;
}

/// Splits a piece that no line can hold.
std::vector<std::string> chop(std::string_view piece, std::size_t width) {
    std::vector<std::string> parts;
    while (core::display_width(piece) > width) {
        std::string part = core::cut_end(piece, width, "");
        if (part.empty()) break; // a wide character in a single column
        piece.remove_prefix(part.size());
        parts.push_back(std::move(part));
    }
    parts.emplace_back(piece);
    return parts;
}

} // namespace

std::string pad(std::string_view text, std::size_t width) {
    const std::size_t used = core::display_width(text);
    return std::string{text} + std::string(width > used ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
    const std::size_t used = core::display_width(text);
    return std::string(width > used ? width - used : 0, ' ') + std::string{text};
}

std::string glue(std::string_view text, std::size_t width) {
    std::string glued{text};
    if (core::display_width(text) <= width) std::ranges::replace(glued, ' ', k_glue);
    return glued;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    width = std::max<std::size_t>(width, 2);
    std::vector<std::string> lines;
    std::string line;
    const auto flush = [&] {
        if (!line.empty()) lines.push_back(line);
        line.clear();
    };
    for (const auto& piece : unbreakable(text)) {
        const std::size_t needed = core::display_width(piece) + (line.empty() ? 0 : 1);
        if (core::display_width(line) + needed > width) flush();
        if (!line.empty()) line += ' ';
        auto parts = chop(piece, width);
        for (std::size_t i = 0; i + 1 < parts.size(); ++i)
            lines.push_back(parts[i]);
        line += parts.back();
    }
    flush();
    if (lines.empty()) lines.emplace_back();
    return lines;
}

std::string cut_words(std::string_view text, std::size_t width, std::string_view ellipsis) {
    if (core::display_width(text) <= width) return std::string{text};
    const std::string mark = " " + std::string{ellipsis};
    const std::size_t mark_width = core::display_width(mark);
    std::string kept;
    for (const auto& piece : unbreakable(text)) {
        const std::string longer = kept.empty() ? piece : kept + " " + piece;
        if (core::display_width(longer) + mark_width > width) break;
        kept = longer;
    }
    // A first word wider than the line is a name or a path; there is no blank to cut at.
    if (kept.empty()) return core::cut_end(text, width, ellipsis);
    return kept + mark;
}

std::string join_fitting(const std::vector<std::string>& parts, std::string_view separator,
                         std::size_t width, std::string_view ellipsis) {
    std::string all = core::join(parts, separator);
    if (core::display_width(all) <= width) return all;
    std::string best = cut_words(parts.front(), width, ellipsis);
    std::string kept;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        kept += parts[i] + std::string{separator};
        std::string candidate = kept + fmt::format("{} more", parts.size() - i - 1);
        if (core::display_width(candidate) > width) break;
        best = std::move(candidate);
    }
    return best;
}

std::string with_right_edge(std::string_view left, std::string_view right, std::size_t width) {
    if (right.empty()) return std::string{left};
    const std::size_t used = core::display_width(left) + core::display_width(right);
    if (used + 2 > width) return std::string{left} + "\n" + pad_left(right, width);
    return std::string{left} + std::string(width - used, ' ') + std::string{right};
}

} // namespace report::text
