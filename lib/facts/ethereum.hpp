// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace facts {

struct ContractCode {
    std::string name{};
    std::string address{};
    std::uint64_t code_bytes = 0; ///< 0: no contract lives there

    bool operator==(const ContractCode&) const = default;
};

struct Ethereum {
    std::string client{}; ///< web3_clientVersion
    std::uint64_t chain_id = 0;
    bool syncing = false;
    std::string syncing_problem{}; ///< why the sync state is not told; empty: it is
    std::uint64_t current_block = 0;
    std::optional<std::uint64_t> highest_block{}; ///< while syncing, where it is told
    core::Time head_time{};
    std::optional<double> gas_price_gwei{};
    std::optional<std::int64_t> peers{};
    std::vector<ContractCode> contracts{};

    bool operator==(const Ethereum&) const = default;
};

} // namespace facts
