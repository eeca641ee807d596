// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <span>
#include <string>
#include <vector>

namespace cli {

/// One option or positional argument, as the help, the manual and the completions need it.
struct OptionDoc {
    std::string short_name{}; ///< "-o"
    std::string long_name{};  ///< "--output"; for a positional its name
    std::string value{};      ///< "FORMAT[=FILE]"; empty for a flag
    std::string help{};
    bool positional = false;
    std::vector<std::string> choices{}; ///< the words that may follow, where they are known
};

/// One command with everything that is said about it.
struct CommandDoc {
    std::string name{};
    std::string summary{};
    std::string description{};
    std::vector<Example> examples{};
    std::vector<OptionDoc> options{};
    std::vector<CommandDoc> subcommands{};
};

/// The whole command line: the program's own summary, the global options, the commands.
struct ProgramDoc {
    std::string description{};
    std::vector<OptionDoc> options{};
    std::vector<CommandDoc> commands{};
};

/// Returns what the command table says; nothing is written twice.
[[nodiscard]] ProgramDoc describe(std::span<const Command* const> table);

/// A line of the table of exit codes.
struct ExitCode {
    int code = 0;
    std::string_view meaning{};
};

[[nodiscard]] std::span<const ExitCode> exit_codes();

/// Returns the text of `gallery-ops --help`, wrapped to `width` columns.
[[nodiscard]] std::string help(const ProgramDoc& program, std::size_t width);

/// Returns the text of `gallery-ops COMMAND [SUBCOMMAND] --help`. `path` is what stands before the
/// options: "health", "config init".
[[nodiscard]] std::string help(const CommandDoc& command, const std::string& path,
                               std::size_t width);

/// Returns `text` wrapped to `width` columns, every line indented by `indent`; paragraphs stay
/// apart.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::size_t indent);

} // namespace cli
