// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "probe/pg_target.hpp"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace probe {

/// Rows of an answer as text; nothing where the server sent NULL.
using PgRow = std::vector<std::optional<std::string>>;
using PgRows = std::vector<PgRow>;

/// A connection to a PostgreSQL over libpq's asynchronous calls: every wait is a poll in short
/// slices that ends by the deadline or a stop, and what a server may send is bounded.
class PgSession {
  public:
    PgSession(PgSession&&) noexcept;
    PgSession& operator=(PgSession&&) noexcept;
    ~PgSession();

    /// Connects as `pg_connect` does.
    [[nodiscard]] static core::Result<PgSession>
    connect(const PgTarget& target, core::Deadline deadline, const std::stop_token& stop);

    /// The server's version as server_version_num: 150018.
    [[nodiscard]] int version() const;

    /// Sends one statement and returns its rows: one round trip.
    [[nodiscard]] core::Result<PgRows> query(const std::string& sql);

    /// Sends all statements in one round trip and returns an answer for each: one that fails, or
    /// whose rows did not come in time, leaves the others as they are. Each runs in a read-only
    /// transaction of its own with a statement_timeout of the time that is left. (No session-wide
    /// SET: behind a connection pooler it would stay with a session that others get.)
    [[nodiscard]] std::vector<core::Result<PgRows>> query_all(std::span<const std::string> sql);

    /// Returns why the conversation broke off before the last answer of `query_all`; nothing when
    /// it did not.
    [[nodiscard]] const std::optional<core::Error>& broken() const;

  private:
    struct Impl;
    explicit PgSession(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace probe
