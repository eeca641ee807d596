// SPDX-License-Identifier: MIT
#pragma once

#include "cli/options.hpp"
#include "report/render.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace cli {

/// Everything of the process that a run depends on; a parameter, so that tests bring their own.
struct Surroundings {
    std::function<std::optional<std::string>(const std::string&)> env{};
    int in = 0; ///< file descriptors
    int out = 1;
    int err = 2;
};

[[nodiscard]] Surroundings process_surroundings();

/// What a descriptor is: whether it is a terminal, and how many columns and rows it says that it
/// has (0: not known).
struct Terminal {
    bool is_terminal = false;
    std::size_t columns = 0;
    std::size_t rows = 0;
};

[[nodiscard]] Terminal terminal_of(int descriptor);

/// Returns the width to render for: the terminal's, else $COLUMNS, else 80; kept within 40 to 200,
/// since longer lines are not read faster.
[[nodiscard]] std::size_t choose_width(const Terminal& terminal, const Surroundings& around);

/// Returns whether the locale's character set is UTF-8, by LC_ALL, LC_CTYPE and LANG in the order
/// of POSIX (XBD 8.2).
[[nodiscard]] report::Charset choose_charset(const Surroundings& around);

/// Returns whether to colour: as `mode` says, and when it leaves it open on a terminal that is not
/// "dumb" unless $NO_COLOR is set (no-color.org).
[[nodiscard]] report::Colour choose_colour(ColourMode mode, const Terminal& terminal,
                                           const Surroundings& around);

} // namespace cli
