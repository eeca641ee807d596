// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"
#include "report/text/style.hpp"

#include <string>

namespace report::text {

/// Returns a block of details with its title, every line ended, none wider than the style's width.
/// Empty for a block that has nothing to show.
[[nodiscard]] std::string block(const Block& block, const Style& style);

/// Returns a table: numbers to the right and aligned on their decimals, text to the left; where it
/// is too wide the widest texts are cut in their middle, never a figure, and then whole columns are
/// left out from the right.
[[nodiscard]] std::string table(const Table& table, const Style& style);

/// Returns the last `width` points as bars between the least and the greatest of them.
[[nodiscard]] std::string sparkline(const Series& series, std::size_t width, const Style& style);

} // namespace report::text
