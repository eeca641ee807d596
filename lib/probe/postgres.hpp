// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/postgres.hpp"

#include <stop_token>

namespace probe {

/// Connects with libpq's asynchronous calls (the name resolved beforehand), sets statement_timeout
/// and a read-only session, and reads the server's own statistics. What the role may not see is
/// listed in `not_visible`. Ends by the deadline whatever the server does; never throws for the
/// target's fault.
[[nodiscard]] core::Result<facts::Postgres>
observe_postgres(const config::Postgres& target, core::Deadline deadline, std::stop_token stop);

} // namespace probe
