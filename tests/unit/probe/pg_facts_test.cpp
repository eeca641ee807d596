// SPDX-License-Identifier: MIT
#include "probe/pg_facts.hpp"
#include "probe/pg_target.hpp"
#include "support/catch.hpp"

#include <algorithm>

namespace probe_pg_facts_test {

using Answers = std::vector<core::Result<probe::PgRows>>;
using namespace std::chrono_literals;

namespace {

core::Error failed(core::ErrorKind kind) {
    core::Error error;
    error.kind = kind;
    error.reason = "no";
    return error;
}

/// Answers of a primary with one replica, in the order of the questions.
Answers good_answers() {
    return {probe::PgRows{{"gallery", "f", "100", "3", "200000000"}},
            probe::PgRows{{"42", "t", "0"}},
            probe::PgRows{{"2"}},
            probe::PgRows{{"61000", "idle in transaction", "77"}},
            probe::PgRows{{"900", "100", "5"}},
            probe::PgRows{{"gallery", "150000000"}},
            probe::PgRows{{std::nullopt}},
            probe::PgRows{{"standby", "streaming", "1024", "15"}},
            probe::PgRows{{"1", "4096"}},
            probe::PgRows{{"t", "on"}},
            probe::PgRows{{"7634279"}}};
}

std::size_t index_of(std::string_view subject) {
    const auto all = probe::pg_questions();
    const auto found = std::ranges::find(all, subject, &probe::PgQuestion::subject);
    REQUIRE(found != all.end());
    return static_cast<std::size_t>(found - all.begin());
}

} // namespace

TEST_CASE("answers become facts") {
    REQUIRE(good_answers().size() == probe::pg_questions().size());
    facts::Postgres facts;
    REQUIRE(probe::apply_pg_answers(good_answers(), facts));
    CHECK(facts.database == "gallery");
    CHECK(facts.connections == 42);
    CHECK(facts.max_connections == 100);
    CHECK(facts.reserved_connections == 3);
    CHECK(facts.waiting_locks == 2);
    CHECK(facts.longest_transaction == 61s);
    CHECK(facts.longest_transaction_state == "idle in transaction");
    CHECK(facts.longest_transaction_pid == 77);
    CHECK(facts.cache_hit_ratio == Approx(0.9));
    CHECK(facts.blocks_read == 1000);
    CHECK(facts.wraparound_age == 150'000'000);
    CHECK_FALSE(facts.recovery_lag);
    REQUIRE(facts.replicas.size() == 1);
    CHECK(facts.replicas[0].lag == core::Bytes{1024});
    CHECK(facts.replicas[0].replay_lag == 15ms);
    CHECK(facts.inactive_slots == 1);
    CHECK(facts.slot_retained == core::Bytes{4096});
    CHECK(facts.archiver_failing);
    CHECK(facts.database_size.count == 7634279);
    CHECK(facts.not_visible.empty());
}

TEST_CASE(
    "a required question without an answer fails the observation, an optional one is listed") {
    for (const auto& question : probe::pg_questions()) {
        CAPTURE(question.subject);
        auto answers = good_answers();
        answers[index_of(question.subject)] = std::unexpected(failed(core::ErrorKind::timeout));
        facts::Postgres facts;
        const auto applied = probe::apply_pg_answers(answers, facts);
        CHECK(applied.has_value() == (question.need == probe::PgQuestion::Need::optional));
        if (applied) CHECK(facts.not_visible.size() == 1);
    }
    facts::Postgres facts;
    CHECK_FALSE(probe::apply_pg_answers({}, facts));
}

TEST_CASE("a role that may not see others says so") {
    auto answers = good_answers();
    answers[index_of("activity")] = probe::PgRows{{"42", "f"}};
    answers[index_of("transactions")] = probe::PgRows{};
    answers[index_of("replicas")] =
        probe::PgRows{{"standby", std::nullopt, std::nullopt, std::nullopt}};
    facts::Postgres facts;
    REQUIRE(probe::apply_pg_answers(answers, facts));
    CHECK(facts.not_visible.size() == 2);
    CHECK_FALSE(facts.longest_transaction);
    CHECK_FALSE(facts.replicas[0].lag);
}

TEST_CASE("lying answers give defaults, never a crash or a negative figure") {
    for (const probe::PgRows& lie :
         {probe::PgRows{}, probe::PgRows{{}}, probe::PgRows{{"x", "y", "z", "w", "v"}},
          probe::PgRows{{"-5", "-5", "-5", "-5", "-5"}},
          probe::PgRows{{"1e400", "nan", "inf", "-inf", "1e308"}},
          probe::PgRows{{std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}}}) {
        const Answers answers(probe::pg_questions().size(), lie);
        facts::Postgres facts;
        REQUIRE(probe::apply_pg_answers(answers, facts));
        CHECK(facts.connections >= 0);
        CHECK(facts.max_connections >= 0);
        CHECK(facts.longest_transaction.value_or(0ms) >= 0ms);
        CHECK(facts.wraparound_age >= 0);
        CHECK(facts.cache_hit_ratio.value_or(0) >= 0);
        CHECK(facts.autovacuum_freeze_max_age > 0);
    }
}

TEST_CASE("DSNs are taken apart, with several servers") {
    config::Postgres target;
    target.dsn = "postgresql://bob:secret@one,[::1]:5433/gallery?sslmode=require&connect_timeout=9";
    const auto parsed = probe::parse_pg_target(target);
    REQUIRE(parsed);
    REQUIRE(parsed->hosts.size() == 2);
    CHECK(parsed->hosts[0].host == "one");
    CHECK(parsed->hosts[0].port == 5432);
    CHECK(parsed->hosts[1].host == "::1");
    CHECK(parsed->hosts[1].port == 5433);
    CHECK(parsed->password.reveal() == "secret");
    CHECK(parsed->options.at("dbname") == "gallery");
    CHECK(parsed->options.at("sslmode") == "require");
    CHECK_FALSE(parsed->options.contains("connect_timeout"));
    CHECK_FALSE(parsed->options.contains("password"));

    target.dsn = "host=/run/pg port=5433 dbname=x";
    target.password = core::Secret{"mine"};
    const auto socket = probe::parse_pg_target(target);
    REQUIRE(socket);
    CHECK(socket->hosts[0].is_socket());
    CHECK(socket->password.reveal() == "mine");

    for (const char* bad : {"host=a b hunter2", "postgresql://h:x/", "host=h port=70000",
                            "host=h port=1,2,3", "mysql://h/x", "host='unterminated"}) {
        CAPTURE(bad);
        target.dsn = bad;
        const auto refused = probe::parse_pg_target(target);
        REQUIRE_FALSE(refused);
        CHECK(core::describe(refused.error()).find("hunter2") == std::string::npos);
    }
}

} // namespace probe_pg_facts_test
