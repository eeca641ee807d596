// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "facts/host.hpp"

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// One line of /proc/PID/mountinfo (proc(5)); octal escapes are resolved.
struct MountEntry {
    std::string device_number{}; ///< "254:0"
    std::string root{};          ///< the folder of the file system that is mounted
    std::string mount_point{};
    bool read_only = false;
    std::string type{};
    std::string source{};
    std::string super_options{};
};

/// Reads mountinfo; lines that are not of its form are left out.
[[nodiscard]] std::vector<MountEntry> parse_mountinfo(std::string_view text);

/// Chooses the file systems that can fill up: each device once, at its shortest mount point; no
/// pseudo file systems, no images that are full by nature (squashfs, iso9660), no containers'
/// overlays or private tmpfs. Sorted by mount point.
[[nodiscard]] std::vector<MountEntry> real_filesystems(const std::vector<MountEntry>& mounts);

/// Asks each for its figures, each in a thread of its own, since statvfs on a dead network mount
/// can't be stopped: one that gives no answer in time is marked and its thread is left alone (and
/// not started again as long as it hangs). One that fails is there with its problem; those that are
/// gone or hold nothing are left out.
[[nodiscard]] std::vector<facts::Filesystem> measure(const std::vector<MountEntry>& mounts,
                                                     core::Deadline deadline,
                                                     const std::stop_token& stop);

} // namespace probe
