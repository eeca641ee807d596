// SPDX-License-Identifier: MIT
#include "history/compare.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "report/arrange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace history {
namespace {

bool is_whole(const report::Report& report) {
    return !report.interrupted && !report.narrowed;
}

/// Between ok and skipped nothing has become better or worse.
core::Verdict gravity(const core::Finding& finding) {
    return report::is_problem(finding) ? finding.verdict : core::Verdict::ok;
}

/// Whether a component is in such trouble that findings about it may be missing.
bool hides(const report::Report& report, const std::string& component) {
    return std::ranges::any_of(report.findings, [&](const core::Finding& finding) {
        return finding.component == component && finding.verdict >= core::Verdict::unknown;
    });
}

/// Whether the report would hold the finding if it were there; for one that it holds, whether its
/// verdict is one. A stopped run calls unknown what it had no time for.
bool looked(const report::Report& report, const core::Finding* held, const std::string& component) {
    if (held == nullptr) return is_whole(report) && !hides(report, component);
    return !(report.interrupted && held->verdict == core::Verdict::unknown);
}

/// One finding in the two runs; it is in at least one of them.
struct Pair {
    const core::Finding* before = nullptr;
    const core::Finding* after = nullptr;
    std::string component{};
};

std::optional<Change> change_of(const Pair& pair, const report::Report& before,
                                const report::Report& after) {
    if (!looked(before, pair.before, pair.component) || !looked(after, pair.after, pair.component))
        return Change::not_seen;
    if (pair.before == nullptr) return Change::appeared;
    if (pair.after == nullptr) return Change::gone;
    if (gravity(*pair.before) == gravity(*pair.after)) return std::nullopt;
    return gravity(*pair.after) > gravity(*pair.before) ? Change::worse : Change::better;
}

core::Verdict gravest(const Difference& one) {
    return core::worst(one.before.value_or(core::Verdict::skipped),
                       one.after.value_or(core::Verdict::skipped));
}

std::optional<std::size_t> index_of(const std::string& word) {
    if (word == "last") return 1;
    if (word.size() < 2 || word.front() != '-') return std::nullopt;
    std::size_t at = 0;
    const auto* end = word.data() + word.size();
    const auto [stop, failed] = std::from_chars(word.data() + 1, end, at);
    if (failed != std::errc{} || stop != end || at == 0) return std::nullopt;
    return at;
}

std::vector<std::string> ids_of(const std::vector<const Run*>& runs) {
    std::vector<std::string> ids;
    for (const auto* run : runs)
        ids.push_back(run->run_id);
    return ids;
}

[[noreturn]] void refuse(const std::vector<Run>& runs, const std::string& word) {
    std::vector<std::string> ids;
    for (const auto& run : runs)
        ids.push_back(run.run_id);
    const std::string shown = core::printable(word);
    const auto near = core::nearest(word, ids);
    throw core::UsageError(
        near ? fmt::format("no run '{}' in the history; did you mean '{}'?", shown, *near)
             : fmt::format("no run '{}' in the history; 'gallery-ops history runs' lists them, "
                           "'last' and '-2' are the newest ones",
                           shown));
}

} // namespace

std::vector<Difference> compare(const report::Report& before, const report::Report& after) {
    std::map<std::string, Pair> pairs;
    for (const auto& finding : before.findings)
        pairs[finding.id] = {.before = &finding, .component = finding.component};
    for (const auto& finding : after.findings) {
        auto& pair = pairs[finding.id];
        pair.after = &finding;
        pair.component = finding.component;
    }
    std::vector<Difference> all;
    for (const auto& [id, pair] : pairs) {
        const auto change = change_of(pair, before, after);
        if (!change) continue;
        Difference made{.change = *change, .id = id};
        if (pair.before != nullptr) {
            made.before = pair.before->verdict;
            made.message = pair.before->message;
        }
        if (pair.after != nullptr) {
            made.after = pair.after->verdict;
            made.message = pair.after->message;
        }
        all.push_back(std::move(made));
    }
    std::ranges::stable_sort(all, [](const Difference& a, const Difference& b) {
        if (a.change != b.change) return a.change < b.change;
        return gravest(a) > gravest(b);
    });
    return all;
}

std::string_view name(Change change) {
    switch (change) {
    case Change::worse:
        return "worse";
    case Change::appeared:
        return "new";
    case Change::better:
        return "better";
    case Change::gone:
        return "gone";
    case Change::not_seen:
        break;
    }
    return "not seen";
}

const Run& pick_run(const std::vector<Run>& runs, const std::string& word) {
    if (const auto at = index_of(word)) {
        if (*at <= runs.size()) return runs[*at - 1];
        throw core::UsageError(fmt::format("no run '{}': the history holds {}",
                                           core::printable(word),
                                           core::count_of(std::ssize(runs), "run")));
    }
    std::vector<const Run*> fitting;
    for (const auto& run : runs) {
        if (run.run_id == word) return run;
        if (!word.empty() && run.run_id.starts_with(word)) fitting.push_back(&run);
    }
    if (fitting.size() == 1) return *fitting.front();
    if (fitting.empty()) refuse(runs, word);
    constexpr std::size_t k_shown = 5;
    const auto count = fitting.size();
    fitting.resize(std::min(count, k_shown));
    throw core::UsageError(
        fmt::format("'{}' begins the ids of {} runs: {}{}", core::printable(word), count,
                    core::join(ids_of(fitting), ", "), count > k_shown ? ", …" : ""));
}

} // namespace history
