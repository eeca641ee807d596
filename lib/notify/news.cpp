// SPDX-License-Identifier: MIT
#include "notify/news.hpp"

#include "report/completeness.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace notify {
namespace {

using core::Finding;

/// After this nobody knows any more whether what was told still stands.
constexpr std::chrono::hours k_unseen{24};

const Finding* find(const report::Report& report, const std::string& id) {
    const auto found = std::ranges::find(report.findings, id, &Finding::id);
    return found == report.findings.end() ? nullptr : &*found;
}

const Told* find(const std::vector<Told>& told, const std::string& id) {
    const auto found =
        std::ranges::find_if(told, [&](const Told& one) { return one.finding.id == id; });
    return found == told.end() ? nullptr : &*found;
}

/// Whether it follows from something that this run tells of: its cause may have been left out of
/// the report, or be none of those problems that count.
bool follows(const Finding& finding, const report::Report& report, const Rules& rules) {
    return std::ranges::any_of(finding.caused_by, [&](const std::string& id) {
        const auto* cause = find(report, id);
        return cause != nullptr && rules.is_problem(cause->verdict);
    });
}

/// The earliest of what is known of when a trouble began, whatever its verdict was since.
std::optional<core::Time> beginning(const Finding& finding, const Told* earlier) {
    auto began = finding.since;
    const auto consider = [&began](std::optional<core::Time> time) {
        if (time) began = std::min(began.value_or(*time), *time);
    };
    if (finding.recurrence) consider(finding.recurrence->began);
    if (earlier != nullptr) consider(earlier->finding.since);
    return began;
}

Told told_of(const Finding& finding, core::Time seen) {
    Told told;
    told.seen = seen;
    told.finding.id = finding.id;
    told.finding.verdict = finding.verdict;
    told.finding.subject = finding.subject;
    told.finding.component = finding.component;
    told.finding.message = finding.message;
    told.finding.since = finding.since.value_or(seen);
    return told;
}

void note_problems(News& news, const report::Report& now, const std::vector<Told>& before,
                   const Rules& rules) {
    for (const auto& finding : now.findings) {
        if (!rules.is_problem(finding.verdict) || follows(finding, now, rules)) continue;
        const auto* earlier = find(before, finding.id);
        auto problem = finding;
        problem.since = beginning(finding, earlier);
        const auto age = now.started_at - problem.since.value_or(now.started_at);
        if (earlier == nullptr && age < rules.after) continue;
        if (earlier != nullptr && earlier->finding.verdict != finding.verdict)
            news.replaced.push_back(earlier->finding);
        if (earlier == nullptr || earlier->finding.verdict < finding.verdict)
            news.fresh.push_back(problem);
        news.told.push_back(told_of(problem, now.started_at));
        news.problems.push_back(std::move(problem));
    }
}

/// What was told and is not told now.
void note_rest(News& news, const report::Report& now, const std::vector<Told>& before) {
    for (const auto& one : before) {
        if (find(news.told, one.finding.id) != nullptr) continue;
        const auto* finding = find(now, one.finding.id);
        const bool well = finding != nullptr && finding->verdict == core::Verdict::ok;
        if (well || (finding == nullptr && report::saw_everything(now))) {
            news.over.push_back(one.finding);
            continue;
        }
        auto stands = one;
        if (finding != nullptr && finding->verdict > core::Verdict::ok)
            stands.seen = now.started_at;
        if (now.started_at - stands.seen > k_unseen) continue;
        news.standing.push_back(stands.finding);
        news.told.push_back(std::move(stands));
    }
}

} // namespace

News news_of(const report::Report& now, const std::optional<std::vector<Told>>& before,
             const Rules& rules) {
    News news;
    if (before) {
        note_problems(news, now, *before, rules);
        note_rest(news, now, *before);
    } else {
        note_problems(news, now, {}, {rules.is_problem, core::Duration{0}});
    }
    std::ranges::stable_sort(news.problems, std::ranges::greater{}, &Finding::verdict);
    std::ranges::stable_sort(news.fresh, std::ranges::greater{}, &Finding::verdict);
    return news;
}

} // namespace notify
