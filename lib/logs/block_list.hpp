// SPDX-License-Identifier: MIT
#pragma once

#include "logs/summary.hpp"

#include <cstdint>
#include <string>

namespace logs {

/// In which form addresses are printed for whoever blocks them.
enum class BlockForm : std::uint8_t {
    plain, ///< one a line
    nft,   ///< a file for `nft -f`: a table of its own, whose entries end by themselves
};

/// Returns the addresses that are suspicious enough to block (score 0.75) and were seen within the
/// last day, at most a thousand; comments say how many there are, why, and what was left out.
/// Nothing is applied.
[[nodiscard]] std::string block_list(const Summary& summary, BlockForm form);

} // namespace logs
