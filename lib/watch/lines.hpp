// SPDX-License-Identifier: MIT
#pragma once

#include "report/render.hpp"
#include "watch/change.hpp"

#include <string>

// A watch in a pipe: one line a change. Every returned line is ended.

namespace watch {

/// Returns a moment as lines show it, in the local zone: "2026-01-05 08:05:12 CET".
[[nodiscard]] std::string full_time(core::Time time);

/// Returns the same without date and zone: "08:05:12".
[[nodiscard]] std::string clock_time(core::Time time);

/// Returns what a change says after its kind and verdict: "api: no answer in 2 s (was warning for
/// 3 min)". Clean text, in the charset of `options`.
[[nodiscard]] std::string change_text(const Change& change, core::Time now,
                                      const report::RenderOptions& options);

/// Returns "2026-01-05 08:05:12 CET  new       critical  api: no answer in 2 s".
[[nodiscard]] std::string change_line(const Change& change, core::Time now,
                                      const report::RenderOptions& options);

/// Returns "2026-01-05 08:05:12 CET  verdict   critical  gallery: 1 critical (3 follow from it) ·
/// …".
[[nodiscard]] std::string verdict_line(const report::Report& report, core::Time now,
                                       const report::RenderOptions& options);

/// Returns the same as a JSON object on one line: {"type": "change", "change": "new", …} with all
/// fields of the finding.
[[nodiscard]] std::string change_json(const Change& change, const report::Report& report,
                                      core::Time now, const report::RenderOptions& options);

/// Returns {"type": "summary", …}: everything of the report but findings and details.
[[nodiscard]] std::string verdict_json(const report::Report& report, core::Time now,
                                       const report::RenderOptions& options);

} // namespace watch
