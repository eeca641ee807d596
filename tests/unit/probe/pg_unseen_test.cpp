// SPDX-License-Identifier: MIT
#include "probe/pg_facts.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string_view>

namespace probe_pg_unseen_test {

// What a role may not see, or what was refused, is told for each kind of figure.

namespace {

using Answers = std::vector<core::Result<probe::PgRows>>;

std::size_t index_of(std::string_view subject) {
    const auto all = probe::pg_questions();
    const auto found = std::ranges::find(all, subject, &probe::PgQuestion::subject);
    REQUIRE(found != all.end());
    return static_cast<std::size_t>(found - all.begin());
}

Answers answers_with(std::string_view subject, core::Result<probe::PgRows> answer) {
    Answers answers(probe::pg_questions().size(), probe::PgRows{{"0", "t", "0"}});
    answers[index_of("replicas")] = probe::PgRows{};
    answers[index_of("WAL archiver")] = probe::PgRows{{"f", "on"}};
    answers[index_of(subject)] = std::move(answer);
    return answers;
}

facts::Postgres facts_with(std::string_view subject, core::Result<probe::PgRows> answer) {
    facts::Postgres facts;
    REQUIRE(probe::apply_pg_answers(answers_with(subject, std::move(answer)), facts));
    return facts;
}

bool names_the_grant(const std::string& problem) {
    return problem.find("GRANT pg_monitor") != std::string::npos;
}

} // namespace

TEST_CASE("sessions of other roles are a problem only where there are some") {
    const auto superuser = facts_with("activity", probe::PgRows{{"4", "t", "0"}});
    CHECK(superuser.transactions_problem.empty());
    CHECK(superuser.not_visible.empty());
    const auto alone = facts_with("activity", probe::PgRows{{"4", "f", "0"}});
    CHECK(alone.transactions_problem.empty());
    const auto blind = facts_with("activity", probe::PgRows{{"4", "f", "3"}});
    CHECK(blind.transactions_problem.find("3 sessions") != std::string::npos);
    CHECK(names_the_grant(blind.transactions_problem));
    CHECK(blind.not_visible.size() == 1);
    const auto untold = facts_with("activity", probe::PgRows{{"4", "f"}});
    CHECK(names_the_grant(untold.transactions_problem));
}

TEST_CASE("replicas whose state is hidden are a problem") {
    const auto seen =
        facts_with("replicas", probe::PgRows{{"standby", "streaming", "1024", std::nullopt}});
    CHECK(seen.replicas_problem.empty());
    const auto hidden =
        facts_with("replicas", probe::PgRows{{"one", std::nullopt, std::nullopt, std::nullopt},
                                             {"two", std::nullopt, std::nullopt, std::nullopt}});
    CHECK(hidden.replicas.size() == 2);
    CHECK(hidden.replicas_problem.find("2 replicas") != std::string::npos);
    CHECK(names_the_grant(hidden.replicas_problem));
}

TEST_CASE("a refused question says why, and what mends it where a right is missing") {
    struct Row {
        const char* subject;
        std::string facts::Postgres::* problem;
    };

    for (const auto& row : {Row{"recovery lag", &facts::Postgres::recovery_problem},
                            Row{"replicas", &facts::Postgres::replicas_problem},
                            Row{"replication slots", &facts::Postgres::slots_problem},
                            Row{"WAL archiver", &facts::Postgres::archiver_problem}}) {
        CAPTURE(row.subject);
        core::Error error;
        error.kind = core::ErrorKind::auth;
        error.reason = "permission denied for view";
        const auto denied = facts_with(row.subject, std::unexpected(error));
        CHECK((denied.*row.problem).find("permission denied") != std::string::npos);
        CHECK(names_the_grant(denied.*row.problem));
        error.kind = core::ErrorKind::timeout;
        error.reason = "canceling statement due to statement timeout";
        const auto late = facts_with(row.subject, std::unexpected(error));
        CHECK((late.*row.problem).find("statement timeout") != std::string::npos);
        CHECK_FALSE(names_the_grant(late.*row.problem));
    }
}

TEST_CASE("the archiver's mode is told; an answer without figures is none") {
    CHECK(facts_with("WAL archiver", probe::PgRows{{"f", "off"}}).archive_mode == "off");
    CHECK(facts_with("WAL archiver", probe::PgRows{{"t", "on"}}).archiver_failing);
    CHECK_FALSE(facts_with("WAL archiver", probe::PgRows{}).archiver_problem.empty());
    CHECK_FALSE(facts_with("replication slots", probe::PgRows{}).slots_problem.empty());
}

} // namespace probe_pg_unseen_test
