// SPDX-License-Identifier: MIT
#include "notify/news.hpp"

#include <algorithm>

namespace notify {
namespace {

/// Whether this finding was told by the run that it is of.
bool is_told(const core::Finding& finding, core::Time at, const Rules& rules) {
    if (!rules.is_problem(finding.verdict) || !finding.caused_by.empty()) return false;
    return at - finding.since.value_or(at) >= rules.after;
}

const core::Finding* find(const report::Report& report, const std::string& id) {
    const auto found = std::ranges::find(report.findings, id, &core::Finding::id);
    return found == report.findings.end() ? nullptr : &*found;
}

bool is_over(const core::Finding* finding, const report::Report& report) {
    if (finding != nullptr) return finding->verdict <= core::Verdict::ok;
    return !report.narrowed && !report.interrupted;
}

void note_problems(News& news, const report::Report& now, const report::Report* before,
                   const Rules& rules) {
    for (const auto& finding : now.findings) {
        if (!is_told(finding, now.started_at, rules)) continue;
        news.problems.push_back(&finding);
        const auto* earlier = before == nullptr ? nullptr : find(*before, finding.id);
        const bool told = earlier != nullptr && is_told(*earlier, before->started_at, rules);
        if (told && earlier->verdict != finding.verdict) news.replaced.push_back(earlier);
        if (!told || earlier->verdict < finding.verdict) news.fresh.push_back(&finding);
    }
}

} // namespace

News news_of(const report::Report& now, const std::optional<report::Report>& before,
             const Rules& rules) {
    News news;
    if (!before) {
        note_problems(news, now, nullptr, {rules.is_problem, core::Duration{0}});
    } else {
        note_problems(news, now, &*before, rules);
        for (const auto& finding : before->findings) {
            if (is_told(finding, before->started_at, rules) && is_over(find(now, finding.id), now))
                news.over.push_back(&finding);
        }
    }
    const auto gravity = [](const core::Finding* finding) { return finding->verdict; };
    std::ranges::stable_sort(news.problems, std::ranges::greater{}, gravity);
    std::ranges::stable_sort(news.fresh, std::ranges::greater{}, gravity);
    return news;
}

} // namespace notify
