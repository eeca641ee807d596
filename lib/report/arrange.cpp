// SPDX-License-Identifier: MIT
#include "report/arrange.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace report {
namespace {

using ById = std::map<std::string_view, const core::Finding*>;

ById index_problems(const Report& report) {
    ById index;
    for (const auto& finding : report.findings) {
        if (is_problem(finding)) index.emplace(finding.id, &finding);
    }
    return index;
}

const core::Finding* first_cause(const core::Finding& finding, const ById& index) {
    for (const auto& id : finding.caused_by) {
        const auto at = index.find(id);
        if (at != index.end() && at->second != &finding) return at->second;
    }
    return nullptr;
}

/// Follows the causes to the beginning. In a circle nothing is the beginning, so the finding stands
/// for itself: shown too often is better than lost.
const core::Finding* root_of(const core::Finding& finding, const ById& index) {
    std::set<const core::Finding*> seen{&finding};
    const auto* at = &finding;
    while (const auto* cause = first_cause(*at, index)) {
        if (!seen.insert(cause).second) return &finding;
        at = cause;
    }
    return at;
}

std::string family(const core::Finding& finding) {
    const auto parts = core::split(finding.id, '.');
    return parts.size() < 2 ? finding.id : std::string{parts[1]};
}

struct Tally {
    int count = 0;
    int following = 0;
};

std::string tally_text(const Tally& tally, std::string_view word) {
    // "2 critical" is an adjective, "2 warnings" a noun.
    const bool plural = word == "warning" && tally.count != 1;
    std::string text = fmt::format("{} {}{}", tally.count, word, plural ? "s" : "");
    if (tally.following == 0) return text;
    return text
           + fmt::format(" ({} follow{} from {})", tally.following, tally.following == 1 ? "s" : "",
                         tally.count == 1 ? "it" : "them");
}

} // namespace

bool is_problem(const core::Finding& finding) {
    return finding.verdict != core::Verdict::ok && finding.verdict != core::Verdict::skipped;
}

std::vector<Problem> problems(const Report& report) {
    const auto index = index_problems(report);
    std::vector<Problem> all;
    std::map<const core::Finding*, std::vector<const core::Finding*>> following;
    for (const auto& finding : report.findings) {
        if (!is_problem(finding)) continue;
        const auto* root = root_of(finding, index);
        if (root == &finding) {
            all.push_back({&finding, {}});
        } else {
            following[root].push_back(&finding);
        }
    }
    const auto graver = [](const core::Finding* a, const core::Finding* b) {
        return a->verdict > b->verdict;
    };
    for (auto& problem : all) {
        problem.consequences = std::move(following[problem.finding]);
        std::ranges::stable_sort(problem.consequences, graver);
    }
    std::ranges::stable_sort(
        all, [](const Problem& a, const Problem& b) { return a.worst() > b.worst(); });
    return all;
}

core::Verdict Problem::worst() const {
    // Consequences stand worst first.
    return consequences.empty() ? finding->verdict
                                : core::worst(finding->verdict, consequences.front()->verdict);
}

core::Verdict Group::worst() const {
    auto verdict = core::Verdict::skipped;
    for (const auto* finding : findings)
        verdict = core::worst(verdict, finding->verdict);
    return verdict;
}

std::vector<Group> groups(const Report& report) {
    std::vector<Group> all;
    for (const auto& finding : report.findings) {
        const std::string name = finding.group.empty() ? family(finding) : finding.group;
        auto at = std::ranges::find(all, name, &Group::name);
        if (at == all.end()) at = all.insert(all.end(), Group{name, {}});
        at->findings.push_back(&finding);
    }
    return all;
}

std::string label(const core::Finding& finding) {
    if (finding.subject.empty()) return family(finding);
    const bool is_number = finding.subject.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? fmt::format("{} {}", finding.title, finding.subject) : finding.subject;
}

std::string count_line(const Report& report, std::string_view dot) {
    std::map<core::Verdict, Tally> tallies;
    for (const auto& problem : problems(report)) {
        auto& tally = tallies[problem.worst()];
        ++tally.count;
        tally.following += static_cast<int>(problem.consequences.size());
    }
    const auto summary = summarise(report);
    std::string line = tally_text(tallies[core::Verdict::critical], "critical");
    line += fmt::format("{}{}", dot, tally_text(tallies[core::Verdict::warning], "warning"));
    line += fmt::format("{}{} ok", dot, summary.ok);
    line += fmt::format("{}{}", dot, tally_text(tallies[core::Verdict::unknown], "unknown"));
    if (summary.skipped > 0) line += fmt::format("{}{} skipped", dot, summary.skipped);
    return line;
}

} // namespace report
