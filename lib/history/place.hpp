// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace history {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// Returns $XDG_STATE_HOME/gallery-ops/history.db, else ~/.local/state/gallery-ops/history.db;
/// nothing when neither variable holds an absolute path. Source: XDG Base Directory Specification,
/// which has relative paths ignored.
[[nodiscard]] std::optional<std::filesystem::path> default_file(const Environment& env);

/// Makes the folders above `file` that are missing, at most three of them, each with mode 0700: a
/// home that does not exist is not made. Errors: observer when the disk is full, else permission.
[[nodiscard]] core::Result<void> make_folder_of(const std::filesystem::path& file);

} // namespace history
