// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watch {

struct Size {
    std::size_t columns = 80;
    std::size_t rows = 24;

    bool operator==(const Size&) const = default;
};

/// What stands on the screen: as many lines as it has rows, none wider than its columns.
struct Frame {
    Size size{};
    std::vector<std::string> lines{};

    bool operator==(const Frame&) const = default;
};

/// Returns `line`, which may hold colours (ESC [ … m), cut to `width` columns; colours are ended.
[[nodiscard]] std::string cut_painted(std::string_view line, std::size_t width,
                                      std::string_view ellipsis);

/// Returns the columns that a line with colours takes.
[[nodiscard]] std::size_t painted_width(std::string_view line);

/// Returns what has to be written to a terminal that shows `before` so that it shows `after`: only
/// the lines that differ, as one synchronised update (terminals that do not know the mode ignore
/// it). Empty when nothing differs. A frame of another size, or an empty one, is replaced whole.
[[nodiscard]] std::string repaint(const Frame& before, const Frame& after);

} // namespace watch
