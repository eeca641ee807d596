// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"

#include <string>
#include <string_view>

namespace report::html {

/// Returns `text` so that it is nothing but text in HTML, in an element or in an attribute; what a
/// terminal would act on or hide is shown. Ends of lines are kept.
[[nodiscard]] std::string escape(std::string_view text);

/// Returns a plot of the series as SVG (SVG 1.1, inline in HTML 5) with its least and greatest
/// value and its first and last time; empty without a finite value. Where a value is not finite the
/// line has a gap.
[[nodiscard]] std::string plot(const Series& series, std::string_view title);

} // namespace report::html
