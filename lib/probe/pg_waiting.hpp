// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "net/system.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace probe {

struct PgFinish {
    // Never blocks: after the login the connection is non-blocking, before it nothing is sent.
    void operator()(PGconn* connection) const { PQfinish(connection); }
};

/// A connection of libpq, closed with its owner.
using PgConnection = std::unique_ptr<PGconn, PgFinish>;

/// More than any answer to our questions can take, over the whole conversation.
inline constexpr std::size_t k_pg_most_bytes = std::size_t{8} << 20;

[[nodiscard]] core::Error pg_failure(core::ErrorKind kind, core::Phase phase, std::string reason);

/// The error of a server that sends more than `k_pg_most_bytes`.
[[nodiscard]] core::Error pg_too_much(core::Phase phase);

/// What every wait for a PostgreSQL needs: until when, and how much has come so far.
struct PgWaiting {
    core::Deadline deadline;
    std::stop_token stop{};
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::size_t bytes = 0;
    std::optional<std::chrono::microseconds> connected{}; ///< during the login: since when

    /// Waits until the connection's socket is ready for `wanted`. Errors: timeout, cancelled,
    /// reset, too_large.
    core::Result<void> wait(const PGconn* connection, net::Wanted wanted, core::Phase phase);

    /// Time since `began`.
    [[nodiscard]] std::chrono::microseconds waited() const;

  private:
    [[nodiscard]] core::Error timed_out(core::Phase phase) const;
};

} // namespace probe
