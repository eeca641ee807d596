// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace facts {

struct Filesystem {
    std::string mount_point{};
    std::string device{};
    std::string type{};
    core::Bytes used{};
    core::Bytes total{}; ///< as an unprivileged user can fill it: used + available
    std::uint64_t inodes_used = 0;
    std::uint64_t inodes_total = 0; ///< 0: the file system has no fixed number
    bool read_only = false;
    bool unresponsive = false; ///< statvfs gave no answer in time (a hung network mount)
    std::string problem{};     ///< why it could not be measured; empty: it was, or it is silent

    bool operator==(const Filesystem&) const = default;
};

struct Interface {
    std::string name{};
    double rx_bytes_per_second = 0;
    double tx_bytes_per_second = 0;
    std::uint64_t errors = 0; ///< rx + tx errors, since boot
    std::uint64_t drops = 0;
    std::uint64_t new_errors = 0; ///< within the window
    std::uint64_t new_drops = 0;
    std::uint64_t packets = 0; ///< rx + tx since boot: the errors' base

    bool operator==(const Interface&) const = default;
};

struct Host {
    std::string name{};
    std::chrono::milliseconds window{}; ///< between the two looks
    int cpus = 0;
    double cpu_busy = 0; ///< 0…1 over the window, all cores; steal and iowait are not busy
    double cpu_iowait = 0;
    double cpu_steal = 0;
    bool cpu_still = false; ///< the kernel's counters did not move: the shares say nothing
    std::vector<double> core_busy{};
    double load1 = 0;
    core::Bytes memory_total{};
    core::Bytes memory_available{}; ///< MemAvailable
    bool memory_of_group = false;   ///< the two are those of our own control group, which is fuller
    core::Bytes swap_total{};
    core::Bytes swap_used{};
    std::vector<Filesystem> filesystems{};
    std::vector<Interface> interfaces{};
    std::uint64_t descriptors_used = 0; ///< /proc/sys/fs/file-nr
    std::uint64_t descriptors_max = 0;

    bool operator==(const Host&) const = default;
};

} // namespace facts
