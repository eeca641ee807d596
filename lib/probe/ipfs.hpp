// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/ipfs.hpp"

#include <stop_token>

namespace probe {

/// Asks the RPC API for version, repository, peers and pins, and fetches one pinned object through
/// the gateway, comparing it with its CID. Understands Kubo and js-ipfs.
/// Ends by the deadline whatever the server does; never throws for the target's fault.
[[nodiscard]] core::Result<facts::Ipfs> observe_ipfs(const config::Ipfs& target,
                                                     core::Deadline deadline, std::stop_token stop);

} // namespace probe
