// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/words.hpp"
#include "logs/summary.hpp"
#include "logs/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace logs {
namespace {

enum class Shortage : std::uint8_t { memory, disk, descriptors, connections, crash };

struct Sign {
    std::string_view words{};
    Shortage of = Shortage::memory;
    bool is_grave = true; ///< somebody was refused or ended, not only warned
};

/// What programs and the kernel say when there is no more of something. In the order of looking.
constexpr auto k_signs = std::to_array<Sign>({
    {"Out of memory", Shortage::memory},
    {"out of memory", Shortage::memory},
    {"oom-kill", Shortage::memory},
    {"invoked oom-killer", Shortage::memory},
    {"Memory cgroup out of memory", Shortage::memory},
    {"Cannot allocate memory", Shortage::memory},
    {"cannot allocate memory", Shortage::memory},
    {"OutOfMemoryError", Shortage::memory},
    {"MemoryError", Shortage::memory},
    {"std::bad_alloc", Shortage::memory},
    {"heap limit Allocation failed", Shortage::memory},
    {"OOM command not allowed", Shortage::memory},
    {"memory is nearly used up", Shortage::memory, false},
    {"No space left on device", Shortage::disk},
    {"no space left on device", Shortage::disk},
    {"Disk quota exceeded", Shortage::disk},
    {"ENOSPC", Shortage::disk},
    {"Too many open files", Shortage::descriptors},
    {"too many open files", Shortage::descriptors},
    {"EMFILE", Shortage::descriptors},
    {"too many clients already", Shortage::connections},
    {"remaining connection slots are reserved", Shortage::connections},
    {"max number of clients reached", Shortage::connections},
    {"worker_connections are not enough", Shortage::connections},
    {"QueuePool limit", Shortage::connections},
    {"connection pool exhausted", Shortage::connections},
    {"was terminated by signal", Shortage::crash},
    {"Segmentation fault", Shortage::crash},
    {"segfault at", Shortage::crash},
    {"core dumped", Shortage::crash},
    {"goroutine 1 [running]", Shortage::crash},
    {"panic: ", Shortage::crash},
    {"exited on signal", Shortage::crash},
    {"Worker timeout", Shortage::crash},
    {"WORKER TIMEOUT", Shortage::crash},
});

constexpr std::array<std::string_view, 5> k_names{"memory", "disk", "descriptors", "connections",
                                                  "crash"};
constexpr std::array<std::string_view, 5> k_told{"ran out of memory", "found no room on a disk",
                                                 "ran out of file descriptors",
                                                 "ran out of connections", "crashed"};

const Sign* sign_in(std::string_view message) {
    const auto found = std::ranges::find_if(k_signs, [&](const Sign& sign) {
        return message.find(sign.words) != std::string_view::npos;
    });
    return found == k_signs.end() ? nullptr : &*found;
}

struct Signs {
    std::int64_t count = 0;
    bool is_grave = false;
    std::string example{};
    Times times{};
};

class ResourceWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants(const Event& event) const override {
        return sign_in(event.message) != nullptr;
    }

    void see(const Event& event, Stream stream) override {
        const auto* sign = sign_in(event.message);
        if (sign == nullptr) return;
        Signs one{1, sign->is_grave, std::string{event.message.substr(0, 300)}};
        one.times.add(event.time);
        join(m_signs[{stream, sign->of}], one);
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& [key, signs] : dynamic_cast<ResourceWatcher&>(other).m_signs)
            join(m_signs[{stream, key.second}], signs);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::pair<std::string, Shortage>, Signs> services;
        for (const auto& [key, signs] : m_signs)
            join(services[{summary.sources.at(key.first).service, key.second}], signs);
        std::vector<core::Judged> all;
        for (const auto& [key, signs] : services)
            all.push_back(
                judge_shortage(key.first, key.second, signs, command_for(summary, key.first)));
        if (all.empty()) all.push_back(all_well());
        return all;
    }

  private:
    static void join(Signs& whole, const Signs& part) {
        whole.count += part.count;
        whole.is_grave = whole.is_grave || part.is_grave;
        if (whole.example.empty()) whole.example = part.example;
        whole.times.add(part.times);
    }

    static core::Judged all_well() {
        core::Judged judged{.subject = "resources"};
        judged.judgement.verdict = core::Verdict::ok;
        judged.judgement.message = judged.judgement.brief = "nothing ran out";
        return judged;
    }

    static core::Judged judge_shortage(const std::string& service, Shortage shortage,
                                       const Signs& signs, const std::string& command) {
        const auto place = static_cast<std::size_t>(std::to_underlying(shortage));
        core::Judged judged{.subject = fmt::format("{} {}", service, k_names.at(place)),
                            .component = service};
        auto& judgement = judged.judgement;
        judgement.verdict = signs.is_grave ? core::Verdict::critical : core::Verdict::warning;
        judgement.measured =
            core::Measured{.value = signs.count, .unit = "count", .warn = 1, .crit = 1};
        judgement.message =
            signs.is_grave ? k_told.at(place) : "says that its memory is nearly used up";
        if (signs.count > 1) judgement.message += fmt::format(", {} times", signs.count);
        judgement.evidence.push_back({"log", shown(signs.example)});
        judgement.since = signs.times.first;
        if (signs.times.first)
            judgement.remediation =
                fmt::format("{} --since {} -v", command,
                            core::format_utc(*signs.times.first - std::chrono::minutes{1}));
        return judged;
    }

    std::map<std::pair<Stream, Shortage>, Signs> m_signs{};
};

} // namespace

extern const Detector k_resources;
const Detector k_resources{
    {.id = "logs.resources",
     .title = "Resources used up",
     .group = "resources",
     .section = "emergency/outage",
     .what = "Looks for what programs and the kernel say when memory, disk, file descriptors or "
             "connections are used up, and when a program crashes.",
     .why = "The errors that follow name everything but this.",
     .threshold = "Critical from the first time on; warning when a program says that its memory is "
                  "nearly used up.",
     .remediation = "gallery-ops health --component NAME: how much is used now",
     .reference = "errno(3): ENOMEM, ENOSPC, EMFILE; PostgreSQL, appendix A: class 53"},
    start_watcher<ResourceWatcher>};

} // namespace logs
