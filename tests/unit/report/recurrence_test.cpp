// SPDX-License-Identifier: MIT
#include "report/recurrence.hpp"
#include "support/catch.hpp"

namespace report_recurrence_test {
namespace {

using namespace std::chrono_literals;
using core::Verdict;

const core::Time k_now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 8h;

report::Report with(Verdict verdict) {
    report::Report made;
    made.findings.push_back({.id = "health.http.web", .verdict = verdict, .message = "it is so"});
    return made;
}

} // namespace

TEST_CASE("what earlier runs say of a problem") {
    struct Row {
        const char* what;
        Verdict now;
        std::optional<facts::Standing> before;
        int times; ///< 0: nothing is said
        bool since;
        const char* text;
    };

    const auto began = k_now - 3h;
    const std::vector<Row> rows{
        {"never seen", Verdict::critical, std::nullopt, 1, false, ""},
        {"it lasts", Verdict::critical, facts::Standing{Verdict::critical, false, began, 1}, 1,
         true, ""},
        {"it lasts, the fourth", Verdict::critical,
         facts::Standing{Verdict::critical, false, began, 4}, 4, true, "4th time in 7 days"},
        {"it lasts since before the window", Verdict::critical,
         facts::Standing{Verdict::critical, false, began, 0}, 1, true, ""},
        {"it came back", Verdict::critical, facts::Standing{Verdict::ok, false, began, 1}, 2, false,
         "2nd time in 7 days"},
        {"back from being gone", Verdict::warning,
         facts::Standing{Verdict::warning, true, began, 2}, 3, false, "3rd time in 7 days"},
        {"back from skipped", Verdict::warning, facts::Standing{Verdict::skipped, false, began, 10},
         11, false, "11th time in 7 days"},
        {"it grew worse: one trouble", Verdict::critical,
         facts::Standing{Verdict::warning, false, began, 2}, 2, false, "2nd time in 7 days"},
        {"it is well", Verdict::ok, facts::Standing{Verdict::critical, false, began, 4}, 0, false,
         ""},
        {"it is skipped", Verdict::skipped, facts::Standing{Verdict::critical, false, began, 4}, 0,
         false, ""},
        {"unknown is a problem", Verdict::unknown,
         facts::Standing{Verdict::unknown, false, began, 21}, 21, true, "21st time in 7 days"},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        auto report = with(row.now);
        facts::Past past;
        if (row.before) past.standings["health.http.web"] = *row.before;
        report::note_recurrence(report, past);
        const auto& finding = report.findings[0];
        CHECK(finding.verdict == row.now);
        CHECK(finding.recurrence.has_value() == (row.times > 0));
        if (finding.recurrence) CHECK(finding.recurrence->times == row.times);
        CHECK(finding.since.has_value() == row.since);
        if (row.since) CHECK(*finding.since == began);
        CHECK(report::recurrence_text(finding) == row.text);
    }
}

TEST_CASE("what the probe knows better stays") {
    auto report = with(Verdict::critical);
    report.findings[0].since = k_now - 10min;
    facts::Past past;
    past.standings["health.http.web"] = {Verdict::critical, false, k_now - 3h, 1};
    report::note_recurrence(report, past);
    CHECK(*report.findings[0].since == k_now - 10min);
}

TEST_CASE("the history changes nothing but what it annotates") {
    auto report = with(Verdict::critical);
    const auto before = report.findings[0];
    facts::Past past;
    past.standings["health.http.web"] = {Verdict::critical, false, k_now - 3h, 4};
    report::note_recurrence(report, past);
    auto after = report.findings[0];
    after.since = before.since;
    after.recurrence = before.recurrence;
    CHECK(after == before);
}

} // namespace report_recurrence_test
