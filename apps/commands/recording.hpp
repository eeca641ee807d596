// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <string>

namespace commands {

/// Looks once, saves what was seen in the new folder `folder`, and reports it. Returns the exit
/// code. Throws core::UsageError when the folder can't be a new one.
[[nodiscard]] int look_and_record(const cli::Context& context, const std::string& folder);

/// Judges the look saved in `folder` again and reports it; asks no server. Returns the exit code.
/// Throws core::ConfigError when it holds no sound recording.
[[nodiscard]] int replay(const cli::Context& context, const std::string& folder);

} // namespace commands
