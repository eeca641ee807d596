// SPDX-License-Identifier: MIT
#include "report/text/style.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <array>

namespace report::text {
namespace {

/// What people write beyond ASCII and how it reads without; anything else becomes "?".
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> k_plain{
    {{"·", "-"},  {"…", "..."}, {"–", "-"}, {"—", "-"},  {"→", "->"},     {"←", "<-"}, {"≥", ">="},
     {"≤", "<="}, {"×", "x"},   {"µ", "u"}, {"±", "+-"}, {"°", " deg"},   {"‘", "'"},  {"’", "'"},
     {"“", "\""}, {"”", "\""},  {"✗", "X"}, {"✓", "+"},  {"\u00A0", " "}, {"│", "|"},  {"└", "`"}}};

std::size_t sequence_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

std::string to_ascii(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text[at]);
        const auto character = text.substr(at, length);
        at += length;
        if (length == 1) {
            out += character;
            continue;
        }
        std::string_view plain = "?";
        for (const auto& [fancy, replacement] : k_plain) {
            if (fancy == character) plain = replacement;
        }
        out += plain;
    }
    return out;
}

std::string_view colour_code(core::Verdict verdict) {
    switch (verdict) {
    case core::Verdict::critical:
        return "1;31";
    case core::Verdict::warning:
        return "33"; // not bold: many terminals make that bright, which can't be read on white
    case core::Verdict::ok:
        return "32";
    case core::Verdict::skipped:
        return "2";
    case core::Verdict::unknown:
        break;
    }
    return "1;35";
}

} // namespace

std::string Style::clean(std::string_view raw) const {
    std::string text = core::printable(raw);
    return utf8() ? text : to_ascii(text);
}

std::vector<std::string> Style::clean_lines(std::string_view raw) const {
    std::vector<std::string> lines;
    for (const auto line : core::split(raw, '\n')) {
        // Windows line ends are no escape that a person must see.
        lines.push_back(clean(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line));
    }
    while (!lines.empty() && core::trim(lines.back()).empty())
        lines.pop_back();
    return lines;
}

std::string Style::mark(core::Verdict verdict) const {
    switch (verdict) {
    case core::Verdict::critical:
        return painted(pick("✗", "X"), verdict);
    case core::Verdict::warning:
        return painted("!", verdict);
    case core::Verdict::ok:
        return painted(pick("✓", "+"), verdict);
    case core::Verdict::skipped:
        return painted(pick("–", "-"), verdict);
    case core::Verdict::unknown:
        break;
    }
    return painted("?", verdict);
}

std::string Style::painted(std::string_view word, core::Verdict verdict) const {
    if (m_options.colour == Colour::off) return std::string{word};
    return fmt::format("\x1b[{}m{}\x1b[0m", colour_code(verdict), word);
}

std::string Style::dimmed(std::string_view line) const {
    if (m_options.colour == Colour::off || line.empty()) return std::string{line};
    return fmt::format("\x1b[2m{}\x1b[0m", line);
}

std::string_view Style::spark(std::size_t level) const {
    constexpr std::array<std::string_view, 8> k_bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    constexpr std::array<std::string_view, 8> k_ascii{"_", ".", ":", "-", "=", "+", "*", "#"};
    return utf8() ? k_bars.at(level) : k_ascii.at(level);
}

} // namespace report::text
