// SPDX-License-Identifier: MIT
#pragma once

#include "history/database.hpp"

namespace history {

/// The version of the schema that this program writes (`PRAGMA user_version`).
inline constexpr int k_schema_version = 1;

/// Marks a file as ours (`PRAGMA application_id`): "GaOp".
inline constexpr int k_application_id = 0x47614f70;

/// Checks that the file is ours and not newer than this program; makes the schema in an empty file
/// and migrates an older one, in one transaction. With `Access::read` an empty file is an error of
/// kind missing.
[[nodiscard]] core::Result<void> bring_up_to_date(const Database& database, Access access);

} // namespace history
