// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/sample_reports.hpp"
#include "watch/change.hpp"
#include "watch/lines.hpp"
#include "watch/look.hpp"
#include "watch/schedule.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace watch_change_test {
namespace {

using core::Verdict;
using watch::ChangeKind;
using namespace std::chrono_literals;

report::Report made(const std::vector<std::pair<std::string, Verdict>>& findings) {
    report::Report report;
    report.command = "health";
    report.project = "gallery";
    for (const auto& [subject, verdict] : findings) {
        core::Finding finding;
        finding.id = "health.http." + subject;
        finding.subject = subject;
        finding.verdict = verdict;
        finding.message = std::string{core::name(verdict)} + " it is";
        report.findings.push_back(std::move(finding));
    }
    return report;
}

/// "api:new web:gone"
std::string told(const std::vector<watch::Change>& changes) {
    std::string text;
    for (const auto& change : changes) {
        if (!text.empty()) text += ' ';
        text += change.finding.subject + ":" + std::string{watch::name(change.kind)};
    }
    return text;
}

} // namespace

TEST_CASE("every step between two verdicts is one kind of change, or none") {
    constexpr std::array k_all{Verdict::skipped, Verdict::ok, Verdict::warning, Verdict::unknown,
                               Verdict::critical};
    // A letter for each verdict before, then for absence: n new, w worse, b better, r resolved, g
    // gone, . nothing.
    const std::map<std::optional<Verdict>, std::string> rows{
        {Verdict::skipped, "..ggg."}, {Verdict::ok, "..rrr."},       {Verdict::warning, "nn.bbn"},
        {Verdict::unknown, "nnw.bn"}, {Verdict::critical, "nnww.n"}, {std::nullopt, "..ggg."}};
    const std::map<char, ChangeKind> kinds{{'n', ChangeKind::appeared},
                                           {'w', ChangeKind::worse},
                                           {'b', ChangeKind::better},
                                           {'r', ChangeKind::resolved},
                                           {'g', ChangeKind::gone}};
    for (const auto& [now, expected] : rows) {
        for (std::size_t i = 0; i <= k_all.size(); ++i) {
            const auto before = i < k_all.size() ? std::optional{k_all.at(i)} : std::nullopt;
            const auto kind = watch::kind_of(before, now);
            INFO(i << " of " << expected);
            if (expected[i] == '.')
                CHECK_FALSE(kind.has_value());
            else
                CHECK(kind == kinds.at(expected[i]));
        }
    }
}

TEST_CASE("transitions: verdicts count, messages do not, causes stand first") {
    auto before = made({{"a", Verdict::ok}, {"b", Verdict::critical}, {"c", Verdict::warning}});
    auto after = before;
    after.findings[1].message = "another word";
    CHECK(watch::transitions(before, after).empty());

    after = made({{"a", Verdict::critical},
                  {"b", Verdict::ok},
                  {"d", Verdict::warning},
                  {"e", Verdict::ok}});
    CHECK(told(watch::transitions(before, after)) == "a:new d:new b:resolved c:gone");

    after = made({{"a", Verdict::critical}, {"b", Verdict::critical}, {"c", Verdict::warning}});
    before = made({{"a", Verdict::ok}, {"b", Verdict::ok}, {"c", Verdict::warning}});
    after.findings[0].caused_by = {"health.http.b"};
    CHECK(told(watch::transitions(before, after)) == "b:new a:new");
}

TEST_CASE("a finding that stands twice counts once, by its gravest") {
    const auto report = made({{"a", Verdict::ok}, {"a", Verdict::critical}, {"a", Verdict::ok}});
    const auto changes = watch::initial_state(report);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].finding.verdict == Verdict::critical);
    CHECK(told(watch::transitions(made({{"a", Verdict::ok}}), report)) == "a:new");
}

TEST_CASE("lines name time, kind, verdict, subject and what was before") {
    report::RenderOptions options;
    watch::Change change;
    change.kind = ChangeKind::resolved;
    change.finding = made({{"api\x1b[2J", Verdict::ok}}).findings[0];
    change.before = Verdict::critical;
    const auto now = support::sample_now();
    change.before_from = now - 3min;
    const auto line = watch::change_line(change, now, options);
    CHECK(line.starts_with("2026-01-05 "));
    CHECK(line.ends_with("  resolved  ok        api\\x1b[2J: ok it is (was critical for 3 min)\n"));
    change.before_from = now + 1h; // the clock was set back
    CHECK(watch::change_line(change, now, options).ends_with("(was critical)\n"));

    change = {};
    change.kind = ChangeKind::gone;
    change.before = Verdict::ok;
    change.others = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    CHECK(watch::change_line(change, now, options)
              .ends_with("gone      -         10 checks that were ok are no longer looked at: "
                         "a, b, c, d, e, f, g, h, 2 more\n"));
}

TEST_CASE("a change as JSON holds the whole finding, and stays one line") {
    report::RenderOptions options;
    const auto& report = support::sample_report("bad_day");
    const auto now = support::sample_now();
    for (const auto& change : watch::initial_state(report)) {
        const auto text = watch::change_json(change, report, now, options);
        CHECK(std::count(text.begin(), text.end(), '\n') == 1);
        const auto json = nlohmann::json::parse(text);
        CHECK(json["type"] == "change");
        CHECK(json["change"] == "initial");
        CHECK(json["time"] == "2026-01-05T08:05:12Z");
        CHECK(json["id"] == change.finding.id);
        CHECK(json["before"].is_null());
        CHECK(json.contains("owner"));
    }
    watch::Change gone;
    gone.kind = ChangeKind::gone;
    gone.finding = report.findings[0];
    gone.before = Verdict::warning;
    const auto json = nlohmann::json::parse(watch::change_json(gone, report, now, options));
    CHECK(json["verdict"].is_null());
    CHECK(json["before"] == "warning");
    CHECK(nlohmann::json::parse(watch::verdict_json(report, now, options))["type"] == "summary");
}

TEST_CASE("looks start on the schedule, and never make up for what they missed") {
    using Clock = core::Deadline::Clock;
    const Clock::time_point first{1000s};

    struct Row {
        std::chrono::milliseconds now;
        std::chrono::milliseconds next;
    };

    for (const auto& row : std::vector<Row>{{-5ms, 0ms},
                                            {0ms, 5s},
                                            {300ms, 5s},
                                            {4999ms, 5s},
                                            {5s, 10s},
                                            {12s, 15s},
                                            {3600s, 3605s}})
        CHECK(watch::next_look(first, 5s, first + row.now) == first + row.next);
}

TEST_CASE("an Engine that goes away leaves what it told last, and how often it was asked since") {
    const core::Time start{};
    watch::EngineMemory memory;
    watch::Look look;
    look.engines = {{"unix:///a.sock", false}};
    memory.take(look, start);
    CHECK_FALSE(memory.away()); // it was never there
    CHECK(memory.missing() == watch::Missing::unseen);

    look.engines = {{"unix:///a.sock", true}};
    report::Block services;
    services.id = "services";
    services.title = "Services";
    look.report.details = {services};
    memory.take(look, start + 5s);
    CHECK_FALSE(memory.away());
    CHECK(memory.missing() == watch::Missing::gone);

    look.engines = {{"unix:///a.sock", false}};
    look.report.details.clear();
    for (int tries = 1; tries <= 3; ++tries) {
        memory.take(look, start + 10s);
        REQUIRE(memory.away());
        CHECK(memory.away()->tries == tries);
        CHECK(memory.away()->seen == start + 5s);
        CHECK(memory.away()->services.title == "Services");
        CHECK(memory.away()->url == "unix:///a.sock");
    }
    look.engines = {{"unix:///a.sock", true}};
    memory.take(look, start + 15s);
    CHECK_FALSE(memory.away());
    look.engines.clear(); // no Engine was configured at all
    memory.take(look, start + 20s);
    CHECK(memory.missing() == watch::Missing::gone);
}

} // namespace watch_change_test
