// SPDX-License-Identifier: MIT
#pragma once

#include "history/store.hpp"

#include <string_view>

// The writing half of the store.

namespace history {

[[nodiscard]] core::Result<void> record_run(const Database& database, const report::Report& report,
                                            std::string_view version, const Retention& retention);

/// Deletes runs, samples and beginnings of trouble from before `before`; returns how many runs.
[[nodiscard]] core::Result<std::int64_t> prune_runs(const Database& database, core::Time before);

/// Milliseconds since 1970, as every time is stored.
[[nodiscard]] std::int64_t stored_time(core::Time time);

} // namespace history
