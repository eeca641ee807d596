// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"

#include <iterator>

// The command table: one line a command, in the order of the manual. X(health) stands for
// `commands::health`, defined in apps/commands/health.cpp.
// clang-format off
#define GALLERY_OPS_COMMANDS(X) \
    X(health)                   \
    X(logs)                     \
    X(history)                  \
    X(config)

// clang-format on

namespace commands {
#define GALLERY_OPS_DECLARE(name) extern const cli::Command name;
GALLERY_OPS_COMMANDS(GALLERY_OPS_DECLARE)
#undef GALLERY_OPS_DECLARE
} // namespace commands

namespace cli {

std::span<const Command* const> commands() {
#define GALLERY_OPS_ADDRESS(name) &commands::name,
    static constexpr const Command* k_all[] = {GALLERY_OPS_COMMANDS(GALLERY_OPS_ADDRESS) nullptr};
#undef GALLERY_OPS_ADDRESS
    return std::span{k_all}.first(std::size(k_all) - 1);
}

} // namespace cli
