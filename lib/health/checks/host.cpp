// SPDX-License-Identifier: MIT
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace health::checks {
namespace {

using config::Config;
using core::Judgement;
using facts::Host;

/// Returns what each core did: all of a few, the busiest and the quietest of many.
std::string per_core(const std::vector<double>& cores) {
    constexpr std::size_t k_few = 8;
    if (cores.empty()) return "not told by core";
    std::vector<std::string> shares;
    for (const double busy : cores)
        shares.push_back(core::format_percent({busy * 100}));
    if (cores.size() <= k_few) return fmt::format("by core {}", fmt::join(shares, ", "));
    const auto [least, most] = std::ranges::minmax_element(cores);
    return fmt::format("busiest core {}, quietest {}", core::format_percent({*most * 100}),
                       core::format_percent({*least * 100}));
}

Judgement judge_cpu(const Host& host, const Config& config, core::Time /*now*/) {
    if (host.cpu_still)
        return unknown(fmt::format("the kernel's CPU counters (/proc/stat) did not move over {}",
                                   core::format_duration(host.window)));
    const core::Percent busy{host.cpu_busy * 100};
    const auto what =
        fmt::format("cpu {{}} of {} over {}, {}, load {}", core::count_of(host.cpus, "core"),
                    core::format_duration(host.window), per_core(host.core_busy),
                    core::format_number(host.load1));
    auto made = judge_share(busy, {config.thresholds.cpu}, what,
                            fmt::format("cpu {} over {}", core::format_percent(busy),
                                        core::format_duration(host.window)));
    if (host.cpu_iowait > 0.3)
        made.message +=
            fmt::format(", waiting for disks {}", core::format_percent({host.cpu_iowait * 100}));
    if (host.cpu_steal > 0.1)
        made.message += fmt::format(", stolen by the hypervisor {}",
                                    core::format_percent({host.cpu_steal * 100}));
    return made;
}

Judgement judge_memory(const Host& host, const Config& config, core::Time /*now*/) {
    if (host.memory_total.count == 0)
        return unknown("the kernel does not tell the size of the memory");
    const core::Bytes used{host.memory_total.count
                           - std::min(host.memory_available.count, host.memory_total.count)};
    const auto share =
        share_of(static_cast<double>(used.count), static_cast<double>(host.memory_total.count));
    const auto whose = host.memory_of_group ? " of gallery-ops' own control group" : "";
    return judge_share(share, {config.thresholds.memory, k_nearly_full},
                       "memory {}, " + core::format_bytes_of(used, host.memory_total) + whose,
                       fmt::format("memory {}{}", core::format_percent(share), whose));
}

/// Runs `judge_one` for every file system of the host.
template <class Judge>
std::vector<Judged> each_filesystem(const facts::Observations& seen, Judge judge_one) {
    std::vector<Judged> all;
    for (const auto& host : seen.host) {
        if (!host.result) continue;
        for (const auto& filesystem : host.result->filesystems) {
            if (auto made = judge_one(filesystem))
                all.push_back({filesystem.mount_point, "host", filesystem.device, host.duration,
                               std::move(*made)});
        }
    }
    return all;
}

std::vector<Judged> judge_disks(const facts::Observations& seen, const Config& config,
                                const core::CheckSpec& /*spec*/) {
    return each_filesystem(seen, [&](const facts::Filesystem& disk) -> std::optional<Judgement> {
        if (disk.unresponsive) return unknown("the file system does not answer statvfs");
        if (!disk.problem.empty()) return unknown("its space is not known: " + disk.problem);
        if (disk.total.count == 0) return std::nullopt;
        const auto share =
            share_of(static_cast<double>(disk.used.count), static_cast<double>(disk.total.count));
        auto made =
            judge_share(share, {config.thresholds.disk, k_nearly_full},
                        "{} of " + core::format_bytes(disk.total),
                        fmt::format("disk {} {}", disk.mount_point, core::format_percent(share)));
        if (made.verdict != core::Verdict::ok)
            made.remediation =
                "docker system df; du -xhd1 " + disk.mount_point + " | sort -h | tail";
        return made;
    });
}

std::vector<Judged> judge_inodes(const facts::Observations& seen, const Config& config,
                                 const core::CheckSpec& /*spec*/) {
    return each_filesystem(seen, [&](const facts::Filesystem& disk) -> std::optional<Judgement> {
        if (disk.unresponsive || disk.inodes_total == 0) return std::nullopt;
        const auto share =
            share_of(static_cast<double>(disk.inodes_used), static_cast<double>(disk.inodes_total));
        return judge_share(share, {config.thresholds.inodes, k_nearly_full},
                           fmt::format("{{}} of {} inodes", disk.inodes_total), {});
    });
}

std::vector<Judged> judge_network(const facts::Observations& seen, const Config& /*config*/,
                                  const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& host : seen.host) {
        if (!host.result) continue;
        for (const auto& link : host.result->interfaces) {
            const auto rate = [](double bytes) {
                return core::format_bytes({static_cast<std::uint64_t>(std::max(0.0, bytes))});
            };
            const auto message = fmt::format(
                "{}/s in, {}/s out, {} new errors and {} drops over {}",
                rate(link.rx_bytes_per_second), rate(link.tx_bytes_per_second), link.new_errors,
                link.new_drops, core::format_duration(host.result->window));
            auto made = link.new_errors > 0 ? warning(message) : ok(message);
            made.measured = figure(static_cast<double>(link.new_errors), "count");
            all.push_back({link.name, "host", link.name, host.duration, std::move(made)});
        }
    }
    return all;
}

Judgement judge_descriptors(const Host& host, const Config& /*config*/, core::Time /*now*/) {
    if (host.descriptors_max == 0)
        return skipped("the kernel does not tell its limit of open files");
    const auto share = share_of(static_cast<double>(host.descriptors_used),
                                static_cast<double>(host.descriptors_max));
    return judge_share(
        share, {{80}, k_nearly_full},
        fmt::format("{{}} of the files that the kernel allows: {} open", host.descriptors_used),
        {});
}

} // namespace

const Check k_host_cpu{{.id = "health.host-cpu",
                        .title = "Host CPU",
                        .group = "host",
                        .section = "daily/system-health-check",
                        .what = "Looks twice at /proc/stat and takes the busy share of all cores "
                                "in between; the window is printed.",
                        .why = "A host without idle time makes every service slow at once.",
                        .threshold = "Warning from 80 %; unknown where the counters stand still.",
                        .setting = "thresholds.cpu",
                        .remediation = "top -o %CPU; docker stats",
                        .reference = "proc(5), /proc/stat",
                        .when_unreachable = core::Verdict::unknown},
                       each<&facts::Observations::host, judge_cpu>};

const Check k_host_memory{
    {.id = "health.host-memory",
     .title = "Host memory",
     .group = "host",
     .section = "daily/system-health-check",
     .what = "Takes MemTotal less MemAvailable: what the kernel has to keep, page cache left out. "
             "Where gallery-ops' own control group has less of its limit left, that is told.",
     .why = "When it runs out the kernel kills a process of its own choice.",
     .threshold = "Warning from 85 %, critical from 97 %.",
     .setting = "thresholds.memory",
     .remediation = "docker stats --no-stream; ps aux --sort=-rss | head",
     .reference = "proc(5), /proc/meminfo"},
    each_observed<&facts::Observations::host, judge_memory>};

const Check k_host_disk{
    {.id = "health.disk",
     .title = "Disk space",
     .group = "host",
     .section = "daily/system-health-check",
     .what =
         "Takes the used share of each real file system, as an unprivileged process can fill it.",
     .why = "A full disk stops the database, the logs and the backups together.",
     .threshold = "Warning from 90 %, critical from 97 %; unknown where statvfs fails or hangs.",
     .setting = "thresholds.disk",
     .remediation = "docker system df; gallery-ops health --explain health.disk",
     .reference = "statvfs(3)"},
    judge_disks};

const Check k_host_inodes{
    {.id = "health.inodes",
     .title = "Inodes",
     .group = "host",
     .section = "daily/system-health-check",
     .what = "Takes the used share of each file system's inodes.",
     .why = "Without inodes no file can be made, however much space is left.",
     .threshold = "Warning from 90 %, critical from 97 %.",
     .setting = "thresholds.inodes",
     .remediation = "find the folder with most files: du --inodes -xd2 / | sort -n | tail",
     .reference = "statvfs(3)"},
    judge_inodes};

const Check k_host_network{
    {.id = "health.network",
     .title = "Network interfaces",
     .group = "host",
     .section = "daily/system-health-check",
     .what = "Counts errors and drops of each interface between the two looks.",
     .why = "Errors on a link show as random time-outs everywhere else.",
     .threshold = "Warning with any new error within the window.",
     .remediation = "ip -s link; ethtool -S INTERFACE",
     .reference = "proc(5), /proc/net/dev"},
    judge_network};

const Check k_host_descriptors{
    {.id = "health.descriptors",
     .title = "Open files of the host",
     .group = "host",
     .section = "daily/system-health-check",
     .what = "Takes the number of open files against the kernel's limit.",
     .why = "At the limit no process can open a file or a socket.",
     .threshold = "Warning from 80 %, critical from 97 %.",
     .remediation = "lsof | awk '{print $1}' | sort | uniq -c | sort -n | tail",
     .reference = "proc(5), /proc/sys/fs/file-nr"},
    each_observed<&facts::Observations::host, judge_descriptors>};

} // namespace health::checks
