// SPDX-License-Identifier: MIT
// A clock that was wrong for a while: the last run stays the last, and nothing is lost by it.
#include "report/recurrence.hpp"
#include "unit/history/support.hpp"

namespace history_clock_test {

using namespace past;
using support::TempFolder;

TEST_CASE("a run from the future is the last one only until the next") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    must(store.record(run_at(k_start, Verdict::ok), "0.1.0"));
    must(store.record(run_at(k_start + 24h * 365, Verdict::warning), "0.1.0"));
    must(store.record(run_at(k_start + 1h, Verdict::critical), "0.1.0"));
    CHECK(must(store.runs({}, 1)).at(0).verdict == Verdict::critical);
    const auto trend = must(store.trend({}, "health.http.web", 1));
    REQUIRE(trend.points.size() == 1);
    CHECK(trend.points[0].verdict == Verdict::critical);
}

TEST_CASE("a few runs with a clock that is far ahead delete nothing") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    for (int i = 0; i < 12; ++i)
        must(store.record(run_at(k_start + i * 1h, i % 2 == 0 ? Verdict::ok : Verdict::critical),
                          "0.1.0"));
    for (int i = 0; i < 3; ++i)
        must(store.record(run_at(k_start + 24h * 365 + i * 1h, Verdict::ok), "0.1.0"));
    must(store.record(run_at(k_start + 12h, Verdict::ok), "0.1.0"));
    CHECK(must(store.runs({}, 100)).size() == 16);
    const auto past = recall(store, k_start + 13h);
    CHECK(past.series.at("health.http.web").samples.size() == 13);
    CHECK(past.standings.at("health.http.web").problems == 6);
    for (const auto& run : must(store.runs({}, 100)))
        CHECK(must(store.report_of(run)).findings.size() == 1);
}

TEST_CASE("a finding last seen by a clock that was behind is kept as long as a run has it") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db", history::Access::write,
                      {.runs = 24h * 90, .most_runs = 1000});
    const auto web = finding("health.http.web", Verdict::ok);
    const auto old = finding("health.http.old", Verdict::ok);
    must(store.record(run_at(k_start, {web, old}), "0.1.0"));
    must(store.record(run_at(k_start - 24h * 365 * 20, {web, old}), "0.1.0"));
    for (int i = 0; i < 15; ++i)
        must(store.record(run_at(k_start + i * 1h, {web}), "0.1.0"));
    CHECK(must(store.findings({})).size() == 2);
    for (const auto& run : must(store.runs({}, 100))) {
        if (run.started_at == k_start && run.summary.ok == 2)
            CHECK(must(store.report_of(run)).findings.size() == 2);
    }
}

TEST_CASE("when a trouble began is known whatever its verdict since") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    must(store.record(run_at(k_start, Verdict::ok), "0.1.0"));
    must(store.record(run_at(k_start + 1h, Verdict::warning), "0.1.0"));
    must(store.record(run_at(k_start + 2h, Verdict::critical), "0.1.0"));
    const auto past = recall(store, k_start + 3h);
    const auto& standing = past.standings.at("health.http.web");
    CHECK(standing.since == k_start + 2h);
    CHECK(standing.began == k_start + 1h);
    auto now = run_at(k_start + 3h, Verdict::critical);
    report::note_recurrence(now, past);
    CHECK(now.findings[0].recurrence->began == k_start + 1h);
    auto well = run_at(k_start + 3h, Verdict::ok);
    must(store.record(well, "0.1.0"));
    auto again = run_at(k_start + 4h, Verdict::warning);
    report::note_recurrence(again, recall(store, k_start + 4h));
    CHECK_FALSE(again.findings[0].recurrence->began);
}

} // namespace history_clock_test
