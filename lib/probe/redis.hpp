// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/redis.hpp"

#include <stop_token>

namespace probe {

/// Connects, authenticates, sends PING and INFO, asks CONFIG GET where allowed, and measures the
/// queues. Ends by the deadline whatever the server does; never throws for the target's fault.
[[nodiscard]] core::Result<facts::Redis>
observe_redis(const config::Redis& target, core::Deadline deadline, std::stop_token stop);

} // namespace probe
