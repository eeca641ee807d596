// SPDX-License-Identifier: MIT
#pragma once

#include "history/store.hpp"

// The reading half of the store.

namespace history {

[[nodiscard]] core::Result<facts::Past> read_past(const Database& database, const Scope& scope,
                                                  core::Time now,
                                                  std::span<const std::string_view> families,
                                                  const Retention& retention);

[[nodiscard]] core::Result<std::vector<Run>> read_runs(const Database& database,
                                                       const Filter& filter, std::size_t limit);

[[nodiscard]] core::Result<report::Report> read_report(const Database& database, const Run& run);

[[nodiscard]] core::Result<std::vector<std::string>> read_findings(const Database& database,
                                                                   const Filter& filter);

[[nodiscard]] core::Result<Trend> read_trend(const Database& database, const Filter& filter,
                                             std::string_view id, std::size_t limit);

[[nodiscard]] core::Result<Totals> read_totals(const Database& database, const Filter& filter);

} // namespace history
