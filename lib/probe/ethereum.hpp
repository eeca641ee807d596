// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/ethereum.hpp"

#include <stop_token>

namespace probe {

/// Asks an Ethereum node over JSON-RPC (one batch; single calls when the node refuses batches) for
/// client, chain id, sync state, head, gas price, peers, and the code at each configured contract.
[[nodiscard]] core::Result<facts::Ethereum>
observe_ethereum(const config::Ethereum& target, core::Deadline deadline, std::stop_token stop);

} // namespace probe
