// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "facts/docker.hpp"
#include "facts/swarm.hpp"
#include "probe/docker_api.hpp"

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

// Docker Swarm, as a manager tells of it. Source of the forms: Docker Engine API, 1.24 to 1.51,
// Node, Service and Task (https://docs.docker.com/reference/api/engine/).

namespace probe {

/// What an Engine tells of its swarm, and of each task's container whether it is still wanted: a
/// swarm keeps those of earlier tries, which say nothing of the service now.
struct SwarmLook {
    facts::Swarm swarm{};
    std::map<std::string, bool> wanted{}; ///< container id → whether its task is a present one
};

/// What the Swarm header of an Engine's /_ping says; older Engines (before 23) send none.
struct SwarmHint {
    std::string header{};  ///< "inactive", "active/manager", "active/worker"; empty: none sent
    bool has_task = false; ///< a container of the Engine belongs to a swarm
};

/// Asks an Engine for the nodes of its swarm and for the services and tasks of one stack, of all
/// stacks when `project` is empty. Nothing when the Engine is in no swarm. What can't be told (a
/// worker knows none of it, a swarm may be locked or without a leader) is the swarm's `problem`.
[[nodiscard]] std::optional<SwarmLook>
observe_swarm(const EngineAddress& engine, const std::string& api, const std::string& project,
              const SwarmHint& hint, core::Deadline deadline, const std::stop_token& stop);

/// Removes from an Engine what belongs to other projects than this; also the swarm as a whole, when
/// the project runs beside it and not in it.
void narrow_swarm(facts::Docker& engine, const std::string& project);

/// Takes away the containers of a swarm's earlier tries, and those that ended of which `look` knows
/// nothing: the swarm has forgotten them, or this Engine is a worker and knows no task at all.
void drop_past_tasks(std::vector<facts::Container>& containers, const SwarmLook& look);

/// Reads the answer of /nodes; nothing when it is no list.
[[nodiscard]] std::optional<std::vector<facts::SwarmNode>> parse_nodes(std::string_view body);

/// Reads the answer of /services, still without tasks; nothing when it is no list.
[[nodiscard]] std::optional<std::vector<facts::SwarmService>> parse_services(std::string_view body);

/// Reads the answer of /tasks into the services that they belong to, and notes which containers are
/// wanted; false when it is no list.
[[nodiscard]] bool parse_tasks(std::string_view body, SwarmLook& look);

/// Whether this container was started by a swarm.
[[nodiscard]] bool is_swarm_task(const facts::Container& container);

} // namespace probe
