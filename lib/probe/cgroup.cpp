// SPDX-License-Identifier: MIT
#include "probe/cgroup.hpp"

#include "core/text.hpp"
#include "probe/proc_file.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace probe {
namespace {

namespace fs = std::filesystem;

/// One line of /proc/PID/cgroup (cgroups(7)): "4:memory:/docker/ID", "0::/system.slice/x".
struct Membership {
    std::string controllers{}; ///< empty: version 2
    std::string path{};
};

std::vector<Membership> parse_membership(std::string_view text) {
    std::vector<Membership> all;
    for (const auto line : core::split(text, '\n')) {
        const std::size_t first = line.find(':');
        if (first == std::string_view::npos) continue;
        const std::size_t second = line.find(':', first + 1);
        if (second == std::string_view::npos) continue;
        all.push_back({std::string{line.substr(first + 1, second - first - 1)},
                       std::string{line.substr(second + 1)}});
    }
    return all;
}

bool lists(std::string_view comma_list, std::string_view word) {
    return std::ranges::count(core::split(comma_list, ','), word) > 0;
}

/// Maps a path of the running system to where the roots say that it is.
fs::path rooted(const std::string& path, const HostRoots& roots) {
    if (path.starts_with("/sys/") || path == "/sys")
        return roots.sys / fs::path{path.substr(std::min<std::size_t>(path.size(), 5))};
    return path;
}

std::string cut_behind(const std::string& path, std::string_view part) {
    if (part.empty()) return path;
    const std::size_t at = path.find(part);
    if (at == std::string::npos) return path;
    return path.substr(0, path.find('/', at));
}

/// The folder of `path` in the hierarchy that is mounted as `mount` says. Inside a container the
/// mount shows only a part of the hierarchy, whose name the path then starts with.
Cgroup::Place place_in(const MountEntry& mount, const std::string& path, const HostRoots& roots,
                       bool version2) {
    const fs::path top = rooted(mount.mount_point, roots);
    std::string inside = path;
    if (mount.root != "/" && path.starts_with(mount.root)) inside = path.substr(mount.root.size());
    while (inside.starts_with('/'))
        inside.erase(0, 1);
    std::error_code failure;
    const fs::path folder = inside.empty() ? top : top / inside;
    if (fs::is_directory(folder, failure)) return {folder, top, version2};
    return {};
}

Cgroup::Place place_of(std::string_view controller, const std::vector<Membership>& memberships,
                       const std::vector<MountEntry>& mounts, const HostRoots& roots,
                       std::string_view stop_at) {
    for (const bool version2 : {false, true}) {
        const auto member = std::ranges::find_if(memberships, [&](const Membership& m) {
            return version2 ? m.controllers.empty() : lists(m.controllers, controller);
        });
        const auto mount = std::ranges::find_if(mounts, [&](const MountEntry& m) {
            return version2 ? m.type == "cgroup2"
                            : m.type == "cgroup" && lists(m.super_options, controller);
        });
        if (member == memberships.end() || mount == mounts.end()) continue;
        auto place = place_in(*mount, cut_behind(member->path, stop_at), roots, version2);
        if (!place.folder.empty()) return place;
    }
    return {};
}

std::optional<std::uint64_t> count_in(const fs::path& file) {
    const auto text = try_read(file);
    return text ? parse_count(*text) : std::nullopt;
}

std::optional<std::uint64_t> keyed_in(const fs::path& file, std::string_view key) {
    const auto text = try_read(file);
    return text ? keyed_count(*text, key) : std::nullopt;
}

/// Version 1 writes "no limit" as the largest multiple of the page size.
constexpr std::uint64_t k_unlimited = std::uint64_t{1} << 60;

std::optional<core::Bytes> memory_limit(const Cgroup::Place& place) {
    const auto limit =
        count_in(place.folder / (place.version2 ? "memory.max" : "memory.limit_in_bytes"));
    if (!limit || *limit >= k_unlimited) return std::nullopt;
    return core::Bytes{*limit};
}

/// "50000 100000" or "max 100000" (cpu.max), in cores.
std::optional<double> quota(std::string_view text) {
    const auto allowed = parse_count(take_word(text));
    const auto period = parse_count(take_word(text));
    if (!allowed || !period || *period == 0 || *allowed == 0) return std::nullopt;
    return static_cast<double>(*allowed) / static_cast<double>(*period);
}

std::optional<CgroupCpu> look_at_cpu1(const Cgroup& group) {
    const auto usage = count_in(group.cpuacct.folder / "cpuacct.usage");
    if (!usage) return std::nullopt;
    CgroupCpu cpu;
    cpu.usage_us = *usage / 1000;
    if (group.cpu.folder.empty() || group.cpu.version2) return cpu;
    // "-1" means no quota; it is no count, so nothing comes of it.
    const auto allowed = try_read(group.cpu.folder / "cpu.cfs_quota_us").value_or("");
    const auto period = try_read(group.cpu.folder / "cpu.cfs_period_us").value_or("");
    cpu.quota_cores = quota(allowed + " " + period);
    const auto stat = try_read(group.cpu.folder / "cpu.stat").value_or("");
    cpu.periods = keyed_count(stat, "nr_periods").value_or(0);
    cpu.throttled = keyed_count(stat, "nr_throttled").value_or(0);
    return cpu;
}

std::optional<CgroupCpu> look_at_cpu2(const Cgroup& group) {
    const auto stat = try_read(group.cpu.folder / "cpu.stat");
    const auto usage = stat ? keyed_count(*stat, "usage_usec") : std::nullopt;
    if (!usage) return std::nullopt;
    CgroupCpu cpu;
    cpu.usage_us = *usage;
    cpu.quota_cores = quota(try_read(group.cpu.folder / "cpu.max").value_or(""));
    cpu.periods = keyed_count(*stat, "nr_periods").value_or(0);
    cpu.throttled = keyed_count(*stat, "nr_throttled").value_or(0);
    return cpu;
}

} // namespace

Cgroup locate_cgroup(std::string_view proc_cgroup, const std::vector<MountEntry>& mounts,
                     const HostRoots& roots, std::string_view stop_at) {
    const auto memberships = parse_membership(proc_cgroup);
    Cgroup group;
    group.memory = place_of("memory", memberships, mounts, roots, stop_at);
    group.cpu = place_of("cpu", memberships, mounts, roots, stop_at);
    group.cpuacct = place_of("cpuacct", memberships, mounts, roots, stop_at);
    return group;
}

std::optional<CgroupMemory> look_at_memory(const Cgroup::Place& place) {
    if (place.folder.empty()) return std::nullopt;
    const bool v2 = place.version2;
    const auto usage = count_in(place.folder / (v2 ? "memory.current" : "memory.usage_in_bytes"));
    if (!usage) return std::nullopt;
    const auto inactive =
        keyed_in(place.folder / "memory.stat", v2 ? "inactive_file" : "total_inactive_file");
    CgroupMemory memory;
    memory.working_set = {grown(inactive.value_or(0), *usage)};
    memory.limit = memory_limit(place);
    memory.oom_kills =
        keyed_in(place.folder / (v2 ? "memory.events" : "memory.oom_control"), "oom_kill");
    return memory;
}

std::optional<CgroupCpu> look_at_cpu(const Cgroup& group) {
    if (!group.cpuacct.folder.empty() && !group.cpuacct.version2) return look_at_cpu1(group);
    if (!group.cpu.folder.empty() && group.cpu.version2) return look_at_cpu2(group);
    return std::nullopt;
}

std::optional<CgroupMemory> tightest_memory(const Cgroup::Place& place) {
    std::optional<CgroupMemory> tightest;
    Cgroup::Place level = place;
    constexpr int k_most_levels = 64;
    for (int depth = 0; depth < k_most_levels && !level.folder.empty(); ++depth) {
        const auto seen = look_at_memory(level);
        if (seen && seen->limit && (!tightest || *seen->limit < *tightest->limit)) tightest = seen;
        if (level.folder == level.top || level.folder == level.folder.parent_path()) break;
        level.folder = level.folder.parent_path();
    }
    return tightest;
}

} // namespace probe
