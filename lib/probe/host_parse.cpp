// SPDX-License-Identifier: MIT
#include "probe/host_parse.hpp"

#include "core/text.hpp"
#include "probe/proc_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace probe {
namespace {

core::Error garbled(std::string_view file) {
    return {core::ErrorKind::observer,
            "read",
            std::string{file},
            std::string{file} + " is not of the form that the kernel writes",
            "",
            core::Phase::none,
            {}};
}

std::optional<CpuTimes> parse_times(std::string_view text) {
    // user nice system idle iowait irq softirq steal; old kernels write fewer.
    std::array<std::uint64_t, 8> ticks{};
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const auto word = take_word(text);
        if (word.empty() && i >= 4) break;
        const auto number = parse_count(word);
        if (!number) return std::nullopt;
        ticks.at(i) = *number;
    }
    return CpuTimes{ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6], ticks[3], ticks[4],
                    ticks[7]};
}

struct Shares {
    double busy = 0;
    double iowait = 0;
    double steal = 0;
};

/// Returns how the time between two looks was spent; nothing when none has passed.
std::optional<Shares> compare(const CpuTimes& first, const CpuTimes& second) {
    const auto busy = static_cast<double>(grown(first.busy, second.busy));
    const auto idle = static_cast<double>(grown(first.idle, second.idle));
    // iowait is known to go backwards now and then (proc(5)).
    const auto iowait = static_cast<double>(grown(first.iowait, second.iowait));
    const auto steal = static_cast<double>(grown(first.steal, second.steal));
    const double total = busy + idle + iowait + steal;
    if (total <= 0) return std::nullopt;
    return Shares{busy / total, iowait / total, steal / total};
}

constexpr std::array k_not_hardware = std::to_array<std::string_view>(
    {"veth", "docker", "br-", "virbr", "cni", "flannel", "cali", "dummy", "ifb", "podman", "lxc",
     "sit", "ip6tnl", "gre", "erspan", "tunl"});

bool is_hardware(std::string_view name) {
    return name != "lo" && std::ranges::none_of(k_not_hardware, [&](std::string_view prefix) {
               return name.starts_with(prefix);
           });
}

std::optional<InterfaceLook> parse_interface(std::string_view text) {
    // Receive: bytes packets errs drop fifo frame compressed multicast; then the same to transmit.
    std::array<std::uint64_t, 12> columns{};
    for (auto& column : columns) {
        const auto number = parse_count(take_word(text));
        if (!number) return std::nullopt;
        column = *number;
    }
    return InterfaceLook{columns[0], columns[8], columns[1] + columns[9], columns[2] + columns[10],
                         columns[3] + columns[11]};
}

core::Bytes kibibytes(std::optional<std::uint64_t> count) {
    constexpr std::uint64_t k_most = std::uint64_t{1} << 53; // a garbled figure must not overflow
    return {std::min(count.value_or(0), k_most) * 1024};
}

} // namespace

core::Result<CpuLook> parse_stat(std::string_view text) {
    CpuLook look;
    bool found = false;
    for (auto line : core::split(text, '\n')) {
        auto word = take_word(line);
        if (!word.starts_with("cpu")) continue;
        const auto times = parse_times(line);
        if (!times) continue;
        word.remove_prefix(3);
        if (word.empty()) {
            look.all = *times;
            found = true;
        } else if (const auto core = parse_count(word); core && *core < 65536) {
            look.cores[static_cast<int>(*core)] = *times;
        }
    }
    if (!found) return std::unexpected(garbled("/proc/stat"));
    return look;
}

std::map<std::string, InterfaceLook> parse_net_dev(std::string_view text) {
    std::map<std::string, InterfaceLook> all;
    for (const auto line : core::split(text, '\n')) {
        const std::size_t colon = line.rfind(':'); // an alias has one in its name: "eth0:1"
        if (colon == std::string_view::npos) continue;
        const auto name = core::trim(line.substr(0, colon));
        const auto counters = parse_interface(line.substr(colon + 1));
        if (counters && is_hardware(name)) all[std::string{name}] = *counters;
    }
    return all;
}

void compare_cpu(const CpuLook& first, const CpuLook& second, facts::Host& host) {
    const auto moved = compare(first.all, second.all);
    const auto all = moved.value_or(Shares{});
    host.cpu_still = !moved;
    host.cpu_busy = all.busy;
    host.cpu_iowait = all.iowait;
    host.cpu_steal = all.steal;
    host.core_busy.clear();
    for (const auto& [core, times] : second.cores) {
        const auto before = first.cores.find(core);
        host.core_busy.push_back(before == first.cores.end()
                                     ? 0
                                     : compare(before->second, times).value_or(Shares{}).busy);
    }
    host.cpus = std::max(1, static_cast<int>(second.cores.size()));
}

void compare_interfaces(const std::map<std::string, InterfaceLook>& first,
                        const std::map<std::string, InterfaceLook>& second,
                        std::chrono::microseconds window, facts::Host& host) {
    const double seconds = std::chrono::duration<double>(window).count();
    const auto rate = [&](std::uint64_t before, std::uint64_t after) {
        return seconds > 0 ? static_cast<double>(grown(before, after)) / seconds : 0.0;
    };
    for (const auto& [name, now] : second) {
        const auto found = first.find(name);
        // One that appeared in between has no past: what it counted so far is not new trouble.
        const InterfaceLook& before = found == first.end() ? now : found->second;
        facts::Interface entry;
        entry.name = name;
        entry.rx_bytes_per_second = rate(before.rx_bytes, now.rx_bytes);
        entry.tx_bytes_per_second = rate(before.tx_bytes, now.tx_bytes);
        entry.errors = now.errors;
        entry.drops = now.drops;
        entry.new_errors = grown(before.errors, now.errors);
        entry.new_drops = grown(before.drops, now.drops);
        entry.packets = now.packets;
        host.interfaces.push_back(std::move(entry));
    }
}

core::Result<void> parse_meminfo(std::string_view text, facts::Host& host) {
    const auto total = keyed_count(text, "MemTotal");
    if (!total || *total == 0) return std::unexpected(garbled("/proc/meminfo"));
    auto available = keyed_count(text, "MemAvailable");
    if (!available) {
        std::uint64_t sum = 0;
        for (const auto* key : {"MemFree", "Buffers", "Cached"})
            sum += std::min(keyed_count(text, key).value_or(0), *total);
        available = sum;
    }
    host.memory_total = kibibytes(total);
    host.memory_available = std::min(kibibytes(available), host.memory_total);
    host.swap_total = kibibytes(keyed_count(text, "SwapTotal"));
    const auto swap_free = kibibytes(keyed_count(text, "SwapFree"));
    host.swap_used = {grown(swap_free.count, host.swap_total.count)};
    return {};
}

double parse_loadavg(std::string_view text) {
    const auto word = take_word(text);
    double load = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), load);
    return failure == std::errc{} && std::isfinite(load) && load >= 0 ? load : 0;
}

void parse_file_nr(std::string_view text, facts::Host& host) {
    const auto allocated = parse_count(take_word(text));
    const auto unused = parse_count(take_word(text));
    const auto most = parse_count(take_word(text));
    if (!allocated || !unused || !most) return;
    host.descriptors_used = grown(*unused, *allocated);
    host.descriptors_max = *most;
}

} // namespace probe
