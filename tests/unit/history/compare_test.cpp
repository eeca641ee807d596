// SPDX-License-Identifier: MIT
#include "history/compare.hpp"
#include "history/views.hpp"
#include "unit/history/support.hpp"

#include <map>

namespace history_compare_test {

using namespace past;
using history::Change;

namespace {

/// A finding of a component of its own.
core::Finding of(const std::string& id, Verdict verdict) {
    auto made = finding(id, verdict);
    made.component = id;
    return made;
}

std::map<std::string, Change> changes(const report::Report& before, const report::Report& after) {
    std::map<std::string, Change> all;
    for (const auto& one : history::compare(before, after))
        all[one.id] = one.change;
    return all;
}

std::vector<history::Run> three_runs() {
    std::vector<history::Run> runs;
    for (const char* id : {"20260105T100000Z-1", "20260105T090000Z-2", "20260104T080000Z-3"})
        runs.push_back({.run_id = id});
    return runs;
}

std::string picked(const std::string& word) {
    return history::pick_run(three_runs(), word).run_id;
}

std::string refusal(const std::string& word) {
    try {
        (void)picked(word);
    } catch (const core::UsageError& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("what became of each finding between two runs") {
    const auto before = run_at(k_start, {of("a", Verdict::ok), of("b", Verdict::critical),
                                         of("c", Verdict::warning), of("d", Verdict::ok),
                                         of("e", Verdict::ok), of("f", Verdict::unknown)});
    const auto after = run_at(k_start + 1h, {of("a", Verdict::warning), of("b", Verdict::ok),
                                             of("c", Verdict::warning), of("e", Verdict::skipped),
                                             of("f", Verdict::critical), of("g", Verdict::ok)});
    const std::map<std::string, Change> expected{{"a", Change::worse},
                                                 {"b", Change::better},
                                                 {"d", Change::gone},
                                                 {"f", Change::worse},
                                                 {"g", Change::appeared}};
    CHECK(changes(before, after) == expected);
    const auto all = history::compare(before, after);
    CHECK(all.front().id == "f"); // the gravest of the worst first
    CHECK(history::count_changes(all) == "2 worse, 1 new, 1 better, 1 gone");
    CHECK(history::compare(before, before).empty());
}

TEST_CASE("what a run did not look for is neither gone nor new") {
    const auto whole = run_at(k_start, {of("a", Verdict::critical), of("b", Verdict::ok)});
    auto part = run_at(k_start + 1h, {of("b", Verdict::warning)});
    part.narrowed = true;
    CHECK(changes(whole, part)
          == std::map<std::string, Change>{{"a", Change::not_seen}, {"b", Change::worse}});
    CHECK(changes(part, whole)
          == std::map<std::string, Change>{{"a", Change::not_seen}, {"b", Change::better}});
    // What a narrowed run has and a whole one lacks is gone all the same.
    const auto empty = run_at(k_start + 2h, std::vector<core::Finding>{});
    CHECK(changes(part, empty) == std::map<std::string, Change>{{"b", Change::gone}});
    CHECK(history::count_changes(history::compare(whole, part))
          == "1 worse, 0 new, 0 better, 0 gone, 1 not seen in both");

    auto stopped = run_at(k_start + 1h, {of("a", Verdict::ok), of("b", Verdict::unknown)});
    stopped.interrupted = true;
    CHECK(changes(whole, stopped)
          == std::map<std::string, Change>{{"a", Change::better}, {"b", Change::not_seen}});
}

TEST_CASE("what is missing while its component is in grave trouble could not be seen") {
    auto figures = of("figures", Verdict::ok);
    auto up = of("up", Verdict::ok);
    auto down = of("up", Verdict::critical);
    for (auto* one : {&figures, &up, &down})
        one->component = "ipfs";
    const auto well = run_at(k_start, {up, figures});
    const auto bad = run_at(k_start + 1h, {down});
    CHECK(changes(well, bad)
          == std::map<std::string, Change>{{"up", Change::worse}, {"figures", Change::not_seen}});
    CHECK(changes(bad, well)
          == std::map<std::string, Change>{{"up", Change::better}, {"figures", Change::not_seen}});
}

TEST_CASE("a run is named by last, by its place from the end, by its id or its beginning") {
    CHECK(picked("last") == "20260105T100000Z-1");
    CHECK(picked("-1") == "20260105T100000Z-1");
    CHECK(picked("-3") == "20260104T080000Z-3");
    CHECK(picked("20260105T090000Z-2") == "20260105T090000Z-2");
    CHECK(picked("20260104") == "20260104T080000Z-3");
}

TEST_CASE("a run that is not there is refused with the nearest or those that begin so") {
    CHECK(refusal("-4") == "no run '-4': the history holds 3 runs");
    CHECK(refusal("20260105")
          == "'20260105' begins the ids of 2 runs: 20260105T100000Z-1, 20260105T090000Z-2");
    CHECK(refusal("20260105T090000Z-9")
          == "no run '20260105T090000Z-9' in the history; did you mean '20260105T090000Z-2'?");
    CHECK(refusal("yesterday").find("'gallery-ops history runs' lists them") != std::string::npos);
    for (const char* word : {"", "-", "-0", "-x", "--1", "-99999999999999999999"}) {
        INFO(word);
        CHECK(refusal(word).starts_with("no run '"));
    }
}

} // namespace history_compare_test
