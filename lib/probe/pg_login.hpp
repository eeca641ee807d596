// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "probe/pg_target.hpp"
#include "probe/pg_waiting.hpp"

#include <stop_token>

namespace probe {

/// Connects to the first of the target's servers that lets us in, with a connection that never
/// blocks; every address of every name is tried, each with its share of the time. Errors: all of
/// core::ErrorKind, the most telling of all ways' ones.
[[nodiscard]] core::Result<PgConnection> pg_connect(const PgTarget& target, core::Deadline deadline,
                                                    const std::stop_token& stop);

} // namespace probe
