// SPDX-License-Identifier: MIT
#include "probe/host.hpp"

#include "core/text.hpp"
#include "probe/cgroup.hpp"
#include "probe/counters.hpp"
#include "probe/host_parse.hpp"
#include "probe/mounts.hpp"
#include "probe/pause.hpp"
#include "probe/proc_file.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>

namespace probe {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// When a control group of ours is fuller than the host, it is the memory that ends first here.
void look_at_own_group(const HostRoots& roots, const std::vector<MountEntry>& mounts,
                       facts::Host& host) {
    const auto membership = try_read(roots.proc / "self/cgroup");
    if (!membership) return;
    const auto tightest = tightest_memory(locate_cgroup(*membership, mounts, roots).memory);
    if (!tightest || tightest->limit->count == 0 || *tightest->limit >= host.memory_total) return;
    const core::Bytes left{grown(tightest->working_set.count, tightest->limit->count)};
    const auto share_left = [](core::Bytes available, core::Bytes total) {
        return static_cast<double>(available.count) / static_cast<double>(total.count);
    };
    if (share_left(left, *tightest->limit) >= share_left(host.memory_available, host.memory_total))
        return;
    host.memory_total = *tightest->limit;
    host.memory_available = left;
    host.memory_of_group = true;
}

core::Error stopped() {
    return {core::ErrorKind::cancelled,
            "look at the host",
            "",
            "interrupted",
            "",
            core::Phase::none,
            {}};
}

} // namespace

core::Result<HostLook> look_at_host(const HostRoots& roots) {
    TRY_ASSIGN(const std::string stat, read_proc_file(roots.proc / "stat"));
    HostLook seen;
    seen.at = Clock::now();
    TRY_ASSIGN(seen.cpu, parse_stat(stat));
    seen.interfaces = parse_net_dev(try_read(roots.proc / "net/dev").value_or(""));
    // Bridges between containers may have any name.
    std::erase_if(seen.interfaces, [&](const auto& each) {
        std::error_code failure;
        return std::filesystem::exists(roots.sys / "class/net" / each.first / "bridge", failure);
    });
    return seen;
}

core::Result<facts::Host> observe_host(
    std::chrono::milliseconds window, core::Deadline deadline,
    // NOLINTNEXTLINE(performance-unnecessary-value-param): every probe takes its stop by value
    std::stop_token stop, const HostRoots& roots, const Counters* earlier) {
    facts::Host host;
    HostLook first;
    if (earlier != nullptr) {
        first = {earlier->at, earlier->cpu, earlier->interfaces};
    } else {
        TRY_ASSIGN(first, look_at_host(roots));
    }
    TRY_ASSIGN(const std::string meminfo, read_proc_file(roots.proc / "meminfo"));
    TRY(parse_meminfo(meminfo, host));
    const auto mounts = parse_mountinfo(try_read(roots.proc / "self/mountinfo").value_or(""));
    look_at_own_group(roots, mounts, host);
    host.name = core::trim(try_read(roots.proc / "sys/kernel/hostname").value_or(""));
    host.load1 = parse_loadavg(try_read(roots.proc / "loadavg").value_or(""));
    parse_file_nr(try_read(roots.proc / "sys/fs/file-nr").value_or(""), host);

    const auto span = fitting(window, deadline);
    const auto wake_at = core::Deadline{first.at + span}; // long ago, with earlier counters
    // A live file system answers at once; a dead one must not use up the time of the second look.
    const auto patience = deadline.within(std::max<std::chrono::milliseconds>(
        span, std::min<std::chrono::milliseconds>(deadline.remaining() / 2, 2s)));
    host.filesystems = measure(real_filesystems(mounts), patience, stop);
    if (!pause(wake_at.remaining(), deadline, stop)) return std::unexpected(stopped());

    TRY_ASSIGN(const HostLook second, look_at_host(roots));
    const auto between = second.at - first.at;
    host.window = std::chrono::duration_cast<std::chrono::milliseconds>(between);
    compare_cpu(first.cpu, second.cpu, host);
    compare_interfaces(first.interfaces, second.interfaces,
                       std::chrono::duration_cast<std::chrono::microseconds>(between), host);
    return host;
}

} // namespace probe
