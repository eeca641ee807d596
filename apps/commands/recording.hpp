// SPDX-License-Identifier: MIT
#pragma once

#include "probe/gather.hpp"
#include "record/recording.hpp"
#include "report/report.hpp"

namespace commands {

/// Returns what a look has seen and what its report says of the run, to be kept.
[[nodiscard]] record::Recording recording_of(const report::Report& report,
                                             const probe::Gathered& gathered);

/// Returns a report that says of the run what the recorded one said, still without findings.
[[nodiscard]] report::Report report_of(const record::Head& head);

} // namespace commands
