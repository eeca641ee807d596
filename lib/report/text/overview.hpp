// SPDX-License-Identifier: MIT
#pragma once

#include "report/arrange.hpp"
#include "report/text/style.hpp"

#include <string>

// The parts of a screen, from top to bottom. Every returned line is ended.

namespace report::text {

/// How wide the column of names is, for problems and groups alike, so that all messages of a screen
/// begin below each other.
[[nodiscard]] std::size_t name_column(const Report& report, const Style& style);

/// Returns "gallery · 14 services on 1 host · 08:05 CET · 1.1 s        CRITICAL": the one place
/// that names the zone of the screen's times.
[[nodiscard]] std::string first_line(const Report& report, const Style& style);

/// Returns a problem as a block: what is measured, evidence, what follows from it, the next step,
/// who is responsible.
[[nodiscard]] std::string problem_block(const Problem& problem, std::size_t column,
                                        const Style& style);

/// Returns the line that says why a report without any judgement is unknown; else nothing.
[[nodiscard]] std::string nothing_checked(const Report& report, std::size_t column,
                                          const Style& style);

/// Returns a group as one line of figures, or nothing when its problems have said all.
[[nodiscard]] std::string group_line(const Group& group, std::size_t column, const Style& style);

/// Returns a group with each of its findings on a line of its own.
[[nodiscard]] std::string group_opened(const Group& group, const Report& report,
                                       const Style& style);

/// Returns the counts, and the exit code at the right edge.
[[nodiscard]] std::string last_line(const Report& report, const Style& style);

} // namespace report::text
