// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/units.hpp"
#include "facts/swarm.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace facts {

/// State of a container as the Engine's inspect call gives it ("State.Status").
enum class ContainerState : std::uint8_t {
    unknown,
    created,
    running,
    paused,
    restarting,
    removing,
    exited,
    dead
};

/// A published or exposed port.
struct Port {
    std::uint16_t container = 0;
    std::uint16_t host = 0; ///< 0 when it is not published
    std::string host_ip{};
    std::string protocol{"tcp"};

    bool operator==(const Port&) const = default;
};

struct HealthRun {
    core::Time ended{};
    int exit_code = 0; ///< -1 timed out, 127 its tool is missing
    std::string output{};

    bool operator==(const HealthRun&) const = default;
};

/// What a container used during `window`. Memory is the working set: without inactive page cache.
struct ContainerUsage {
    std::chrono::milliseconds window{};
    double cpu_cores = 0;       ///< cores' worth of CPU time: 1.5 = one and a half cores busy
    double cpu_limit_cores = 0; ///< its quota, or all cores of the host
    core::Bytes memory{};
    core::Bytes memory_limit{}; ///< its limit, or the host's memory
    bool memory_limited = false;
    std::uint64_t oom_kills = 0; ///< processes of the cgroup killed for memory, since it exists
    std::optional<double> throttled_share{}; ///< share of CPU periods in which it hit its quota

    bool operator==(const ContainerUsage&) const = default;
};

/// Whether a container answers on its own network.
enum class Reach : std::uint8_t {
    unknown,  ///< not tried, or it can't be told from here
    answered, ///< a packet came back
    silent,   ///< none did, while others of its network answer
};

struct Mount {
    std::string type{}; ///< volume, bind, tmpfs
    std::string name{};
    std::string source{};
    std::string destination{};
    bool writable = true;

    bool operator==(const Mount&) const = default;
};

struct Container {
    std::string id{};
    std::string name{};
    std::string project{}; ///< label com.docker.compose.project
    std::string service{}; ///< label com.docker.compose.service; the name without compose
    std::string image{};
    std::string image_id{};
    std::string current_image_id{}; ///< what the tag points to now; differs after a pull or build
    ContainerState state = ContainerState::unknown;
    bool oom_killed = false;
    int exit_code = 0;
    std::string error{};
    std::optional<core::Time> created_at{};
    std::optional<core::Time> started_at{};
    std::optional<core::Time> finished_at{};
    int restart_count = 0;
    std::string restart_policy{}; ///< no, on-failure, always, unless-stopped; "" = no
    bool one_off = false;         ///< docker-compose run
    std::string health{};         ///< healthy, unhealthy, starting; empty without a health check
    int failing_streak = 0;
    std::vector<HealthRun> health_log{};
    std::int64_t pid = 0;
    std::string log_driver{};
    std::vector<std::string> command{}; ///< path and arguments; may hold secrets: never print it
    std::map<std::string, core::Secret> environment{};
    std::map<std::string, std::string> labels{};
    std::vector<Port> ports{};
    std::map<std::string, std::string> addresses{}; ///< network → IP address
    std::vector<std::string> aliases{};             ///< names by which others reach it
    std::vector<Mount> mounts{};
    core::Bytes memory_limit{};          ///< 0: none
    double cpu_limit_cores = 0;          ///< its quota (--cpus); 0: none
    std::vector<std::string> last_log{}; ///< last lines, fetched only when it is not well
    std::optional<ContainerUsage> usage{};
    std::string usage_problem{}; ///< why a running container was not measured
    Reach reach = Reach::unknown;
    std::string reach_address{}; ///< where it was tried

    bool operator==(const Container&) const = default;
};

/// One Docker Engine (or a compatible server) and the containers that it knows.
struct Docker {
    std::string server{}; ///< "docker" or "podman"
    std::string engine_version{};
    std::string api_version{}; ///< the negotiated one
    bool local = false;        ///< its containers' processes are visible in this host's /proc
    bool swarm = false;
    std::vector<Container> containers{};
    std::optional<Swarm> cluster{}; ///< nothing when it is in no swarm that runs the gallery

    bool operator==(const Docker&) const = default;
};

} // namespace facts
