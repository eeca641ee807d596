// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "facts/observed.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace facts {

struct Replica {
    std::string name{};
    std::string state{};              ///< streaming, catchup, …
    std::optional<core::Bytes> lag{}; ///< not yet replayed
    std::optional<std::chrono::milliseconds> replay_lag{};

    bool operator==(const Replica&) const = default;
};

struct Postgres {
    int version = 0; ///< server_version_num: 150018
    std::string database{};
    bool in_recovery = false;
    bool read_only = false;
    std::chrono::microseconds connect{};
    std::chrono::microseconds query{}; ///< SELECT 1
    std::int64_t connections = 0;      ///< client backends
    std::int64_t max_connections = 0;
    std::int64_t reserved_connections = 0; ///< superuser_reserved_connections
    std::int64_t waiting_locks = 0;        ///< backends that wait for a heavyweight lock
    std::optional<std::chrono::milliseconds> longest_transaction{};
    std::string longest_transaction_state{}; ///< "idle in transaction", "active"
    std::int64_t longest_transaction_pid = 0;
    std::optional<double>
        cache_hit_ratio{};           ///< 0…1, over all databases since their statistics began
    std::uint64_t blocks_read = 0;   ///< sample size of the ratio
    std::int64_t wraparound_age = 0; ///< oldest datfrozenxid, in transactions
    std::int64_t autovacuum_freeze_max_age = 200'000'000;
    std::string wraparound_database{};
    std::optional<std::chrono::milliseconds> recovery_lag{}; ///< on a standby
    std::vector<Replica> replicas{};
    std::int64_t inactive_slots = 0;
    std::optional<core::Bytes> slot_retained{}; ///< most WAL that a slot holds back
    core::Bytes database_size{};
    std::int64_t deadlocks = 0;
    std::string archive_mode{};    ///< off, on, always; empty: not told
    bool archiver_failing = false; ///< the last archive_command failed after the last success
    std::vector<std::string> not_visible{}; ///< what the role may not see (needs pg_monitor)
    // Why the figures of one kind are not all there is; empty: they are.
    std::string transactions_problem{};
    std::string recovery_problem{};
    std::string replicas_problem{};
    std::string slots_problem{};
    std::string archiver_problem{};

    bool operator==(const Postgres&) const = default;
};

} // namespace facts
