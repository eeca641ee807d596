// SPDX-License-Identifier: MIT
#include "probe/mounts.hpp"

#include "core/text.hpp"
#include "probe/proc_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <sys/statvfs.h>
#include <system_error>
#include <thread>

namespace probe {
namespace {

/// Resolves the octal escapes of blanks and backslashes (\040 and so on).
std::string unescape(std::string_view text) {
    std::string out;
    const auto octal = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 3 < text.size() && octal(at + 1) && octal(at + 2)
            && octal(at + 3)) {
            out += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8
                                     + (text[at + 3] - '0'));
            at += 3;
        } else {
            out += text[at];
        }
    }
    return out;
}

std::optional<MountEntry> parse_line(std::string_view line) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) return std::nullopt;
    std::string_view left = line.substr(0, dash);
    std::string_view right = line.substr(dash + 3);
    take_word(left); // the mount's id
    take_word(left); // its parent's
    MountEntry entry;
    entry.device_number = take_word(left);
    entry.root = unescape(take_word(left));
    entry.mount_point = unescape(take_word(left));
    const auto options = core::split(take_word(left), ',');
    entry.type = take_word(right);
    entry.source = unescape(take_word(right));
    entry.super_options = take_word(right);
    const auto super = core::split(entry.super_options, ',');
    entry.read_only = std::ranges::count(options, "ro") > 0 || std::ranges::count(super, "ro") > 0;
    if (entry.mount_point.empty() || entry.mount_point.front() != '/' || entry.type.empty())
        return std::nullopt;
    return entry;
}

constexpr std::array k_pseudo = std::to_array<std::string_view>(
    {"autofs",     "binder",     "binfmt_misc", "bpf",           "cgroup",         "cgroup2",
     "configfs",   "cramfs",     "debugfs",     "devpts",        "devtmpfs",       "efivarfs",
     "erofs",      "fusectl",    "hugetlbfs",   "iso9660",       "mqueue",         "nfsd",
     "nsfs",       "proc",       "pstore",      "ramfs",         "resctrl",        "rootfs",
     "rpc_pipefs", "securityfs", "selinuxfs",   "squashfs",      "sysfs",          "tracefs",
     "udf",        "fuse.lxcfs", "fuse.portal", "fuse.snapfuse", "fuse.gvfsd-fuse"});

/// Folders of the system itself, where what is mounted is no place for a gallery's data.
constexpr std::array k_system_folders =
    std::to_array<std::string_view>({"/dev", "/proc", "/run", "/sys", "/var/run"});

bool below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool can_fill_up(const MountEntry& mount) {
    const std::string_view point = mount.mount_point;
    if (std::ranges::count(k_pseudo, mount.type) > 0) return false;
    // A container's root is an overlay too, and when we run in one, it is our disk.
    if (mount.type == "overlay" || mount.type == "aufs" || mount.type == "fuse.fuse-overlayfs")
        return point == "/";
    if (mount.type == "tmpfs") {
        return !mount.read_only && !point.ends_with("/mounts/shm") && // docker's /dev/shm
               !point.ends_with("/userdata/shm") &&                   // podman's
               std::ranges::none_of(k_system_folders,
                                    [&](auto folder) { return below(point, folder); });
    }
    // Files that a container engine binds into a container.
    return point != "/etc/hosts" && point != "/etc/hostname" && point != "/etc/resolv.conf";
}

/// Whether the same space was seen before under another name.
bool seen_before(const MountEntry& mount, std::set<std::string>& seen) {
    const bool number_new = seen.insert(mount.device_number).second;
    // Subvolumes of btrfs have numbers of their own; "tmpfs" or "none" as a source says nothing.
    const bool named = mount.source.find_first_of("/:") != std::string::npos;
    const bool source_new = !named || seen.insert(mount.source).second;
    return !number_new || !source_new;
}

struct MountAnswer {
    bool arrived = false;
    int failure = 0; ///< errno of a statvfs that failed; 0: there are figures
    struct statvfs figures{};
};

/// The answers of the threads that ask statvfs. It outlives a caller who stops waiting. Each mount
/// point has its place before its thread starts, so that a thread needs no memory of its own: there
/// is nobody in it to whom a lack of it could be told.
struct Answers {
    std::mutex mutex{};
    std::condition_variable_any changed{};
    std::map<std::string, MountAnswer> by_mount{};
};

/// How many threads have not come back yet from each mount point, over all calls.
struct Hanging {
    std::mutex mutex{};
    std::map<std::string, int> threads{};
};

/// So many may hang at one mount point: a second look beside the first one is no sign of trouble.
constexpr int k_most_hanging = 2;

Hanging& hanging() {
    static auto* all = new Hanging; // never destroyed: a left thread may still touch it at exit
    return *all;
}

void came_back(const std::string& mount_point) {
    const std::scoped_lock lock{hanging().mutex};
    --hanging().threads[mount_point];
}

void ask(const std::shared_ptr<Answers>& answers, const std::string& mount_point) {
    struct statvfs figures{};
    const int failure = ::statvfs(mount_point.c_str(), &figures) == 0 ? 0 : errno;
    came_back(mount_point);
    const std::scoped_lock lock{answers->mutex};
    const auto answer = answers->by_mount.find(mount_point);
    answer->second.arrived = true;
    answer->second.failure = failure;
    answer->second.figures = figures;
    answers->changed.notify_all();
}

enum class Asking : std::uint8_t { yes, hangs, no_thread };

Asking start_asking(const std::shared_ptr<Answers>& answers, const std::string& mount_point) {
    {
        const std::scoped_lock lock{answers->mutex};
        answers->by_mount.try_emplace(mount_point);
    }
    {
        const std::scoped_lock lock{hanging().mutex};
        int& threads = hanging().threads[mount_point];
        if (threads >= k_most_hanging) return Asking::hangs;
        ++threads;
    }
    try {
        std::thread{ask, answers, mount_point}.detach();
        return Asking::yes;
    } catch (const std::system_error&) {
        came_back(mount_point);
        return Asking::no_thread;
    }
}

facts::Filesystem named(const MountEntry& mount) {
    facts::Filesystem all;
    all.mount_point = mount.mount_point;
    all.device = mount.source;
    all.type = mount.type;
    return all;
}

facts::Filesystem figures_of(const MountEntry& mount, const struct statvfs& figures) {
    const std::uint64_t block = figures.f_frsize;
    auto all = named(mount);
    all.read_only = mount.read_only || (figures.f_flag & ST_RDONLY) != 0;
    const std::uint64_t used = grown(figures.f_bfree, figures.f_blocks);
    all.used = {used * block};
    all.total = {(used + figures.f_bavail) * block};
    all.inodes_total = figures.f_files;
    all.inodes_used = grown(figures.f_ffree, figures.f_files);
    return all;
}

/// Returns what came of asking one; nothing where it is gone or holds nothing.
std::optional<facts::Filesystem> outcome(const MountEntry& mount, Asking asked,
                                         const MountAnswer& answer) {
    auto plain = named(mount);
    if (asked == Asking::no_thread) {
        plain.problem = "no thread could be started to ask it: look at ulimit -u";
        return plain;
    }
    if (!answer.arrived) {
        plain.unresponsive = true;
        return plain;
    }
    const bool measured = answer.failure == 0;
    if (answer.failure == ENOENT || (measured && answer.figures.f_blocks == 0)) return std::nullopt;
    if (measured) return figures_of(mount, answer.figures);
    plain.problem =
        fmt::format("statvfs fails: {}", std::generic_category().message(answer.failure));
    return plain;
}

constexpr std::size_t k_most_mounts = 256;

} // namespace

std::vector<MountEntry> parse_mountinfo(std::string_view text) {
    std::vector<MountEntry> mounts;
    for (const auto line : core::split(text, '\n')) {
        if (auto entry = parse_line(line)) mounts.push_back(*std::move(entry));
    }
    return mounts;
}

std::vector<MountEntry> real_filesystems(const std::vector<MountEntry>& mounts) {
    std::map<std::string, MountEntry> by_point; // the last mount on a point hides those before it
    for (const auto& mount : mounts)
        by_point[mount.mount_point] = mount;
    std::vector<MountEntry> chosen;
    for (auto& [point, mount] : by_point) {
        if (can_fill_up(mount)) chosen.push_back(mount);
    }
    // A whole file system before a folder of it that is bound elsewhere, short before long.
    std::ranges::stable_sort(chosen, {}, [](const MountEntry& mount) {
        return std::pair{mount.root != "/", mount.mount_point.size()};
    });
    std::set<std::string> seen;
    std::erase_if(chosen, [&](const MountEntry& mount) { return seen_before(mount, seen); });
    if (chosen.size() > k_most_mounts) chosen.resize(k_most_mounts);
    std::ranges::sort(chosen, {}, &MountEntry::mount_point);
    return chosen;
}

std::vector<facts::Filesystem> measure(const std::vector<MountEntry>& mounts,
                                       core::Deadline deadline, const std::stop_token& stop) {
    const auto answers = std::make_shared<Answers>();
    std::map<std::string, Asking> asked;
    for (const auto& mount : mounts)
        asked[mount.mount_point] = start_asking(answers, mount.mount_point);
    const auto all_arrived = [&] {
        return std::ranges::all_of(asked, [&](const auto& entry) {
            return entry.second != Asking::yes || answers->by_mount.at(entry.first).arrived;
        });
    };
    std::unique_lock lock{answers->mutex};
    answers->changed.wait_until(lock, stop, deadline.at(), all_arrived);
    std::vector<facts::Filesystem> all;
    for (const auto& mount : mounts) {
        const MountAnswer& answer = answers->by_mount.at(mount.mount_point);
        if (auto one = outcome(mount, asked.at(mount.mount_point), answer))
            all.push_back(*std::move(one));
    }
    return all;
}

} // namespace probe
