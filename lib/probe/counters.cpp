// SPDX-License-Identifier: MIT
#include "probe/counters.hpp"

#include "core/text.hpp"
#include "probe/docker_usage.hpp"
#include "probe/mounts.hpp"
#include "probe/proc_file.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <vector>

namespace probe {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto k_youngest = 200ms;
constexpr auto k_stale = 10min;
constexpr std::string_view k_first_line = "counters 1";
/// What the clocks can hold.
constexpr std::uint64_t k_most_nanos = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t k_most_millis = k_most_nanos / 1'000'000;
constexpr std::size_t k_most_text = std::size_t{1} << 20;

std::string boot_id(const HostRoots& roots) {
    return std::string{core::trim(try_read(roots.proc / "sys/kernel/random/boot_id").value_or(""))};
}

/// The words of one line, and numbers where numbers are due.
struct Line {
    std::vector<std::string_view> words{};
    bool sound = true;

    std::uint64_t number(std::size_t place,
                         std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
        std::uint64_t value = 0;
        const auto word = place < words.size() ? words[place] : std::string_view{};
        const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (problem != std::errc{} || end != word.data() + word.size() || value > most)
            sound = false;
        return sound ? value : 0;
    }

    std::string text(std::size_t place) {
        if (place >= words.size()) sound = false;
        return sound ? std::string{words[place]} : std::string{};
    }
};

CpuTimes cpu_times(Line& line, std::size_t first) {
    return {line.number(first), line.number(first + 1), line.number(first + 2),
            line.number(first + 3)};
}

/// Takes one line into `counters`; false when it is none of ours.
bool take(Line line, Counters& counters) {
    const auto kind = line.text(0);
    if (kind == "boot") {
        counters.boot = line.text(1);
    } else if (kind == "taken") {
        counters.taken = core::Time{std::chrono::milliseconds{line.number(1, k_most_millis)}};
        counters.at = Steady::time_point{std::chrono::nanoseconds{line.number(2, k_most_nanos)}};
    } else if (kind == "cpu") {
        counters.cpu.all = cpu_times(line, 1);
    } else if (kind == "core") {
        const auto core = static_cast<int>(line.number(1, 1U << 20U));
        counters.cpu.cores[core] = cpu_times(line, 2);
    } else if (kind == "interface") {
        counters.interfaces[line.text(1)] = {line.number(2), line.number(3), line.number(4),
                                             line.number(5), line.number(6)};
    } else if (kind == "container") {
        auto& cpu = counters.containers[line.text(1)];
        cpu.usage_us = line.number(2);
        cpu.periods = line.number(3);
        cpu.throttled = line.number(4);
    } else {
        return false;
    }
    return line.sound;
}

std::string cpu_text(const CpuTimes& times) {
    return fmt::format("{} {} {} {}", times.busy, times.idle, times.iowait, times.steal);
}

void add_containers(const facts::Docker& engine, const HostRoots& roots,
                    const std::vector<MountEntry>& mounts, Counters& counters) {
    if (!engine.local) return;
    for (const auto& container : engine.containers) {
        const auto group = cgroup_of(container, mounts, roots);
        if (!group) continue;
        if (const auto cpu = look_at_cpu(*group)) counters.containers[container.id] = *cpu;
    }
}

} // namespace

std::optional<Counters> take_counters(const facts::Observations& seen, const HostRoots& roots) {
    Counters counters;
    counters.boot = boot_id(roots);
    counters.taken = std::chrono::system_clock::now();
    const auto host = look_at_host(roots);
    if (!host || counters.boot.empty()) return std::nullopt;
    counters.at = host->at;
    counters.cpu = host->cpu;
    counters.interfaces = host->interfaces;
    const auto mounts = parse_mountinfo(try_read(roots.proc / "self/mountinfo").value_or(""));
    for (const auto& engine : seen.engines)
        if (engine.result) add_containers(*engine.result, roots, mounts, counters);
    return counters;
}

bool is_usable(const Counters& earlier, Steady::time_point now, const HostRoots& roots) {
    const auto age = now - earlier.at;
    return age >= k_youngest && age <= k_stale && earlier.boot == boot_id(roots);
}

const CgroupCpu* earlier_look(const Counters& earlier, const facts::Container& container,
                              const CgroupCpu& now) {
    const auto found = earlier.containers.find(container.id);
    if (found == earlier.containers.end() || !container.started_at) return nullptr;
    const bool ran_on = *container.started_at < earlier.taken;
    return ran_on && found->second.usage_us <= now.usage_us ? &found->second : nullptr;
}

std::string to_text(const Counters& counters) {
    const auto taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(counters.taken.time_since_epoch());
    const auto at =
        std::chrono::duration_cast<std::chrono::nanoseconds>(counters.at.time_since_epoch());
    std::string text =
        fmt::format("{}\nboot {}\ntaken {} {}\ncpu {}\n", k_first_line, counters.boot,
                    taken.count(), at.count(), cpu_text(counters.cpu.all));
    for (const auto& [core, times] : counters.cpu.cores)
        text += fmt::format("core {} {}\n", core, cpu_text(times));
    for (const auto& [name, look] : counters.interfaces)
        text += fmt::format("interface {} {} {} {} {} {}\n", name, look.rx_bytes, look.tx_bytes,
                            look.packets, look.errors, look.drops);
    for (const auto& [id, cpu] : counters.containers)
        text +=
            fmt::format("container {} {} {} {}\n", id, cpu.usage_us, cpu.periods, cpu.throttled);
    return text;
}

std::optional<Counters> parse_counters(std::string_view text) {
    if (text.size() > k_most_text) return std::nullopt;
    const auto lines = core::split(text, '\n');
    if (lines.empty() || lines.front() != k_first_line) return std::nullopt;
    Counters counters;
    for (const auto line : std::span{lines}.subspan(1)) {
        if (line.empty()) continue;
        if (!take({core::split(line, ' ')}, counters)) return std::nullopt;
    }
    if (counters.boot.empty()) return std::nullopt;
    return counters;
}

} // namespace probe
