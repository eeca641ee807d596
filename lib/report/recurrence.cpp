// SPDX-License-Identifier: MIT
#include "report/recurrence.hpp"

#include "report/arrange.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace report {
namespace {

bool was_problem(const facts::Standing& before) {
    return !before.gone && before.verdict != core::Verdict::ok
           && before.verdict != core::Verdict::skipped;
}

std::string_view ordinal_ending(int number) {
    const int tens = number % 100;
    if (tens >= 11 && tens <= 13) return "th";
    switch (number % 10) {
    case 1:
        return "st";
    case 2:
        return "nd";
    case 3:
        return "rd";
    default:
        return "th";
    }
}

} // namespace

void note_recurrence(Report& report, const facts::Past& past) {
    for (auto& finding : report.findings) {
        if (!is_problem(finding)) continue;
        const auto found = past.standings.find(finding.id);
        const auto before =
            found == past.standings.end() ? facts::Standing{.gone = true} : found->second;
        const bool lasts = was_problem(before);
        // One that began before the window lasts all the same.
        const int times = lasts ? std::max(before.problems, 1) : before.problems + 1;
        finding.recurrence = core::Recurrence{
            .times = times, .window = past.window, .began = lasts ? before.began : std::nullopt};
        if (lasts && before.verdict == finding.verdict && !finding.since)
            finding.since = before.since;
    }
}

std::string recurrence_text(const core::Finding& finding) {
    if (!finding.recurrence || finding.recurrence->times < 2) return {};
    const auto& again = *finding.recurrence;
    const auto days = again.window.count() / 24;
    return fmt::format("{}{} time in {} days", again.times, ordinal_ending(again.times), days);
}

} // namespace report
