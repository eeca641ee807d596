// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

namespace logs {
namespace {

constexpr std::int64_t k_enough = 100;  ///< lines of both kinds
constexpr double k_unparsed_limit = 20; ///< percent of the lines
constexpr double k_binary_limit = 1;

double percent(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

core::Judgement judge_source(const Source& source) {
    core::Judgement judgement;
    const auto looked_at = source.parsed + source.unparsed;
    const auto unparsed = percent(source.unparsed, looked_at);
    judgement.measured = core::Measured{.value = unparsed, .unit = "%", .warn = k_unparsed_limit};
    if (!source.problem.empty()) {
        judgement.verdict = core::Verdict::unknown;
        judgement.message = source.problem;
        return judgement;
    }
    judgement.verdict = core::Verdict::ok;
    judgement.message = judgement.brief = core::count_of(source.read, "line");
    // A log without any form is plain text, and read as that.
    if (source.parsed >= k_enough && source.unparsed >= k_enough && unparsed >= k_unparsed_limit) {
        judgement.verdict = core::Verdict::warning;
        judgement.message =
            fmt::format("{} of {} have no known form: {} (limit 20 %)", source.unparsed,
                        core::count_of(looked_at, "line"), core::format_percent({unparsed}));
    } else if (percent(source.binary, source.read) >= k_binary_limit && source.binary > 1) {
        judgement.verdict = core::Verdict::warning;
        judgement.message = fmt::format("{} of {} hold no text", source.binary,
                                        core::count_of(source.read, "line"));
    }
    return judgement;
}

class UnreadableWatcher : public Watcher {
  public:
    std::vector<core::Judged> judge(const Summary& summary) override {
        std::vector<core::Judged> all;
        for (const auto& source : summary.sources)
            all.push_back({.subject = core::printable(source.name),
                           .component = source.service,
                           .judgement = judge_source(source)});
        return all;
    }
};

} // namespace

extern const Detector k_unreadable;
const Detector k_unreadable{
    {.id = "logs.read",
     .title = "Logs read",
     .group = "read",
     .section = "daily/log-review",
     .what =
         "Says of every log whether it could be read, and how many of its lines have a form that "
         "is known.",
     .why = "A log that was not read says nothing, which is not the same as nothing to say.",
     .threshold =
         "Unknown when it can't be read; warning when 20 % of the lines have no known form "
         "while others have, or 1 % hold no text.",
     .remediation = "look at such a line: gallery-ops logs FILE -o json, block lines",
     .reference = "playbook, daily log review"},
    start_watcher<UnreadableWatcher>};

} // namespace logs
