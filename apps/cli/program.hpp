// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/surroundings.hpp"

#include <span>
#include <string>

namespace cli {

/// Runs the program with `arguments` (without its name) and returns the exit code. Every exception
/// ends here: UsageError 64, ConfigError 78, any other 70; with `-o nagios` one line on standard
/// output and 3 instead.
[[nodiscard]] int run_program(std::span<const std::string> arguments,
                              std::span<const Command* const> table, const Surroundings& around);

} // namespace cli
