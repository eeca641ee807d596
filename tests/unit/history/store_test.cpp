// SPDX-License-Identifier: MIT
#include "report/recurrence.hpp"
#include "unit/history/support.hpp"

#include <sys/stat.h>

namespace history_store_test {

using namespace past;
using history::Access;
using support::TempFolder;

TEST_CASE("a run comes back as it was stored") {
    const TempFolder folder;
    auto report = run_at(k_start, {finding("health.http.web", Verdict::critical, 502, "status"),
                                   finding("health.postgres.db", Verdict::ok, 0.25)});
    report.findings[0].caused_by = {"health.postgres.db", "health.docker.db"};
    report.findings[0].since = k_start - 4min;
    report.findings[0].measured->value = std::int64_t{502};
    report.findings.push_back(finding("health.grafana.grafana", Verdict::skipped));
    report.findings[2].measured = core::Measured{.value = std::string{"10.0"}, .unit = "version"};
    report.findings.push_back(finding("health.rules.prometheus", Verdict::warning));
    report.findings[3].measured.reset();
    report.narrowed = true;
    must(open(folder.path() / "history.db").record(report, "0.1.0"));

    const auto store = open(folder.path() / "history.db", Access::read);
    const auto runs = must(store.runs({}, 10));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].run_id == report.run_id);
    CHECK(runs[0].scope == k_gallery);
    CHECK(runs[0].started_at == k_start);
    CHECK(runs[0].duration == 184ms);
    CHECK(runs[0].verdict == Verdict::critical);
    CHECK(runs[0].summary == report::summarise(report));
    CHECK(runs[0].tool == "0.1.0");
    CHECK(runs[0].looked_at == report.scope);
    CHECK_FALSE(runs[0].complete());

    const auto back = must(store.report_of(runs[0]));
    CHECK(back.narrowed);
    REQUIRE(back.findings.size() == 4);
    for (const auto& was : report.findings) {
        INFO(was.id);
        const auto found = std::ranges::find(back.findings, was.id, &core::Finding::id);
        REQUIRE(found != back.findings.end());
        CHECK(*found == was);
    }
}

TEST_CASE("the file and its folder are for their owner only") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    const auto store = open(file);
    struct stat info{};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
    must(open(file).record(run_at(k_start, Verdict::ok), "0.1.0"));
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        REQUIRE(::stat(entry.path().c_str(), &info) == 0);
        CHECK((info.st_mode & 0077U) == 0U);
    }
}

TEST_CASE("reading leaves a missing file missing") {
    const TempFolder folder;
    const auto file = folder.path() / "history.db";
    const auto store = history::Store::open(file, Access::read, limits());
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == core::ErrorKind::missing);
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a name that SQLite takes for something else is a file's name") {
    const TempFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    for (const char* name : {":memory:", "file:x.db?mode=memory"}) {
        must(open(name).record(run_at(k_start, Verdict::ok), "0.1.0"));
        CHECK(std::filesystem::exists(folder.path() / name));
        CHECK(count_runs(name) == 1);
    }
    std::filesystem::current_path(before);
}

TEST_CASE("runs are listed as written, the last first; those of one project and host when asked") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    must(store.record(run_at(k_start + 1h, Verdict::warning), "0.1.0"));
    must(store.record(run_at(k_start, Verdict::ok), "0.1.0"));
    auto other = run_at(k_start + 2h, Verdict::ok);
    other.project = "other";
    must(store.record(other, "0.1.0"));
    other = run_at(k_start + 3h, Verdict::ok);
    other.host = "ops-2";
    must(store.record(other, "0.1.0"));

    const auto all = must(store.runs({}, 10));
    REQUIRE(all.size() == 4);
    CHECK(std::ranges::is_sorted(all, std::greater{}, &history::Run::key));
    CHECK(all[2].started_at == k_start); // written after the one of an hour later
    CHECK(must(store.runs({}, 2)).size() == 2);
    CHECK(must(store.runs({.project = "other"}, 10)).size() == 1);
    CHECK(must(store.runs({.host = "ops-1"}, 10)).size() == 3);
    CHECK(must(store.runs(k_gallery, 10)).size() == 2);
    const auto totals = must(store.totals({}));
    CHECK(totals.runs == 4);
    CHECK(totals.scopes == 3);
    CHECK(totals.oldest == k_start);
    CHECK(totals.bytes > 0);
}

TEST_CASE("the same run is stored once") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    const auto report = run_at(k_start, Verdict::ok);
    must(store.record(report, "0.1.0"));
    must(store.record(report, "0.1.0"));
    CHECK(must(store.runs({}, 10)).size() == 1);
}

TEST_CASE("where a finding stands, since when, and how often it was in trouble") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    auto time = k_start;
    const auto look = [&](Verdict verdict) {
        must(store.record(run_at(time, verdict), "0.1.0"));
        time += 1h;
    };
    const auto standing = [&] { return recall(store, time).standings.at("health.http.web"); };

    CHECK(recall(store, time).standings.empty());
    look(Verdict::ok);
    CHECK(standing().verdict == Verdict::ok);
    CHECK(standing().problems == 0);
    look(Verdict::critical); // 1 h
    look(Verdict::critical);
    CHECK(standing().verdict == Verdict::critical);
    CHECK(standing().since == k_start + 1h);
    CHECK(standing().problems == 1);
    look(Verdict::warning); // the same trouble
    CHECK(standing().since == k_start + 3h);
    CHECK(standing().problems == 1);
    look(Verdict::skipped);
    look(Verdict::unknown); // 5 h
    CHECK(standing().problems == 2);
    time += 24h * 7 - 90min; // the first has left the window
    CHECK(standing().problems == 1);
    time += 24h * 7;
    CHECK(standing().problems == 0);
}

TEST_CASE("what a run lacks is gone only when that run looked at everything") {
    const auto web = finding("health.http.web", Verdict::critical);
    const auto db = finding("health.postgres.db", Verdict::ok);

    struct Row {
        const char* what;
        report::Report run;
        bool gone;
    };

    auto narrowed = run_at(k_start + 1h, {db});
    narrowed.narrowed = true;
    auto interrupted = run_at(k_start + 1h, {db});
    interrupted.interrupted = true;
    auto engine_down =
        run_at(k_start + 1h, {db, finding("health.docker-engine.local", Verdict::critical)});
    engine_down.findings[1].failure = core::Failure::refused;
    const auto unseen = run_at(k_start + 1h, {db, finding("health.scrape.x", Verdict::unknown)});
    const std::vector<Row> rows{{"a whole run", run_at(k_start + 1h, {db}), true},
                                {"narrowed", narrowed, false},
                                {"interrupted", interrupted, false},
                                {"the Engine did not answer", engine_down, false},
                                {"something was not seen", unseen, false}};
    for (const auto& row : rows) {
        INFO(row.what);
        const TempFolder folder;
        auto store = open(folder.path() / "history.db");
        must(store.record(run_at(k_start, {web, db}), "0.1.0"));
        must(store.record(row.run, "0.1.0"));
        const auto past = recall(store, k_start + 2h);
        CHECK(past.standings.at("health.http.web").gone == row.gone);
        // Back again it is the second time only if it had gone.
        auto again = run_at(k_start + 2h, {web, db});
        report::note_recurrence(again, past);
        CHECK(again.findings[0].recurrence->times == (row.gone ? 2 : 1));
    }
}

TEST_CASE("an interrupted run says nothing about how things are") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    must(store.record(run_at(k_start, Verdict::ok), "0.1.0"));
    auto stopped = run_at(k_start + 1h, {finding("health.http.web", Verdict::unknown),
                                         finding("health.http.new", Verdict::unknown)});
    stopped.interrupted = true;
    must(store.record(stopped, "0.1.0"));
    const auto past = recall(store, k_start + 2h);
    CHECK(past.standings.at("health.http.web").verdict == Verdict::ok);
    CHECK(past.standings.at("health.http.web").since == k_start);
    CHECK(past.standings.at("health.http.web").problems == 0);
    CHECK(past.standings.at("health.http.new").gone);
    CHECK(past.series.at("health.http.web").samples.size() == 1);
}

TEST_CASE("figures become samples, one a quarter of an hour, of the families asked for") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    for (int minute = 0; minute < 60; minute += 5) {
        must(store.record(run_at(k_start + std::chrono::minutes{minute},
                                 {finding("health.http.web", Verdict::ok, minute),
                                  finding("health.disk./", Verdict::ok, minute)}),
                          "0.1.0"));
    }
    const auto past = recall(store, k_start + 1h);
    REQUIRE(past.series.size() == 1);
    const auto& series = past.series.at("health.http.web");
    CHECK(series.unit == "s");
    REQUIRE(series.samples.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(series.samples[i].time == k_start + i * 15min);
        CHECK(series.samples[i].value == Approx(15 * static_cast<double>(i)));
        CHECK(series.samples[i].verdict == Verdict::ok);
    }
    CHECK(recall(store, k_start + 20min).series.at("health.http.web").samples.size() == 2);
}

TEST_CASE("a change of the unit begins the samples anew") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    must(store.record(run_at(k_start, {finding("health.http.web", Verdict::ok, 0.04, "s")}), "1"));
    must(store.record(run_at(k_start + 1h, {finding("health.http.web", Verdict::ok, 40, "ms")}),
                      "2"));
    const auto series = recall(store, k_start + 2h).series.at("health.http.web");
    CHECK(series.unit == "ms");
    REQUIRE(series.samples.size() == 1);
    CHECK(series.samples[0].value == Approx(40));
}

TEST_CASE("a clock that jumps leaves no beginning in the future") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    must(store.record(run_at(k_start + 24h * 365, Verdict::critical), "0.1.0"));
    must(store.record(run_at(k_start, Verdict::critical), "0.1.0"));
    const auto past = recall(store, k_start + 1h);
    CHECK(past.standings.at("health.http.web").since == k_start);
    CHECK(past.series.at("health.http.web").samples.size() == 1);
}

TEST_CASE("a finding through the runs") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    for (int i = 0; i < 5; ++i)
        must(store.record(run_at(k_start + i * 1h, {finding("health.http.web", Verdict::ok, i)}),
                          "0.1.0"));
    auto other = run_at(k_start, {finding("health.http.web", Verdict::ok, 99)});
    other.project = "";
    must(store.record(other, "0.1.0"));
    const auto trend = must(store.trend({}, "health.http.web", 3));
    CHECK(trend.scope == k_gallery);
    REQUIRE(trend.points.size() == 3);
    CHECK(trend.points[0].time == k_start + 2h);
    CHECK(trend.points[2].value == Approx(4));
    CHECK(trend.points[2].unit == "s");
    CHECK(must(store.trend({}, "health.http", 3)).points.empty());
    CHECK(must(store.findings({})) == std::vector<std::string>{"health.http.web"});
}

TEST_CASE("prune deletes what is older, and says how many") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    for (int i = 0; i < 250; ++i)
        must(store.record(run_at(k_start + i * 1h, i < 100 ? Verdict::ok : Verdict::warning), "1"));
    CHECK(must(store.prune(k_start + 200h)) == 200);
    CHECK(must(store.prune(k_start + 200h)) == 0);
    CHECK(must(store.runs({}, 1000)).size() == 50);
    const auto past = recall(store, k_start + 250h);
    CHECK(past.series.at("health.http.web").samples.size() == 50);
    CHECK(past.standings.at("health.http.web").since == k_start + 100h);
    CHECK(must(store.prune(k_start + 1000h)) == 50);
    CHECK(must(store.findings({})).empty());
}

TEST_CASE("old runs go by themselves, a few with each that comes") {
    const TempFolder folder;
    auto store =
        open(folder.path() / "history.db", Access::write, {.runs = 24h * 90, .most_runs = 20});
    for (int i = 0; i < 5; ++i)
        must(store.record(run_at(k_start + i * 1h, Verdict::ok), "0.1.0"));
    for (int i = 0; i < 15; ++i)
        must(store.record(run_at(k_start + 24h * 100 + i * 1h, Verdict::ok), "0.1.0"));
    CHECK(must(store.runs({}, 100)).size() == 15);
    CHECK(recall(store, k_start + 24h * 101).series.at("health.http.web").samples.size() == 15);
    for (int i = 0; i < 40; ++i)
        must(store.record(run_at(k_start + 24h * 100 + i * 1min, Verdict::ok), "0.1.0"));
    CHECK(must(store.runs({}, 100)).size() == 20);
}

TEST_CASE("of two findings with one id the graver is kept, and a message of any length") {
    const TempFolder folder;
    auto store = open(folder.path() / "history.db");
    auto bad = finding("health.http.web", Verdict::critical);
    bad.message = std::string(3'000'000, 'x');
    must(store.record(run_at(k_start, {finding("health.http.web", Verdict::ok), bad,
                                       finding("health.http.web", Verdict::warning)}),
                      "0.1.0"));
    const auto back = must(store.report_of(must(store.runs({}, 1)).at(0)));
    REQUIRE(back.findings.size() == 1);
    CHECK(back.findings[0].verdict == Verdict::critical);
    CHECK(back.findings[0].message.size() < 1000);
}

} // namespace history_store_test
