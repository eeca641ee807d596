// SPDX-License-Identifier: MIT
#pragma once

#include "report/text/style.hpp"
#include "watch/screen.hpp"

#include <string>
#include <vector>

namespace watch {

/// The scrolled part of a screen, all of it, and what can be selected in it.
struct Body {
    std::vector<std::string> lines{};
    std::vector<Item> items{};
};

/// Returns the report as the view wants it: filtered, sorted, with a gutter for the selection.
[[nodiscard]] Body report_body(const Scene& scene, const View& view,
                               const report::text::Style& style, core::Time now);

/// Returns the explanation of a check, or the keys.
[[nodiscard]] Body text_body(std::string_view text, const report::text::Style& style);
[[nodiscard]] Body help_body(const report::text::Style& style);

/// How many columns the gutter takes.
inline constexpr std::size_t k_gutter = 2;

} // namespace watch
