// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <span>

namespace cli {

/// Returns every command, in the order of the manual.
[[nodiscard]] std::span<const Command* const> commands();

} // namespace cli
