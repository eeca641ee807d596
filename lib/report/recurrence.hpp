// SPDX-License-Identifier: MIT
#pragma once

#include "facts/past.hpp"
#include "report/report.hpp"

namespace report {

/// Says of every problem how often it has come up lately, and since when it has its verdict without
/// interruption where the finding does not know better itself. Annotation: it changes no verdict.
///
/// "Since" is the start of the first run of an unbroken row that saw this verdict, so it is as
/// exact as runs are frequent. A problem that was worse or less bad in between is one trouble, not
/// two; a trouble has ended when a run saw it well, skipped or gone.
void note_recurrence(Report& report, const facts::Past& past);

/// Returns "4th time in 7 days"; empty for a first time.
[[nodiscard]] std::string recurrence_text(const core::Finding& finding);

} // namespace report
