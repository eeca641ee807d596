// SPDX-License-Identifier: MIT
#pragma once

#include "health/check.hpp"

#include <span>
#include <string_view>

namespace health {

/// Returns every health check, in the order of the overview.
[[nodiscard]] std::span<const Check* const> catalogue();

/// Returns the check that `id` belongs to: its own id ("health.http") or that of one of its
/// findings
/// ("health.http.frontend"); nothing when there is none.
[[nodiscard]] const Check* find_check(std::string_view id);

/// Runs every check over the observations. What the observer's own trouble kept from being seen is
/// unknown and follows from its finding, health.self.….
[[nodiscard]] std::vector<core::Finding> judge(const facts::Observations& observed,
                                               const config::Config& config);

} // namespace health
