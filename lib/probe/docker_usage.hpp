// SPDX-License-Identifier: MIT
#pragma once

#include "facts/docker.hpp"
#include "probe/cgroup.hpp"
#include "probe/docker_inspect.hpp"
#include "probe/host.hpp"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace probe {

/// What the host has, which bounds a container without limits of its own.
struct HostSize {
    double cores = 0;
    core::Bytes memory{};
};

/// One look at a container's control group.
struct GroupLook {
    std::chrono::steady_clock::time_point at{};
    CgroupCpu cpu{};
    CgroupMemory memory{};
};

/// Returns what was used between two looks at a control group.
[[nodiscard]] facts::ContainerUsage usage_between(const GroupLook& first, const GroupLook& second,
                                                  const HostSize& host);

/// Returns what was used between two answers of the Engine's stats. `between` is our own time
/// between them, used when the server's times don't fit.
[[nodiscard]] facts::ContainerUsage usage_between(const StatsLook& first, const StatsLook& second,
                                                  std::chrono::nanoseconds between,
                                                  const facts::Container& container);

struct Counters;

/// Returns the control group of a running container of this host; nothing when its process is not
/// ours to see.
[[nodiscard]] std::optional<Cgroup> cgroup_of(const facts::Container& container,
                                              const std::vector<MountEntry>& mounts,
                                              const HostRoots& roots);

/// Fills in the usage of the running containers from control groups, for all together in two looks
/// `window` apart, or at once where `earlier` (which may be null) has the first look; where one has
/// none, its `usage_problem`. Returns false when none could be looked at although some run.
bool observe_usage_in_cgroups(facts::Docker& engine, std::chrono::milliseconds window,
                              core::Deadline deadline, const std::stop_token& stop,
                              const HostRoots& roots = {}, const Counters* earlier = nullptr);

/// Says of the running containers without a usage `why`, where nothing was said yet.
void explain_missing(facts::Docker& engine, std::string_view why);

} // namespace probe
