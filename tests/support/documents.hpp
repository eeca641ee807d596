// SPDX-License-Identifier: MIT
#pragma once

#include "cli/describe.hpp"

#include <string>
#include <vector>

// Man pages and completions, written from the command table so that they can't say anything else
// than --help does. They are checked in; a test fails when they drift.

namespace support {

/// A generated file, by its path in the repository.
struct Document {
    std::string path{};
    std::string text{};
};

/// Returns every generated document.
[[nodiscard]] std::vector<Document> documents();

/// Returns a page for the program and one for each command, for man(7).
[[nodiscard]] std::vector<Document> man_pages(const cli::ProgramDoc& program,
                                              std::string_view version);

[[nodiscard]] std::string bash_completion(const cli::ProgramDoc& program);
[[nodiscard]] std::string zsh_completion(const cli::ProgramDoc& program);
[[nodiscard]] std::string fish_completion(const cli::ProgramDoc& program);

/// Returns `text` in single quotes for a POSIX shell and for zsh.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// Returns the choices joined by blanks.
[[nodiscard]] std::string choice_words(const cli::OptionDoc& option);

/// What the value of an option names, as far as completion can help.
enum class ValueKind : std::uint8_t { none, words, file, folder, other };
[[nodiscard]] ValueKind kind_of_value(const cli::OptionDoc& option);

} // namespace support
