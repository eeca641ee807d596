// SPDX-License-Identifier: MIT
#include "probe/docker_usage.hpp"

#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/counters.hpp"
#include "probe/docker.hpp"
#include "probe/docker_api.hpp"
#include "probe/host_parse.hpp"
#include "probe/pause.hpp"
#include "probe/proc_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace probe {
namespace {

using Clock = std::chrono::steady_clock;
using facts::ContainerState;

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return std::nullopt;
    return std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

HostSize size_of_host(const HostRoots& roots) {
    HostSize size;
    facts::Host host;
    if (parse_meminfo(try_read(roots.proc / "meminfo").value_or(""), host))
        size.memory = host.memory_total;
    const auto cpu = parse_stat(try_read(roots.proc / "stat").value_or(""));
    size.cores = cpu ? static_cast<double>(std::max<std::size_t>(cpu->cores.size(), 1)) : 1;
    return size;
}

/// A container whose control group was found, and the first look at it.
struct Watched {
    facts::Container* container = nullptr;
    Cgroup group{};
    GroupLook first{};
};

std::optional<GroupLook> look(const Cgroup& group) {
    const auto cpu = look_at_cpu(group);
    const auto memory = look_at_memory(group.memory);
    if (!cpu || !memory) return std::nullopt;
    return GroupLook{Clock::now(), *cpu, *memory};
}

bool runs(const facts::Container& container) {
    return container.state == ContainerState::running && container.pid > 0 && !container.id.empty();
}

void settle(facts::Container& container, const facts::ContainerUsage& usage) {
    container.usage = usage;
    container.usage_problem.clear();
}

core::Result<Watched> watch(facts::Container& container, const std::vector<MountEntry>& mounts,
                            const HostRoots& roots) {
    core::Error error;
    auto group = cgroup_of(container, mounts, roots);
    if (!group) {
        error.reason = "its process is not to be found in /proc of this host";
        return std::unexpected(std::move(error));
    }
    Watched watched{&container, *std::move(group), {}};
    const auto first = look(watched.group);
    if (!first) {
        error.reason = "its control group tells no CPU or no memory figures";
        return std::unexpected(std::move(error));
    }
    watched.first = *first;
    return watched;
}

/// Puts the first looks of an earlier run in place of ours; false when one is missing.
bool take_earlier(std::vector<Watched>& all, const Counters* earlier) {
    if (earlier == nullptr) return false;
    std::vector<const CgroupCpu*> looks;
    looks.reserve(all.size());
    for (const auto& each : all) {
        looks.push_back(earlier_look(*earlier, *each.container, each.first.cpu));
        if (looks.back() == nullptr) return false;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].first.at = earlier->at;
        all[i].first.cpu = *looks[i];
    }
    return true;
}

using StatsLooks = std::map<std::string, core::Result<StatsLook>>;
using Containers = std::span<facts::Container* const>;

core::Result<StatsLook> look_of(const core::Result<facts::Http>& answer) {
    if (!answer) return std::unexpected(answer.error());
    core::Error error;
    if (answer->status != 200) {
        error.reason = fmt::format("the Engine answers with status {}", answer->status);
        return std::unexpected(std::move(error));
    }
    if (const auto seen = parse_stats(answer->body)) return *seen;
    error.reason = "the Engine's answer has no CPU figures";
    return std::unexpected(std::move(error));
}

void ask_group(const EngineAddress& address, const std::string& api, Containers group,
               core::Deadline deadline, const std::stop_token& stop, StatsLooks& looks) {
    std::vector<net::HttpRequest> requests;
    requests.reserve(group.size());
    for (const auto* container : group)
        requests.push_back(
            address.get(fmt::format("/v{}/containers/{}/stats?stream=false&one-shot=true", api,
                                    net::percent_encode(container->id))));
    const auto answers = net::fetch_all(requests, deadline, stop);
    for (std::size_t i = 0; i < group.size(); ++i)
        looks.insert_or_assign(group[i]->id, look_of(answers[i]));
}

/// Asks for the stats of all, in groups. A group that hangs leaves those after it their time.
StatsLooks ask_stats(const EngineAddress& address, const std::string& api, Containers containers,
                     core::Deadline deadline, const std::stop_token& stop) {
    constexpr std::size_t k_side_by_side = 48; // each takes a descriptor
    StatsLooks looks;
    while (!containers.empty()) {
        const auto groups = (containers.size() + k_side_by_side - 1) / k_side_by_side;
        const auto share = deadline.remaining() / static_cast<std::int64_t>(groups);
        const auto group = containers.first(std::min(k_side_by_side, containers.size()));
        ask_group(address, api, group, deadline.within(share), stop, looks);
        containers = containers.subspan(group.size());
    }
    return looks;
}

/// Keeps why there are no stats of a container that was not measured before.
void keep_problem(facts::Container& container, const core::Error& error) {
    if (!container.usage) container.usage_problem = "its stats: " + core::brief(error);
}

void observe_usage_by_stats(facts::Docker& engine, const config::DockerHost& host,
                            std::chrono::milliseconds window, core::Deadline deadline,
                            const std::stop_token& stop) {
    const auto address = parse_docker_url(host);
    if (!address) return explain_missing(engine, core::brief(address.error()));
    std::vector<facts::Container*> running;
    for (auto& container : engine.containers)
        if (runs(container)) running.push_back(&container);
    if (running.empty()) return;
    const auto began = Clock::now();
    // One that hangs in the first round must not take the time of the second one.
    const auto half = deadline.within(deadline.remaining() / 2);
    const auto first = ask_stats(*address, engine.api_version, running, half, stop);
    std::erase_if(running, [&](facts::Container* container) {
        const auto& seen = first.at(container->id);
        if (!seen) keep_problem(*container, seen.error());
        return !seen;
    });
    if (running.empty() || !pause(fitting(window, deadline), deadline, stop)) return;
    const auto again = Clock::now();
    const auto second = ask_stats(*address, engine.api_version, running, deadline, stop);
    for (auto* container : running) {
        const auto& seen = second.at(container->id);
        if (seen)
            settle(*container,
                   usage_between(*first.at(container->id), *seen, again - began, *container));
        else
            keep_problem(*container, seen.error());
    }
}

} // namespace

facts::ContainerUsage usage_between(const GroupLook& first, const GroupLook& second,
                                    const HostSize& host) {
    facts::ContainerUsage usage;
    const auto between = second.at - first.at;
    usage.window = std::chrono::duration_cast<std::chrono::milliseconds>(between);
    const double seconds = std::chrono::duration<double>(between).count();
    const auto used = static_cast<double>(grown(first.cpu.usage_us, second.cpu.usage_us)) / 1e6;
    if (seconds > 0) usage.cpu_cores = used / seconds;
    usage.cpu_limit_cores = second.cpu.quota_cores.value_or(host.cores);
    usage.memory = second.memory.working_set;
    // A limit beyond the host's memory is none.
    usage.memory_limited =
        second.memory.limit && (host.memory.count == 0 || *second.memory.limit <= host.memory);
    usage.memory_limit = usage.memory_limited ? *second.memory.limit : host.memory;
    usage.oom_kills = second.memory.oom_kills.value_or(0);
    usage.throttled_share = share(grown(first.cpu.throttled, second.cpu.throttled),
                                  grown(first.cpu.periods, second.cpu.periods));
    return usage;
}

facts::ContainerUsage usage_between(const StatsLook& first, const StatsLook& second,
                                    std::chrono::nanoseconds between,
                                    const facts::Container& container) {
    facts::ContainerUsage usage;
    std::chrono::nanoseconds span = second.read - first.read;
    if (first.read == core::Time{} || span <= std::chrono::nanoseconds{0}) span = between;
    usage.window = std::chrono::duration_cast<std::chrono::milliseconds>(span);
    const auto used = static_cast<double>(grown(first.cpu_ns, second.cpu_ns));
    if (span.count() > 0) usage.cpu_cores = used / static_cast<double>(span.count());
    usage.cpu_limit_cores = container.cpu_limit_cores > 0 ? container.cpu_limit_cores
                                                          : static_cast<double>(second.online_cpus);
    usage.memory = second.memory;
    usage.memory_limited = container.memory_limit.count > 0;
    usage.memory_limit = usage.memory_limited ? container.memory_limit : second.memory_limit;
    // A process always has some memory: without any figure the Engine does not count it.
    if (second.memory.count == 0 && second.memory_limit.count == 0) usage.memory_limit = {};
    usage.throttled_share =
        share(grown(first.throttled, second.throttled), grown(first.periods, second.periods));
    return usage;
}

std::optional<Cgroup> cgroup_of(const facts::Container& container,
                                const std::vector<MountEntry>& mounts, const HostRoots& roots) {
    if (!runs(container)) return std::nullopt;
    const auto membership = try_read(roots.proc / std::to_string(container.pid) / "cgroup");
    // The process id may belong to another process by now, and to another host's anyway.
    if (!membership || membership->find(container.id) == std::string::npos) return std::nullopt;
    return locate_cgroup(*membership, mounts, roots, container.id);
}

bool observe_usage_in_cgroups(facts::Docker& engine, std::chrono::milliseconds window,
                              core::Deadline deadline, const std::stop_token& stop,
                              const HostRoots& roots, const Counters* earlier) {
    const auto mounts = parse_mountinfo(try_read(roots.proc / "self/mountinfo").value_or(""));
    std::vector<Watched> watched;
    bool any = false;
    for (auto& container : engine.containers) {
        if (!runs(container)) continue;
        any = true;
        auto found = watch(container, mounts, roots);
        if (found)
            watched.push_back(*std::move(found));
        else if (!container.usage)
            container.usage_problem = found.error().reason;
    }
    if (watched.empty()) return !any;
    if (!take_earlier(watched, earlier) && !pause(fitting(window, deadline), deadline, stop))
        return true;
    const auto host = size_of_host(roots);
    for (const auto& each : watched) {
        if (const auto second = look(each.group))
            settle(*each.container, usage_between(each.first, *second, host));
        else if (!each.container->usage)
            each.container->usage_problem = "its control group went away between two looks";
    }
    return true;
}

void explain_missing(facts::Docker& engine, std::string_view why) {
    for (auto& container : engine.containers) {
        const bool missing = container.state == ContainerState::running && !container.usage;
        if (missing && container.usage_problem.empty()) container.usage_problem = why;
    }
}

void observe_usage(
    facts::Docker& engine, const config::DockerHost& host, std::chrono::milliseconds window,
    core::Deadline deadline,
    // NOLINTNEXTLINE(performance-unnecessary-value-param): every probe takes its stop by value
    std::stop_token stop, const Counters* earlier) {
    const bool looked =
        engine.local && observe_usage_in_cgroups(engine, window, deadline, stop, {}, earlier);
    if (!looked) observe_usage_by_stats(engine, host, window, deadline, stop);
    explain_missing(engine,
                    stop.stop_requested() ? "interrupted" : "the Engine tells no process of it");
}

} // namespace probe
