// SPDX-License-Identifier: MIT
#include "integration/bed.hpp"
#include "probe/postgres.hpp"
#include "support/catch.hpp"

#include <chrono>

namespace postgres_test {

using namespace std::chrono_literals;

TEST_CASE("the gallery's Postgres tells its figures") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto postgres =
        probe::observe_postgres(bed::postgres(*gallery), core::Deadline::after(20s), {});
    if (!postgres) FAIL(core::describe(postgres.error()));
    CHECK(postgres->version >= 100000);
    CHECK_FALSE(postgres->database.empty());
    CHECK_FALSE(postgres->in_recovery);
    CHECK_FALSE(postgres->read_only);
    CHECK(postgres->connect > 0us);
    CHECK(postgres->query > 0us);
    CHECK(postgres->connections >= 1);
    CHECK(postgres->connections <= postgres->max_connections);
    CHECK(postgres->reserved_connections < postgres->max_connections);
    CHECK(postgres->database_size.count > 0);
    CHECK(postgres->wraparound_age > 0);
    CHECK_FALSE(postgres->wraparound_database.empty());
    CHECK(postgres->cache_hit_ratio.value_or(0) <= 1);
    CHECK_FALSE(postgres->recovery_lag);
    CHECK_FALSE(postgres->archiver_failing);
}

TEST_CASE("Postgres turns a wrong password away, and it never shows") {
    const auto gallery = bed::find();
    if (!gallery) return;
    auto target = bed::postgres(*gallery);
    target.password = core::Secret{"not-the-password"};
    const auto refused = probe::observe_postgres(target, core::Deadline::after(20s), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == core::ErrorKind::auth);
    CHECK(core::describe(refused.error()).find("not-the-password") == std::string::npos);
}

TEST_CASE("a database that does not exist is missing") {
    const auto gallery = bed::find();
    if (!gallery) return;
    auto target = bed::postgres(*gallery);
    target.dsn += " dbname=no_such_database";
    const auto refused = probe::observe_postgres(target, core::Deadline::after(20s), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == core::ErrorKind::missing);
}

TEST_CASE("a Postgres that is frozen costs the deadline and no more") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto target = bed::postgres(*gallery);
    const bed::Frozen frozen{*gallery, "postgres"};
    const auto began = std::chrono::steady_clock::now();
    const auto silent = probe::observe_postgres(target, core::Deadline::after(1s), {});
    CHECK(std::chrono::steady_clock::now() - began < 4s);
    REQUIRE_FALSE(silent);
    CHECK(silent.error().kind == core::ErrorKind::timeout);
    CHECK(silent.error().elapsed >= 900ms);
}

} // namespace postgres_test
