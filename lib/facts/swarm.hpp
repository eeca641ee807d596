// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace facts {

struct SwarmNode {
    std::string id{};
    std::string hostname{};
    std::string role{};         ///< manager, worker
    std::string availability{}; ///< active, pause, drain
    std::string state{};        ///< ready, down, disconnected, unknown
    std::string message{};      ///< why it is not ready
    std::string reachability{}; ///< reachable, unreachable; empty for a worker
    bool leader = false;

    bool operator==(const SwarmNode&) const = default;
};

/// One try of a swarm to run a replica.
struct SwarmTask {
    std::string id{};
    std::string node{}; ///< hostname; empty while it has none
    std::int64_t slot = 0;
    std::string state{}; ///< pending, starting, running, failed, rejected, …
    std::string error{};
    std::optional<int> exit_code{};
    std::optional<core::Time> time{}; ///< since when it is in this state

    bool operator==(const SwarmTask&) const = default;
};

struct SwarmService {
    std::string id{};
    std::string name{};    ///< as the swarm calls it: "gallery_api"
    std::string service{}; ///< without its stack: "api"
    std::string stack{};   ///< label com.docker.stack.namespace
    std::string mode{};    ///< replicated, global, replicated-job, global-job
    std::int64_t desired = 0;
    std::int64_t running = 0;
    std::int64_t starting = 0;  ///< on their way: pending, preparing, starting, …
    std::int64_t completed = 0; ///< of a job
    std::string update_state{}; ///< updating, paused, completed, rollback_…; empty: none yet
    std::string update_message{};
    std::optional<core::Time> updated_at{};
    std::vector<SwarmTask> failed{};  ///< failed or rejected, the newest first, twenty at most
    std::vector<SwarmTask> waiting{}; ///< not yet running and with an error, three at most

    bool operator==(const SwarmService&) const = default;
};

/// The swarm that an Engine belongs to, as far as this Engine tells of it.
struct Swarm {
    std::string node{};  ///< the Engine's own id in it; empty when it was not asked
    std::string state{}; ///< active, pending, error, locked
    bool manager = false;
    std::string problem{}; ///< why nodes and services are not known; empty when they are
    std::vector<SwarmNode> nodes{};
    std::vector<SwarmService> services{};

    bool operator==(const Swarm&) const = default;
};

} // namespace facts
