// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "facts/observed.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace facts {

struct Redis {
    std::string version{};
    std::string role{}; ///< master, slave
    std::chrono::microseconds connect{};
    std::chrono::microseconds ping{};
    bool loading = false;
    core::Bytes used_memory{};
    core::Bytes max_memory{}; ///< 0: no limit
    core::Bytes system_memory{};
    std::string eviction_policy{};
    double fragmentation_ratio = 0;
    std::int64_t connected_clients = 0;
    std::int64_t max_clients = 0;
    std::int64_t blocked_clients = 0;
    std::int64_t rejected_connections = 0;
    std::int64_t evicted_keys = 0;
    std::chrono::seconds uptime{};
    std::optional<bool> rdb_enabled{true}; ///< "save" is not empty; nothing: not told
    std::string rdb_last_status{"ok"};
    std::chrono::seconds since_last_save{};
    std::int64_t changes_since_save = 0;
    bool aof_enabled = false;
    std::string aof_last_write_status{"ok"};
    std::string aof_last_rewrite_status{"ok"};
    std::string master_link_status{}; ///< replica only: up, down
    std::optional<std::chrono::seconds> master_last_io{};
    std::int64_t connected_replicas = 0;
    std::optional<std::int64_t> worst_replica_lag_bytes{};
    std::map<std::string, std::int64_t> queue_lengths{}; ///< list or stream key → length
    std::map<std::string, std::string> queue_problems{}; ///< key → why it could not be measured

    bool operator==(const Redis&) const = default;
};

} // namespace facts
