// SPDX-License-Identifier: MIT
#pragma once

#include "core/check_spec.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace report {

enum class ExplainFormat : std::uint8_t { text, json };

/// Returns what the check behind `id` (its own id or that of one of its findings, with or without
/// its `command`: "health", "logs") does, why, its threshold and how to change it; for "all", a
/// line for each check. Throws core::UsageError for an id that does not exist.
[[nodiscard]] std::string explain(std::string_view id, std::string_view command,
                                  std::span<const core::CheckSpec* const> checks,
                                  ExplainFormat format);

} // namespace report
