// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace health {

enum class ExplainFormat : std::uint8_t { text, json };

/// Returns what the check behind `id` (its own id or a finding's) does, why, its threshold and how
/// to change it; for "all", a line for each check. Throws core::UsageError for an id that does not
/// exist.
[[nodiscard]] std::string explain(std::string_view id, ExplainFormat format);

} // namespace health
