// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "commands/logs/review.hpp"
#include "config/config.hpp"

namespace commands {

/// Shows what the logs of the last quarter of an hour, or of --since, come to, until it is told to
/// stop. Returns the exit code. Throws core::UsageError for options that say nothing with --follow.
[[nodiscard]] int follow_logs(const cli::Context& context, const LogsOptions& options,
                              const config::Config& config);

} // namespace commands
