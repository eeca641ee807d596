// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/host.hpp"
#include "probe/host_parse.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>

namespace probe {

/// Where the kernel's views are mounted; a parameter, so that tests bring recorded ones.
struct HostRoots {
    std::filesystem::path proc{"/proc"};
    std::filesystem::path sys{"/sys"};
};

struct Counters;

/// One look at the counters of the host.
struct HostLook {
    std::chrono::steady_clock::time_point at{};
    CpuLook cpu{};
    std::map<std::string, InterfaceLook> interfaces{};
};

/// Reads /proc/stat and /proc/net/dev. Errors: observer.
[[nodiscard]] core::Result<HostLook> look_at_host(const HostRoots& roots);

/// Looks twice, `window` apart, at /proc and statvfs: CPU (per core and of all), memory as the
/// kernel has to keep it, file systems (real ones, each device once; a hung mount is marked and
/// costs only its own answer), network interfaces. With the counters of an `earlier` run (which may
/// be null) there is no waiting: these are the first look.
[[nodiscard]] core::Result<facts::Host> observe_host(std::chrono::milliseconds window,
                                                     core::Deadline deadline, std::stop_token stop,
                                                     const HostRoots& roots = {},
                                                     const Counters* earlier = nullptr);

} // namespace probe
