// SPDX-License-Identifier: MIT
#include "integration/bed.hpp"
#include "probe/redis.hpp"
#include "support/catch.hpp"

#include <chrono>

namespace redis_test {

using namespace std::chrono_literals;

TEST_CASE("the gallery's Redis tells its figures") {
    const auto gallery = bed::find();
    if (!gallery) return;
    auto target = bed::redis(*gallery);
    target.queues = {"gallery-ops:no-such-queue"};
    const auto redis = probe::observe_redis(target, core::Deadline::after(20s), {});
    if (!redis) FAIL(core::describe(redis.error()));
    CHECK_FALSE(redis->version.empty());
    CHECK(redis->role == "master");
    CHECK_FALSE(redis->loading);
    CHECK(redis->connect > 0us);
    CHECK(redis->ping > 0us);
    CHECK(redis->used_memory.count > 0);
    CHECK(redis->system_memory.count > 0);
    CHECK(redis->connected_clients >= 1);
    CHECK(redis->connected_clients <= redis->max_clients);
    CHECK(redis->rdb_last_status == "ok");
    CHECK(redis->queue_lengths.at("gallery-ops:no-such-queue") == 0);
}

TEST_CASE("Redis turns a wrong or missing password away, and it never shows") {
    const auto gallery = bed::find();
    if (!gallery) return;
    auto target = bed::redis(*gallery);
    for (const char* password : {"not-the-password", ""}) {
        target.password = core::Secret{password};
        const auto refused = probe::observe_redis(target, core::Deadline::after(20s), {});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == core::ErrorKind::auth);
        CHECK(core::describe(refused.error()).find("not-the-password") == std::string::npos);
    }
}

TEST_CASE("a Redis that is frozen costs the deadline and no more") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto target = bed::redis(*gallery);
    const bed::Frozen frozen{*gallery, "redis"};
    const auto began = std::chrono::steady_clock::now();
    const auto silent = probe::observe_redis(target, core::Deadline::after(1s), {});
    CHECK(std::chrono::steady_clock::now() - began < 4s);
    REQUIRE_FALSE(silent);
    CHECK(silent.error().kind == core::ErrorKind::timeout);
    CHECK(silent.error().elapsed >= 900ms);
}

} // namespace redis_test
