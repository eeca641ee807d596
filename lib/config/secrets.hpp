// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace config {

/// The bytes of a file and who may read it.
struct FileText {
    std::string text{};
    bool others_can_read = false; ///< group or others have the read bit
};

/// Reads a regular file or a pipe ("<(…)" of a shell) of at most `limit` bytes; a pipe must deliver
/// within 10 s. Returns the reason on failure ("No such file or directory"), without the path.
[[nodiscard]] std::expected<FileText, std::string> read_text(const std::filesystem::path& file,
                                                             std::size_t limit);

/// Returns the secret that `file` holds, without one trailing new line. Returns a sentence with
/// the path, and never the content, on failure.
[[nodiscard]] std::expected<std::string, std::string>
read_secret(const std::filesystem::path& file);

/// Returns whether a header of this name carries a credential ("Authorization", "X-Api-Key").
[[nodiscard]] bool is_secret_name(std::string_view name);

/// Returns `path` as a shell takes it, quoted where needed.
[[nodiscard]] std::string shell_word(std::string_view path);

} // namespace config
