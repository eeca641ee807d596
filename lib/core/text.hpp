// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Returns `text` as it may reach a terminal or a file: invalid UTF-8 becomes U+FFFD; control
/// characters, terminal escapes, bidirectional marks and other invisible format characters become
/// a visible `\xNN` or `\u{NNNN}`; a tab becomes a blank. New lines are kept only on request.
enum class NewLines { escape, keep };
[[nodiscard]] std::string printable(std::string_view text, NewLines new_lines = NewLines::escape);

/// Returns how many terminal columns `text` takes (wide East Asian characters take two, combining
/// ones none). Source of the ranges: Unicode 15, EastAsianWidth.txt.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Returns `text` cut to at most `width` columns, "…" at the end where something was cut.
[[nodiscard]] std::string cut_end(std::string_view text, std::size_t width,
                                  std::string_view ellipsis = "…");

/// Returns `text` cut in its middle to at most `width` columns: for names.
[[nodiscard]] std::string cut_middle(std::string_view text, std::size_t width,
                                     std::string_view ellipsis = "…");

/// Returns the candidate nearest to `word` by edit distance, or nothing when none is near (more
/// than a third of the word would have to change).
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      const std::vector<std::string>& candidates);

/// Returns the parts of `text` between `separator`s; no part for an empty text.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Returns `text` without blanks, tabs and line ends at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// Returns `text` in lower case (ASCII only).
[[nodiscard]] std::string to_lower(std::string_view text);

/// Returns the parts joined by `separator`.
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

} // namespace core
