// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace support {

/// Compares `actual` with tests/golden/`name`. With GALLERY_OPS_ACCEPT=1 in the environment the
/// file is rewritten instead (scripts/accept-goldens). Returns an empty text when they agree, else
/// the first line that differs, and where the actual text was saved.
[[nodiscard]] std::string compare_golden(const std::string& name, const std::string& actual);

/// As `compare_golden`, for a file anywhere in the repository: "man/gallery-ops.1".
[[nodiscard]] std::string compare_checked_in(const std::string& path, const std::string& actual);

} // namespace support
