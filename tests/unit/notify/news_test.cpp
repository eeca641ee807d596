// SPDX-License-Identifier: MIT
#include "notify/news.hpp"
#include "notify/words.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

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

std::string ids(const std::vector<const core::Finding*>& findings) {
    std::string all;
    for (const auto* one : findings)
        all += (all.empty() ? "" : " ") + one->id;
    return all;
}

} // namespace

TEST_CASE("what a run has to tell, held against the run before it") {
    struct Row {
        const char* what;
        std::vector<core::Finding> before;
        std::vector<core::Finding> now;
        core::Duration after;
        const char* problems;
        const char* fresh;
        const char* over;
        const char* replaced;
    };

    auto follows = finding("api", Verdict::critical);
    follows.caused_by = {"db"};
    const auto old = k_now - 1h;
    const std::vector<Row> rows{
        {"all well",
         {finding("db", Verdict::ok)},
         {finding("db", Verdict::ok)},
         0s,
         "",
         "",
         "",
         ""},
        {"new",
         {finding("db", Verdict::ok)},
         {finding("db", Verdict::critical)},
         0s,
         "db",
         "db",
         "",
         ""},
        {"it was not there before", {}, {finding("db", Verdict::warning)}, 0s, "db", "db", "", ""},
        {"still",
         {finding("db", Verdict::critical)},
         {finding("db", Verdict::critical)},
         0s,
         "db",
         "",
         "",
         ""},
        {"worse",
         {finding("db", Verdict::warning)},
         {finding("db", Verdict::critical)},
         0s,
         "db",
         "db",
         "",
         "db"},
        {"better, and still a problem",
         {finding("db", Verdict::critical)},
         {finding("db", Verdict::warning)},
         0s,
         "db",
         "",
         "",
         "db"},
        {"over",
         {finding("db", Verdict::critical)},
         {finding("db", Verdict::ok)},
         0s,
         "",
         "",
         "db",
         ""},
        {"gone", {finding("db", Verdict::critical)}, {}, 0s, "", "", "db", ""},
        {"a consequence is not told",
         {},
         {finding("db", Verdict::critical), follows},
         0s,
         "db",
         "db",
         "",
         ""},
        {"a consequence that stays when its cause is over",
         {finding("db", Verdict::critical), follows},
         {finding("db", Verdict::ok), finding("api", Verdict::critical)},
         0s,
         "api",
         "api",
         "db",
         ""},
        {"too young",
         {finding("db", Verdict::ok)},
         {finding("db", Verdict::critical, k_now - 1min)},
         5min,
         "",
         "",
         "",
         ""},
        {"old enough now",
         {finding("db", Verdict::critical, k_now - 6min)},
         {finding("db", Verdict::critical, k_now - 6min)},
         5min,
         "db",
         "db",
         "",
         ""},
        {"over before it was told",
         {finding("db", Verdict::critical, k_now - 6min)},
         {finding("db", Verdict::ok)},
         5min,
         "",
         "",
         "",
         ""},
        {"told long ago",
         {finding("db", Verdict::critical, old)},
         {finding("db", Verdict::critical, old)},
         5min,
         "db",
         "",
         "",
         ""},
        {"the worst first",
         {},
         {finding("a", Verdict::warning), finding("b", Verdict::critical)},
         0s,
         "b a",
         "b a",
         "",
         ""},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        const auto now = run(k_now, row.now);
        const std::optional before = run(k_now - 2min, row.before);
        const auto news = notify::news_of(now, before, rules(row.after));
        CHECK(ids(news.problems) == row.problems);
        CHECK(ids(news.fresh) == row.fresh);
        CHECK(ids(news.over) == row.over);
        CHECK(ids(news.replaced) == row.replaced);
        CHECK(news.changed() == (std::string{row.fresh} + row.over != ""));
    }
}

TEST_CASE("without a run before every problem is new, however young") {
    const auto now = run(k_now, {finding("db", Verdict::critical, k_now - 1s)});
    CHECK(ids(notify::news_of(now, std::nullopt, rules(5min)).fresh) == "db");
}

TEST_CASE("what a narrowed or interrupted run lacks is not over") {
    const std::optional before = run(k_now - 2min, {finding("db", Verdict::critical)});
    auto now = run(k_now, {});
    now.narrowed = true;
    CHECK_FALSE(notify::news_of(now, before, rules()).changed());
    now.narrowed = false;
    now.interrupted = true;
    CHECK_FALSE(notify::news_of(now, before, rules()).changed());
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
    const std::optional before = run(k_now - 2min, {finding("disk", Verdict::warning)});
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
