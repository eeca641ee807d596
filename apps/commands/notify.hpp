// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "commands/look.hpp"
#include "config/config.hpp"

namespace commands {

/// Refuses targets of --notify that the configuration does not have. Throws core::UsageError.
void check_notify(const cli::GlobalOptions& options, const config::Config& config);

/// Tells those of --notify about the run that ended with `exit_code`. What did not get through is
/// said on standard error and changes no exit code. Nobody is told of a run that was interrupted.
void notify_of(const cli::Context& context, const Finished& run, int exit_code);

} // namespace commands
