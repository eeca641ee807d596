// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "facts/docker.hpp"
#include "facts/observations.hpp"
#include "probe/cgroup.hpp"
#include "probe/host.hpp"
#include "probe/host_parse.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// CPU and network figures are differences of two looks at the kernel's counters. A run that finds
// the counters of an earlier one need not wait between two looks of its own.

namespace probe {

/// What the kernel's counters of this host and its containers stood at, at one moment of one boot.
struct Counters {
    std::string boot{}; ///< /proc/sys/kernel/random/boot_id: counters begin anew with each boot
    core::Time taken{};
    std::chrono::steady_clock::time_point at{}; ///< the same clock for all processes of a boot
    CpuLook cpu{};
    std::map<std::string, InterfaceLook> interfaces{};
    std::map<std::string, CgroupCpu> containers{}; ///< by container id
};

/// Reads them now, for the running containers of the local Engines in `seen`. Nothing where /proc
/// can't be read.
[[nodiscard]] std::optional<Counters> take_counters(const facts::Observations& seen,
                                                    const HostRoots& roots = {});

/// Whether `earlier` can stand for a first look now: of this boot, and 200 ms to ten minutes old.
[[nodiscard]] bool is_usable(const Counters& earlier, std::chrono::steady_clock::time_point now,
                             const HostRoots& roots = {});

/// Returns the figures of a container in `earlier`, when it has run without a break since then and
/// they have not begun anew.
[[nodiscard]] const CgroupCpu*
earlier_look(const Counters& earlier, const facts::Container& container, const CgroupCpu& now);

/// Writes them as lines of words and numbers, to be kept from run to run.
[[nodiscard]] std::string to_text(const Counters& counters);

/// Reads what `to_text` wrote; nothing for any other text.
[[nodiscard]] std::optional<Counters> parse_counters(std::string_view text);

} // namespace probe
