// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/docker.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace probe {

struct Counters;

/// Asks an Engine (unix socket, tcp, tcp with TLS; API negotiated from 1.24 up) for its containers
/// and inspects each of them side by side. `project` narrows to one compose project; empty: all.
/// Containers that are not well bring their last log lines along.
[[nodiscard]] core::Result<facts::Docker> observe_docker(const config::DockerHost& host,
                                                         const std::string& project,
                                                         core::Deadline deadline,
                                                         std::stop_token stop);

/// Fills in what each running container uses: two looks `window` apart, from cgroup and /proc when
/// the Engine is local (cgroup v1 and v2), from the Engine's one-shot stats when it is not. A
/// container that ends in between stays without usage; its `usage_problem` says why. With the
/// counters of an `earlier` run (which may be null) a local Engine's containers need no waiting.
void observe_usage(facts::Docker& engine, const config::DockerHost& host,
                   std::chrono::milliseconds window, core::Deadline deadline, std::stop_token stop,
                   const Counters* earlier = nullptr);

} // namespace probe
