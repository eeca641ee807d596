// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/host.hpp"

#include <chrono>
#include <filesystem>
#include <stop_token>

namespace probe {

/// Where the kernel's views are mounted; a parameter, so that tests bring recorded ones.
struct HostRoots {
    std::filesystem::path proc{"/proc"};
    std::filesystem::path sys{"/sys"};
};

/// Looks twice, `window` apart, at /proc and statvfs: CPU (per core and of all), memory as the
/// kernel has to keep it, file systems (real ones, each device once; a hung mount is marked and
/// costs only its own answer), network interfaces.
[[nodiscard]] core::Result<facts::Host> observe_host(std::chrono::milliseconds window,
                                                     core::Deadline deadline, std::stop_token stop,
                                                     const HostRoots& roots = {});

} // namespace probe
