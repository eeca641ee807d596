// SPDX-License-Identifier: MIT
#include "probe/redis_info.hpp"
#include "support/catch.hpp"

namespace probe_redis_info_test {

using namespace std::chrono_literals;

namespace {

const core::Time k_now{std::chrono::seconds{1'700'000'000}};

} // namespace

TEST_CASE("INFO of a master with replicas") {
    const auto redis = probe::parse_redis_info(
        "# Server\r\nredis_version:7.0.15\r\nserver_time_usec:1700000100000000\r\n"
        "uptime_in_seconds:3600\r\n\r\n# Clients\r\nconnected_clients:5\r\nmaxclients:10000\r\n"
        "blocked_clients:1\r\n# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\n"
        "maxmemory:2097152\r\nmaxmemory_policy:allkeys-lru\r\ntotal_system_memory:8000000000\r\n"
        "mem_fragmentation_ratio:1.52\r\n# Persistence\r\nloading:0\r\n"
        "rdb_changes_since_last_save:7\r\nrdb_last_save_time:1700000000\r\n"
        "rdb_last_bgsave_status:err\r\naof_enabled:1\r\naof_last_write_status:ok\r\n"
        "# Stats\r\nrejected_connections:2\r\nevicted_keys:3\r\n# Replication\r\nrole:master\r\n"
        "connected_slaves:2\r\nslave0:ip=10.0.0.2,port=6379,state=online,offset=900,lag=0\r\n"
        "slave1:ip=10.0.0.3,port=6379,state=online,offset=400,lag=9\r\n"
        "master_repl_offset:1000\r\n",
        k_now);
    REQUIRE(redis);
    CHECK(redis->version == "7.0.15");
    CHECK(redis->role == "master");
    CHECK(redis->uptime == 1h);
    CHECK(redis->used_memory.count == 1 << 20);
    CHECK(redis->max_memory.count == 2 << 20);
    CHECK(redis->fragmentation_ratio == Approx(1.52));
    CHECK(redis->max_clients == 10000);
    CHECK(redis->rejected_connections == 2);
    CHECK(redis->since_last_save == 100s); // by the server's clock, not by ours
    CHECK(redis->rdb_last_status == "err");
    CHECK(redis->aof_enabled);
    CHECK(redis->worst_replica_lag_bytes == 600);
    CHECK_FALSE(redis->master_last_io);
}

TEST_CASE("INFO of a replica that lost its master, on an old server") {
    const auto redis =
        probe::parse_redis_info("redis_version:5.0.3\nrole:slave\nmaster_link_status:down\n"
                                "master_last_io_seconds_ago:-1\nmaster_repl_offset:12\n"
                                "rdb_last_save_time:1699999940\n",
                                k_now);
    REQUIRE(redis);
    CHECK(redis->master_link_status == "down");
    CHECK_FALSE(redis->master_last_io);
    CHECK_FALSE(redis->worst_replica_lag_bytes);
    CHECK(redis->since_last_save == 60s);
    CHECK(redis->rdb_last_status == "ok");
}

TEST_CASE("nonsense in INFO keeps the defaults and never goes below zero") {
    const auto redis = probe::parse_redis_info(
        "redis_version:x\nused_memory:-5\nmaxmemory:99999999999999999999999\n"
        "mem_fragmentation_ratio:nan\nconnected_clients:many\nuptime_in_seconds:"
        "18446744073709551615\nrdb_last_save_time:99999999999\nmaster_repl_offset:5\nrole:master\n"
        "slave0:offset=9\nslave1:offset=\nslavery:offset=1\nslave2:\n:\n::\nno colon\n#:x\n",
        k_now);
    REQUIRE(redis);
    CHECK(redis->used_memory.count == 0);
    CHECK(redis->max_memory.count == 0);
    CHECK(redis->fragmentation_ratio == 0);
    CHECK(redis->connected_clients == 0);
    CHECK(redis->uptime > 0s);
    CHECK(redis->since_last_save == 0s);
    CHECK(redis->worst_replica_lag_bytes == 0);
}

TEST_CASE("what has no version is not the answer of a Redis") {
    for (const char* text : {"", "\r\n", "hello", "redis_version:\r\n", "version:7\n"})
        CHECK_FALSE(probe::parse_redis_info(text, k_now));
}

} // namespace probe_redis_info_test
