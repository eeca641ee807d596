// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "commands/memory.hpp"
#include "config/config.hpp"
#include "core/deadline.hpp"
#include "facts/observations.hpp"
#include "health/narrow.hpp"
#include "probe/gather.hpp"
#include "report/report.hpp"

namespace commands {

/// Returns how long one look may take without --deadline: two probes one after the other (the
/// Engine's, then those discovered by it) and some time to judge.
[[nodiscard]] core::Duration default_deadline(const cli::GlobalOptions& options);

/// A look at the gallery: what was seen, and the report about it.
struct Look {
    report::Report report{};
    probe::Gathered gathered{};
};

/// Looks, recalls what earlier runs saw where there is a `memory`, and starts the report with how
/// long that took; nothing is judged yet.
[[nodiscard]] Look observe(const cli::Context& context, const config::Config& config,
                           probe::GatherOptions options, Memory* memory = nullptr);

/// Judges what was seen, explains it and says who acts: all of a report but the run itself.
void judge(report::Report& report, const config::Config& config, const facts::Observations& seen,
           const cli::GlobalOptions& asked, health::Unfit unfit = health::Unfit::refuse);

/// A finished run, with what it takes to tell others of it.
struct Finished {
    report::Report report{};
    config::Config config{}; ///< with everything that was discovered
};

/// Looks once, judges, and writes the run into the history.
[[nodiscard]] Finished look(const cli::Context& context, const config::Config& config);

/// Looks again and again until all is well, `wait` or the command's deadline is over, or the run is
/// stopped; the last look that the deadline did not cut short is the report, and the one that is
/// written into the history. What is still awaited is shown as progress.
[[nodiscard]] Finished wait_until_well(const cli::Context& context, const config::Config& config,
                                       core::Duration wait);

} // namespace commands
