// SPDX-License-Identifier: MIT
#include "notify/news.hpp"
#include "notify/words.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace notify_news_test {
namespace {

using namespace std::chrono_literals;
using core::Verdict;

const core::Time k_now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 8h;

notify::Rules rules(core::Duration after = core::Duration{0}) {
    return {[](Verdict verdict) { return verdict > Verdict::ok; }, after};
}

core::Finding finding(const char* id, Verdict verdict, std::optional<core::Time> since = {}) {
    core::Finding made{.id = id, .verdict = verdict, .subject = id, .message = "it is so"};
    made.since = since;
    return made;
}

report::Report run(core::Time at, std::vector<core::Finding> findings) {
    report::Report made;
    made.command = "health";
    made.project = "gallery";
    made.host = "rembrandt";
    made.started_at = at;
    made.findings = std::move(findings);
    return made;
}

using Told = std::vector<notify::Told>;

/// What a target was told some minutes ago.
Told told(const std::vector<core::Finding>& findings) {
    Told all;
    for (auto one : findings) {
        one.since = one.since.value_or(k_now - 10min);
        all.push_back({std::move(one), k_now - 2min});
    }
    return all;
}

std::string ids(const std::vector<core::Finding>& findings) {
    std::string all;
    for (const auto& one : findings)
        all += (all.empty() ? "" : " ") + one.id;
    return all;
}

std::string ids(const Told& told) {
    std::string all;
    for (const auto& one : told)
        all += (all.empty() ? "" : " ") + one.finding.id;
    return all;
}

} // namespace

TEST_CASE("what a run has to tell, held against what was told before") {
    struct Row {
        const char* what;
        std::vector<core::Finding> told;
        std::vector<core::Finding> now;
        core::Duration after;
        const char* problems;
        const char* fresh;
        const char* over;
        const char* replaced;
        const char* standing;
    };

    auto follows = finding("api", Verdict::critical);
    follows.caused_by = {"db"};
    auto dangling = finding("api", Verdict::critical);
    dangling.caused_by = {"gone"};
    auto long_ago = finding("db", Verdict::critical, k_now - 1min);
    long_ago.recurrence = core::Recurrence{1, 168h, k_now - 20min};
    const auto db = [](Verdict verdict, std::optional<core::Time> since = {}) {
        return finding("db", verdict, since);
    };
    const auto other = finding("x", Verdict::ok);
    const auto unseen = finding("x", Verdict::unknown);
    using enum Verdict;
    const std::vector<Row> rows{
        {"all well", {}, {db(ok)}, 0s, "", "", "", "", ""},
        {"new", {}, {db(critical)}, 0s, "db", "db", "", "", ""},
        {"still", {db(critical)}, {db(critical)}, 0s, "db", "", "", "", ""},
        {"worse", {db(warning)}, {db(critical)}, 0s, "db", "db", "", "db", ""},
        {"less bad", {db(critical)}, {db(warning)}, 0s, "db", "", "", "db", ""},
        {"over", {db(critical)}, {db(ok)}, 0s, "", "", "db", "", ""},
        {"gone from a run that saw all", {db(critical)}, {other}, 0s, "", "", "db", "", ""},
        {"missing where something was not seen",
         {db(critical)},
         {unseen},
         0s,
         "x",
         "x",
         "",
         "",
         "db"},
        {"skipped is not over", {db(critical)}, {db(skipped)}, 0s, "", "", "", "", "db"},
        {"a consequence is not told", {}, {db(critical), follows}, 0s, "db", "db", "", "", ""},
        {"a cause that is not in the report hides nothing",
         {},
         {dangling},
         0s,
         "api",
         "api",
         "",
         "",
         ""},
        {"a cause that is well hides nothing", {}, {db(ok), follows}, 0s, "api", "api", "", "", ""},
        {"told, a consequence now",
         {finding("api", critical)},
         {db(critical), follows},
         0s,
         "db",
         "db",
         "",
         "",
         "api"},
        {"a consequence that stays when its cause is over",
         {db(critical)},
         {db(ok), finding("api", critical)},
         0s,
         "api",
         "api",
         "db",
         "",
         ""},
        {"too young", {}, {db(critical, k_now - 1min)}, 5min, "", "", "", "", ""},
        {"old enough now", {}, {db(critical, k_now - 6min)}, 5min, "db", "db", "", "", ""},
        {"the trouble is older than its verdict", {}, {long_ago}, 5min, "db", "db", "", "", ""},
        {"over before it was told", {}, {db(ok)}, 5min, "", "", "", "", ""},
        {"told, with a new beginning",
         {db(critical)},
         {db(critical, k_now - 1s)},
         5min,
         "db",
         "",
         "",
         "",
         ""},
        {"the worst first",
         {},
         {finding("a", warning), finding("b", critical)},
         0s,
         "b a",
         "b a",
         "",
         "",
         ""},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        const auto news = notify::news_of(run(k_now, row.now), told(row.told), rules(row.after));
        CHECK(ids(news.problems) == row.problems);
        CHECK(ids(news.fresh) == row.fresh);
        CHECK(ids(news.over) == row.over);
        CHECK(ids(news.replaced) == row.replaced);
        CHECK(ids(news.standing) == row.standing);
        CHECK(news.changed() == (std::string{row.fresh} + row.over != ""));
        CHECK(news.told.size() == news.problems.size() + news.standing.size());
    }
}

TEST_CASE("without a memory every problem is new, however young") {
    const auto now = run(k_now, {finding("db", Verdict::critical, k_now - 1s)});
    CHECK(ids(notify::news_of(now, std::nullopt, rules(5min)).fresh) == "db");
}

TEST_CASE("what a narrowed or interrupted run lacks is not over") {
    const auto before = told({finding("db", Verdict::critical)});
    auto now = run(k_now, {});
    now.narrowed = true;
    CHECK_FALSE(notify::news_of(now, before, rules()).changed());
    now.narrowed = false;
    now.interrupted = true;
    CHECK_FALSE(notify::news_of(now, before, rules()).changed());
}

TEST_CASE("a problem that passes through unknown is told to be over in the end") {
    const notify::Rules allowed{[](Verdict v) { return v > Verdict::ok && v != Verdict::unknown; },
                                0s};
    Told before;
    std::string over;
    auto time = k_now;
    for (const auto verdict : {Verdict::critical, Verdict::unknown, Verdict::ok, Verdict::ok}) {
        const auto news = notify::news_of(run(time, {finding("db", verdict)}), before, allowed);
        over += ids(news.over);
        before = news.told;
        time += 5min;
    }
    CHECK(over == "db");
    CHECK(before.empty());
}

TEST_CASE("what nobody has seen for a day is forgotten without a word") {
    auto before = told({finding("db", Verdict::critical)});
    const auto unseen =
        run(k_now, {finding("x", Verdict::skipped), finding("db", Verdict::skipped)});
    CHECK(ids(notify::news_of(unseen, before, rules()).told) == "db");
    before[0].seen = k_now - 25h;
    const auto news = notify::news_of(unseen, before, rules());
    CHECK(news.told.empty());
    CHECK_FALSE(news.changed());
}

TEST_CASE("a beginning that was told stays the beginning") {
    const auto before = told({finding("db", Verdict::warning, k_now - 1h)});
    const auto now = run(k_now, {finding("db", Verdict::critical, k_now - 1min)});
    const auto news = notify::news_of(now, before, rules());
    CHECK(news.problems.at(0).since == k_now - 1h);
    CHECK(news.told.at(0).finding.since == k_now - 1h);
    CHECK(news.told.at(0).finding.verdict == Verdict::critical);
}

TEST_CASE("what was told is kept as text") {
    auto before = told({finding("health.docker.db", Verdict::critical, k_now - 1h)});
    before[0].finding.component = "postgres";
    before[0].finding.message = "exited \"25 s\" ago";
    CHECK(notify::parse_told(notify::to_text(before)) == before);
    CHECK(notify::parse_told("[]") == Told{});
    for (const char* text : {"", "{}", "[1]", "[{\"id\": 1}]", "no JSON", "[{\"id\": \"x\"}]"})
        CHECK_FALSE(notify::parse_told(text));
    CHECK(notify::parse_told(R"([{"id": "x", "verdict": "?", "subject": "", "component": "",
        "message": "", "since": -5, "seen": 9223372036854775807}])"));
}

TEST_CASE("the words for people") {
    auto db = finding("health.docker.db", Verdict::critical, k_now - 1h);
    db.subject = "db";
    db.message = "exited\x1b[31m 25 s ago";
    db.remediation = "docker-compose up -d db";
    db.owner = "Operations Team";
    db.contact = "ops@gallery.example";
    db.recurrence = core::Recurrence{4, 168h};
    auto api = finding("health.http.api", Verdict::critical);
    api.caused_by = {db.id};
    const auto now = run(k_now, {db, api});
    const auto before = told({finding("disk", Verdict::warning)});
    CHECK(
        notify::words_of(now, notify::news_of(now, before, rules()))
        == "CRITICAL gallery on rembrandt\n"
           "new: critical db: exited\\x1b[31m 25 s ago (since 2026-03-04T07:00:00Z, 4th time in 7 "
           "days)\n"
           "  1 problem follows from it\n"
           "  next: docker-compose up -d db\n"
           "  who: Operations Team <ops@gallery.example>\n"
           "well again: disk (was warning: it is so)\n");
}

TEST_CASE("many problems end in a number") {
    std::vector<core::Finding> many;
    for (int i = 0; i < 30; ++i)
        many.push_back(finding(("f" + std::to_string(i)).c_str(), Verdict::warning));
    const auto now = run(k_now, many);
    const auto words = notify::words_of(now, notify::news_of(now, std::nullopt, rules()));
    CHECK(words.find("and 20 more\n") != std::string::npos);
    CHECK(words.find("f10:") == std::string::npos);
}

} // namespace notify_news_test
