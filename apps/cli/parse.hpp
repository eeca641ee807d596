// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// A command line that was understood: either a text to print (help, version) or a run.
struct Invocation {
    std::optional<std::string> text{};
    std::string command{}; ///< its name
    GlobalOptions options{};
    Run run{};
    std::shared_ptr<CLI::App> app{}; ///< kept alive: `run` may ask it which subcommand was given
};

/// Parses the arguments (without the program's name). Throws core::UsageError with one sentence.
[[nodiscard]] std::unique_ptr<Invocation> parse(std::span<const std::string> arguments,
                                                std::span<const Command* const> table,
                                                std::size_t width);

/// Returns a parser with the global options and every command bound, and the runs in the order of
/// the table: what `parse` parses with and `describe` describes.
[[nodiscard]] std::shared_ptr<CLI::App> make_parser(std::span<const Command* const> table,
                                                    GlobalOptions& options, std::vector<Run>& runs);

/// Returns the version as `--version` prints it.
[[nodiscard]] std::string version_line();

/// Returns whether the arguments ask for `-o nagios` on standard output, also when they can't be
/// parsed: then the answer must be one line and code 3 all the same.
[[nodiscard]] bool wants_nagios(std::span<const std::string> arguments);

/// Returns the help line for a mistake in `arguments`: "see 'gallery-ops health --help'".
[[nodiscard]] std::string help_line(std::span<const std::string> arguments,
                                    std::span<const Command* const> table);

} // namespace cli
