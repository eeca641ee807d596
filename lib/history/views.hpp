// SPDX-License-Identifier: MIT
#pragma once

#include "history/compare.hpp"
#include "history/store.hpp"
#include "report/report.hpp"

#include <vector>

// What the command `history` shows, as the report's generic blocks.

namespace history {

/// Block "runs": index, run, verdict, critical, warning, unknown, ok; and block "origins": index,
/// project, host, command, started, seconds, part, tool. The index is what `pick_run` takes, and a
/// run's id begins with its time; the origins are shown without -v only where they differ.
[[nodiscard]] std::vector<report::Block> runs_blocks(const std::vector<Run>& runs);

/// Block "changes": change, finding, before, after, message.
[[nodiscard]] report::Block changes_block(const std::vector<Difference>& differences);

/// Block "compared" with the ids of the two runs, shown with -v.
[[nodiscard]] report::Block compared_block(const Run& before, const Run& after);

/// Returns "2 worse, 1 new, 1 better, 0 gone, 12 not seen in both": the last only where there are
/// any.
[[nodiscard]] std::string count_changes(const std::vector<Difference>& differences);

/// Block "series" with the figures, where there are any, and "points": time, verdict, value, unit,
/// message.
[[nodiscard]] std::vector<report::Block> trend_blocks(std::string_view id, const Trend& trend);

/// A finding that says what was done with the history; its verdict is ok.
[[nodiscard]] core::Finding told(std::string_view id, std::string message, std::string brief);

/// A finding for a history that could not be used; its verdict is unknown.
[[nodiscard]] core::Finding failed(const core::Error& error);

/// Returns "212 runs since 2026-01-05, 12.3 MiB".
[[nodiscard]] std::string describe(const Totals& totals);

} // namespace history
