// SPDX-License-Identifier: MIT
#include "watch/change.hpp"

#include "report/arrange.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace watch {
namespace {

using core::Finding;
using core::Verdict;
using ById = std::map<std::string_view, const Finding*>;

ById gravest(const report::Report& report) {
    ById all;
    for (const auto& finding : report.findings) {
        const auto [at, added] = all.emplace(finding.id, &finding);
        if (!added && finding.verdict > at->second->verdict) at->second = &finding;
    }
    return all;
}

std::optional<Verdict> looked_at(std::optional<Verdict> verdict) {
    return verdict == Verdict::skipped ? std::nullopt : verdict;
}

std::optional<Verdict> verdict_in(const ById& all, std::string_view id) {
    const auto at = all.find(id);
    return at == all.end() ? std::nullopt : std::optional{at->second->verdict};
}

Change made(ChangeKind kind, const Finding& finding, std::optional<Verdict> before) {
    Change change;
    change.kind = kind;
    change.finding = finding;
    change.before = looked_at(before);
    return change;
}

} // namespace

std::string_view name(ChangeKind kind) {
    switch (kind) {
    case ChangeKind::initial:
        return "initial";
    case ChangeKind::appeared:
        return "new";
    case ChangeKind::worse:
        return "worse";
    case ChangeKind::better:
        return "better";
    case ChangeKind::resolved:
        return "resolved";
    case ChangeKind::gone:
        return "gone";
    case ChangeKind::flapping:
        return "flapping";
    case ChangeKind::settled:
        break;
    }
    return "settled";
}

std::optional<ChangeKind> kind_of(std::optional<Verdict> before, std::optional<Verdict> now) {
    before = looked_at(before);
    now = looked_at(now);
    const bool was_problem = before && is_problem(*before);
    if (!now) return was_problem ? std::optional{ChangeKind::gone} : std::nullopt;
    if (!is_problem(*now)) return was_problem ? std::optional{ChangeKind::resolved} : std::nullopt;
    if (!was_problem) return ChangeKind::appeared;
    if (*now == *before) return std::nullopt;
    return *now > *before ? ChangeKind::worse : ChangeKind::better;
}

std::vector<const Finding*> in_order(const report::Report& report) {
    const auto all = gravest(report);
    std::vector<const Finding*> ordered;
    std::set<std::string_view> taken;
    const auto take = [&](const Finding& finding) {
        if (taken.insert(finding.id).second) ordered.push_back(all.at(finding.id));
    };
    for (const auto& problem : report::problems(report)) {
        take(*problem.finding);
        for (const auto* consequence : problem.consequences)
            take(*consequence);
    }
    for (const auto& finding : report.findings)
        take(finding);
    return ordered;
}

std::vector<Change> transitions(const report::Report& before, const report::Report& after) {
    const auto were = gravest(before);
    const auto are = gravest(after);
    std::vector<Change> changes;
    for (const auto* finding : in_order(after)) {
        const auto was = verdict_in(were, finding->id);
        if (const auto kind = kind_of(was, finding->verdict))
            changes.push_back(made(*kind, *finding, was));
    }
    for (const auto* finding : in_order(before)) {
        if (!are.contains(finding->id) && kind_of(finding->verdict, {}))
            changes.push_back(made(ChangeKind::gone, *finding, finding->verdict));
    }
    return changes;
}

std::vector<Change> initial_state(const report::Report& report) {
    std::vector<Change> changes;
    for (const auto* finding : in_order(report)) {
        if (is_problem(finding->verdict))
            changes.push_back(made(ChangeKind::initial, *finding, {}));
    }
    return changes;
}

} // namespace watch
