// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "net/system.hpp"

#include <filesystem>
#include <string>

namespace probe {

/// Returns an error of reading a log.
[[nodiscard]] core::Error log_failure(core::ErrorKind kind, const std::filesystem::path& path,
                                      std::string reason, std::string hint);

/// As above, for a value of errno.
[[nodiscard]] core::Error log_system_failure(const std::filesystem::path& path, int code);

/// Opens a log to read; "-" is standard input. A pipe that nobody writes to does not hold it up.
/// Errors: missing, permission, observer; refused for a folder.
[[nodiscard]] core::Result<net::Descriptor> open_log(const std::filesystem::path& path);

} // namespace probe
