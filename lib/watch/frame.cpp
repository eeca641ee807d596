// SPDX-License-Identifier: MIT
#include "watch/frame.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watch {
namespace {

constexpr std::string_view k_begin = "\x1b[?2026h";
constexpr std::string_view k_end = "\x1b[?2026l";
constexpr std::string_view k_plain = "\x1b[0m";

/// Returns how many bytes the colour at the start of `text` takes; 0 when there is none.
std::size_t colour_length(std::string_view text) {
    if (!text.starts_with("\x1b[")) return 0;
    const std::size_t end = text.find('m');
    return end == std::string_view::npos ? text.size() : end + 1;
}

/// The text up to the next colour.
std::string_view plain_part(std::string_view text) {
    return text.substr(0, text.find('\x1b'));
}

} // namespace

std::size_t painted_width(std::string_view line) {
    std::size_t width = 0;
    while (!line.empty()) {
        const std::size_t colour = colour_length(line);
        const auto part = colour > 0 ? std::string_view{} : plain_part(line);
        width += core::display_width(part);
        line.remove_prefix(std::max<std::size_t>(colour + part.size(), 1));
    }
    return width;
}

std::string cut_painted(std::string_view line, std::size_t width, std::string_view ellipsis) {
    if (painted_width(line) <= width) return std::string{line};
    const std::size_t mark = core::display_width(ellipsis);
    std::size_t room = width > mark ? width - mark : width;
    std::string out;
    bool painted = false;
    while (!line.empty()) {
        const std::size_t colour = colour_length(line);
        if (colour > 0) {
            painted = true;
            out += line.substr(0, colour);
            line.remove_prefix(colour);
            continue;
        }
        const auto part = plain_part(line);
        const auto kept = core::cut_end(part, room, "");
        out += kept;
        room -= std::min(room, core::display_width(kept));
        if (kept.size() < part.size()) break;
        line.remove_prefix(std::max<std::size_t>(part.size(), 1));
    }
    if (width > mark) out += ellipsis;
    if (painted) out += k_plain;
    return out;
}

std::string repaint(const Frame& before, const Frame& after) {
    const bool whole = before.size != after.size || before.lines.size() != after.lines.size();
    std::string out;
    for (std::size_t row = 0; row < after.lines.size(); ++row) {
        if (!whole && before.lines[row] == after.lines[row]) continue;
        // Erased before it is written: a full line leaves the cursor on its last column, where an
        // erasure would take the last character away.
        out += fmt::format("\x1b[{};1H\x1b[K{}", row + 1, after.lines[row]);
    }
    if (out.empty() && !whole) return out;
    return fmt::format("{}{}{}\x1b[{};1H{}", k_begin, whole ? "\x1b[0m\x1b[H\x1b[2J" : "", out,
                       std::max<std::size_t>(after.lines.size(), 1), k_end);
}

} // namespace watch
