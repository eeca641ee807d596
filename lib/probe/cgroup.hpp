// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "probe/host.hpp"
#include "probe/mounts.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// Where the figures of one control group stand, for each controller that we read; an empty path
/// where the controller is not mounted. Version 1 has a folder for each controller, version 2 one
/// for all, and a host can have both ("hybrid").
struct Cgroup {
    struct Place {
        std::filesystem::path folder{};
        std::filesystem::path top{}; ///< the hierarchy's mount point
        bool version2 = false;
    };

    Place memory{};
    Place cpu{};     ///< quota and throttling
    Place cpuacct{}; ///< usage
};

/// One look at the memory of a control group.
struct CgroupMemory {
    core::Bytes working_set{};          ///< usage without inactive page cache
    std::optional<core::Bytes> limit{}; ///< its own; nothing: none
    std::optional<std::uint64_t> oom_kills{};
};

/// One look at the CPU time of a control group.
struct CgroupCpu {
    std::uint64_t usage_us = 0;
    std::optional<double> quota_cores{};
    std::uint64_t periods = 0;
    std::uint64_t throttled = 0;
};

/// Finds the control group of a process from its /proc/PID/cgroup and our mountinfo. `stop_at`,
/// where it is not empty, cuts the path behind the part that contains it: a container's own init
/// may live in a group below that of the container.
[[nodiscard]] Cgroup locate_cgroup(std::string_view proc_cgroup,
                                   const std::vector<MountEntry>& mounts, const HostRoots& roots,
                                   std::string_view stop_at = {});

/// Reads the memory figures (v1: usage_in_bytes less total_inactive_file, v2: memory.current less
/// inactive_file). Nothing when they can't be read: the group is gone.
[[nodiscard]] std::optional<CgroupMemory> look_at_memory(const Cgroup::Place& place);

/// Reads the CPU figures (v1: cpuacct.usage, cpu.cfs_*, cpu.stat; v2: cpu.stat, cpu.max). Nothing
/// when they can't be read.
[[nodiscard]] std::optional<CgroupCpu> look_at_cpu(const Cgroup& group);

/// Returns the tightest memory limit of the group and those above it with what that level uses;
/// nothing when there is none.
[[nodiscard]] std::optional<CgroupMemory> tightest_memory(const Cgroup::Place& place);

} // namespace probe
