// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace logs {
namespace {

constexpr std::int64_t k_enough_events = 50;
constexpr std::int64_t k_least_slices = 8;
constexpr int k_times_longer = 3;
constexpr auto k_least = std::chrono::seconds{60};

/// What a service said, and until when it could have said something.
struct Voice {
    Course<Count> course{};
    bool is_live = false;
};

/// How regular a service speaks, and how long it has not.
struct Pauses {
    std::int64_t events = 0;
    std::int64_t slices = 0;        ///< with an event in them
    std::int64_t span = 0;          ///< slices from the first to the last
    std::chrono::seconds longest{}; ///< of those that ended
    core::Time last{};              ///< end of the last slice with an event
};

Pauses pauses_of(const Course<Count>& course) {
    Pauses pauses;
    const auto& slices = course.slices();
    std::size_t before = 0;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        if (slices[i].count == 0) continue;
        pauses.events += slices[i].count;
        ++pauses.slices;
        pauses.longest =
            std::max(pauses.longest, static_cast<std::int64_t>(i - before) * course.width());
        before = i;
    }
    pauses.span = std::ssize(slices);
    pauses.last = course.begin_of(before) + course.width();
    return pauses;
}

class SilenceWatcher : public Watcher {
  public:
    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::string, Voice> voices;
        for (const auto& source : summary.sources) {
            auto& voice = voices[source.service];
            voice.course.add(source.course);
            voice.is_live = voice.is_live || source.is_live;
        }
        std::vector<core::Judged> all;
        for (const auto& [service, voice] : voices) {
            const auto pauses = pauses_of(voice.course);
            // Who speaks now and then may be silent.
            if (pauses.events < k_enough_events || pauses.slices < k_least_slices
                || 2 * pauses.slices < pauses.span)
                continue;
            all.push_back(
                judge_service(service, pauses, voice.is_live ? summary.end : *summary.last));
        }
        return all;
    }

  private:
    static core::Judged judge_service(const std::string& service, const Pauses& pauses,
                                      core::Time end) {
        core::Judged judged{.subject = service, .component = service};
        auto& judgement = judged.judgement;
        const auto silent = std::max(std::chrono::floor<std::chrono::seconds>(end - pauses.last),
                                     std::chrono::seconds{});
        const auto limit = std::max<std::chrono::seconds>(k_times_longer * pauses.longest, k_least);
        judgement.measured = core::Measured{.value = static_cast<double>(silent.count()),
                                            .unit = "s",
                                            .warn = static_cast<double>(limit.count())};
        judgement.verdict = core::Verdict::ok;
        judgement.message = "it speaks as often as before";
        if (silent <= limit) return judged;
        judgement.verdict = core::Verdict::warning;
        judgement.message =
            fmt::format("silent for {}; before that it never was for longer than {}",
                        core::format_duration(silent),
                        core::format_duration(std::max<std::chrono::seconds>(
                            pauses.longest, std::chrono::seconds{1})));
        judgement.since = pauses.last;
        return judged;
    }
};

} // namespace

extern const Detector k_silence;
const Detector k_silence{
    {.id = "logs.silence",
     .title = "Silence",
     .group = "silence",
     .section = "daily/log-review",
     .what =
         "Compares how long a service that speaks all the time has said nothing with its pauses "
         "before.",
     .why = "What hangs logs no error.",
     .threshold =
         "Warning after three times its longest pause and a minute, for services that speak "
         "in at least half of the time looked at.",
     .remediation = "gallery-ops health --component NAME",
     .reference = "playbook, daily log review"},
    start_watcher<SilenceWatcher>};

} // namespace logs
