// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "facts/host.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// CPU time of one line of /proc/stat, in clock ticks since boot (proc(5)). Guest time is part of
/// `busy` already.
struct CpuTimes {
    std::uint64_t busy = 0; ///< user, nice, system, irq, softirq
    std::uint64_t idle = 0;
    std::uint64_t iowait = 0;
    std::uint64_t steal = 0;
};

struct CpuLook {
    CpuTimes all{};
    std::map<int, CpuTimes> cores{}; ///< cores can be taken offline in between
};

/// Counters of one line of /proc/net/dev.
struct InterfaceLook {
    std::uint64_t rx_bytes = 0;
    std::uint64_t tx_bytes = 0;
    std::uint64_t packets = 0;
    std::uint64_t errors = 0;
    std::uint64_t drops = 0;
};

/// Reads /proc/stat. Errors: observer when its first line is not "cpu" with at least four figures.
[[nodiscard]] core::Result<CpuLook> parse_stat(std::string_view text);

/// Reads /proc/net/dev, without the interfaces that are no hardware of this host: loopback, the
/// containers' veth pairs and the bridges between them (what is lost there shows on the service).
[[nodiscard]] std::map<std::string, InterfaceLook> parse_net_dev(std::string_view text);

/// Fills in cpus, cpu_busy, cpu_iowait, cpu_steal, cpu_still and core_busy from two looks.
void compare_cpu(const CpuLook& first, const CpuLook& second, facts::Host& host);

/// Fills in the interfaces that both looks have, from two looks `window` apart. Counters that went
/// backwards count as unchanged; a window of zero gives rates of zero.
void compare_interfaces(const std::map<std::string, InterfaceLook>& first,
                        const std::map<std::string, InterfaceLook>& second,
                        std::chrono::microseconds window, facts::Host& host);

/// Fills in memory and swap from /proc/meminfo. Kernels before 3.14 have no MemAvailable: then free
/// memory, buffers and page cache. Errors: observer when there is no MemTotal.
[[nodiscard]] core::Result<void> parse_meminfo(std::string_view text, facts::Host& host);

/// Returns the one-minute average of /proc/loadavg; 0 when it is garbled.
[[nodiscard]] double parse_loadavg(std::string_view text);

/// Fills in the descriptors from /proc/sys/fs/file-nr: allocated, free, maximum.
void parse_file_nr(std::string_view text, facts::Host& host);

} // namespace probe
