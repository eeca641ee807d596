// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "config/config.hpp"
#include "probe/gather.hpp"
#include "report/explain.hpp"

namespace commands {

/// Reads the configuration that applies, with the Engine of this host where it names none. Throws
/// ConfigError.
[[nodiscard]] config::Config load_config(const cli::GlobalOptions& options);

/// Returns what a look at the gallery may spend.
[[nodiscard]] probe::GatherOptions gather_options(const cli::Context& context,
                                                  core::Deadline deadline);

/// Returns the form in which --explain answers: JSON where that is asked for.
[[nodiscard]] report::ExplainFormat explain_format(const cli::GlobalOptions& options);

} // namespace commands
