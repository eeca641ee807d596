// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Laying out lines of clean text (style.hpp). All widths are terminal columns.

namespace report::text {

/// Returns `text` followed by blanks up to `width` columns, or unchanged when it is wider.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

/// Returns `text` preceded by blanks up to `width` columns.
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t width);

/// Returns `text` with its blanks turned into ones that `wrap` does not break at, unless it is
/// wider than `width`.
[[nodiscard]] std::string glue(std::string_view text, std::size_t width);

/// Returns the lines of `text`, none wider than `width`: broken at blanks, but neither between a
/// figure and its unit nor before a separator; a word that is wider than a line is broken anywhere.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// Returns `text` cut to `width` at a blank, so that no figure is cut, with `ellipsis` at the
/// end.
[[nodiscard]] std::string cut_words(std::string_view text, std::size_t width,
                                    std::string_view ellipsis);

/// Returns as many of `parts`, joined by `separator`, as fit into `width`, then how many are left
/// out ("9 more"). When not even one fits, the first is cut at a blank.
[[nodiscard]] std::string join_fitting(const std::vector<std::string>& parts,
                                       std::string_view separator, std::size_t width,
                                       std::string_view ellipsis);

/// A line with something at its right edge; `right` goes to a line of its own when there is no room
/// for both.
[[nodiscard]] std::string with_right_edge(std::string_view left, std::string_view right,
                                          std::size_t width);

} // namespace report::text
