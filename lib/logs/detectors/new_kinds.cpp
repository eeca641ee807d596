// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/words.hpp"
#include "logs/known.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace logs {
namespace {

constexpr std::size_t k_most_shown = 5;

class NewKindWatcher : public Watcher {
  public:
    std::vector<core::Judged> judge(const Summary& summary) override {
        core::Judged judged{.subject = "kinds"};
        auto& judgement = judged.judgement;
        if (summary.known_hours < Known::k_enough_hours) {
            judgement.verdict = core::Verdict::skipped;
            judgement.message = fmt::format("no baseline yet: {} of {} hours", summary.known_hours,
                                            Known::k_enough_hours);
            return {judged};
        }
        std::vector<const Template*> fresh;
        for (const auto& one : summary.mined.templates)
            if (one.is_new) fresh.push_back(&one);
        std::ranges::stable_sort(fresh, std::ranges::greater{},
                                 [](const Template* one) { return one->seen.worst; });
        judgement.measured = core::Measured{.value = std::ssize(fresh), .unit = "count"};
        judgement.message = judgement.brief = core::count_of(std::ssize(fresh), "new kind");
        judgement.verdict = core::Verdict::ok;
        if (fresh.empty()) return {judged};
        const auto grave = std::ranges::count_if(
            fresh, [](const Template* one) { return one->seen.worst >= Level::error; });
        if (grave > 0) {
            judgement.verdict = core::Verdict::warning;
            judgement.message += fmt::format(", {} of them of errors", grave);
        }
        for (const auto* one : fresh) {
            if (judgement.evidence.size() == k_most_shown) break;
            judgement.evidence.push_back(
                {"log", fmt::format("×{} {}  {}", one->seen.count, one->id, shown(one->example))});
        }
        return {judged};
    }
};

} // namespace

extern const Detector k_new_kinds;
const Detector k_new_kinds{
    {.id = "logs.new",
     .title = "New kinds of messages",
     .group = "new",
     .section = "daily/log-review",
     .what = "Compares the kinds of messages with those that earlier runs have seen in these logs.",
     .why = "What was never said before is where a change shows first.",
     .threshold = "Warning for a new kind of error; nothing is new before 24 hours of logs were "
                  "looked at.",
     .remediation = "gallery-ops logs --new; known now: gallery-ops logs --ack ID --until DATE",
     .reference = "playbook, daily log review"},
    start_watcher<NewKindWatcher>};

} // namespace logs
