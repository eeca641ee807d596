// SPDX-License-Identifier: MIT
#include "history/compare.hpp"
#include "history/views.hpp"
#include "unit/history/support.hpp"

#include <map>

using namespace past;
using history::Change;

namespace {

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
    const auto before =
        run_at(k_start, {finding("a", Verdict::ok), finding("b", Verdict::critical),
                         finding("c", Verdict::warning), finding("d", Verdict::ok),
                         finding("e", Verdict::ok), finding("f", Verdict::unknown)});
    const auto after =
        run_at(k_start + 1h, {finding("a", Verdict::warning), finding("b", Verdict::ok),
                              finding("c", Verdict::warning, 7), finding("e", Verdict::skipped),
                              finding("f", Verdict::critical), finding("g", Verdict::ok)});
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
    const auto whole =
        run_at(k_start, {finding("a", Verdict::critical), finding("b", Verdict::ok)});
    auto part = run_at(k_start + 1h, {finding("b", Verdict::warning)});
    part.narrowed = true;
    CHECK(changes(whole, part)
          == std::map<std::string, Change>{{"a", Change::not_looked}, {"b", Change::worse}});
    CHECK(changes(part, whole)
          == std::map<std::string, Change>{{"a", Change::not_looked}, {"b", Change::better}});
    // What a narrowed run has and a whole one lacks is gone all the same.
    const auto empty = run_at(k_start + 2h, std::vector<core::Finding>{});
    CHECK(changes(part, empty) == std::map<std::string, Change>{{"b", Change::gone}});
    CHECK(history::count_changes(history::compare(whole, part))
          == "1 worse, 0 new, 0 better, 0 gone, 1 not looked at in both");

    auto stopped =
        run_at(k_start + 1h, {finding("a", Verdict::ok), finding("b", Verdict::unknown)});
    stopped.interrupted = true;
    CHECK(changes(whole, stopped)
          == std::map<std::string, Change>{{"a", Change::better}, {"b", Change::not_looked}});
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
