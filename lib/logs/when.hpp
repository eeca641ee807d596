// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <string_view>

namespace logs {

/// Returns the time that an option's value means: "24h" (before `now`), RFC 3339, a date alone (its
/// beginning in UTC) or "@1120000000" (seconds since 1970). Throws core::UsageError for anything
/// else, with the option's name.
[[nodiscard]] core::Time parse_when(std::string_view option, std::string_view text, core::Time now);

} // namespace logs
