// SPDX-License-Identifier: MIT
#include "unit/health/support.hpp"

#include <string>

namespace health_unseen_test {

// What could not be seen reads neither as OK nor as nothing.

using namespace std::chrono_literals;
using core::Verdict;
using sample::k_now;

namespace {

facts::Postgres postgres() {
    facts::Postgres made;
    made.version = 150004;
    made.max_connections = 100;
    return made;
}

core::Finding judge_postgres(const char* check, const facts::Postgres& server) {
    auto seen = sample::observations();
    seen.postgres.push_back(sample::observed("db", server));
    return sample::judge_one(seen, std::string{"health."} + check + ".db");
}

facts::Redis redis() {
    facts::Redis made;
    made.version = "7.0.15";
    made.role = "master";
    return made;
}

facts::Observations with_redis(facts::Redis server) {
    auto seen = sample::observations();
    seen.redis.push_back(sample::observed("cache", std::move(server)));
    return seen;
}

facts::Host host() {
    facts::Host made;
    made.window = 250ms;
    made.cpus = 2;
    made.memory_total = {100};
    made.memory_available = {60};
    return made;
}

facts::Observations with_host(facts::Host host) {
    auto seen = sample::observations();
    seen.host.push_back(sample::observed("host", std::move(host)));
    return seen;
}

core::Finding judge_head(const facts::Ethereum& node) {
    auto seen = sample::observations();
    seen.ethereum.push_back(sample::observed("ethereum", node));
    return sample::judge_one(seen, "health.ethereum-head.ethereum");
}

facts::Ethereum node() {
    facts::Ethereum made;
    made.chain_id = 1;
    made.current_block = 5;
    made.head_time = k_now - 3s;
    return made;
}

bool says(const core::Finding& finding, const char* text) {
    INFO(finding.message);
    return finding.message.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("what a Postgres role may not see is unknown, and the GRANT that mends it is named") {
    struct Row {
        const char* check;
        std::string facts::Postgres::* problem;
    };

    for (const auto& row : {Row{"postgres-transactions", &facts::Postgres::transactions_problem},
                            Row{"postgres-replication", &facts::Postgres::replicas_problem},
                            Row{"postgres-replication", &facts::Postgres::slots_problem},
                            Row{"postgres-archive", &facts::Postgres::archiver_problem}}) {
        CAPTURE(row.check);
        auto server = postgres();
        server.replicas = {{.name = "r", .state = "streaming"}};
        CHECK(judge_postgres(row.check, server).verdict == Verdict::ok);
        server.*row.problem = "this role may not: GRANT pg_monitor TO it";
        const auto finding = judge_postgres(row.check, server);
        CHECK(finding.verdict == Verdict::unknown);
        CHECK(finding.remediation.find("GRANT pg_monitor") != std::string::npos);
        server.*row.problem = "canceling statement due to statement timeout";
        const auto late = judge_postgres(row.check, server);
        CHECK(late.verdict == Verdict::unknown);
        CHECK(says(late, "statement timeout"));
        CHECK(late.remediation.find("GRANT") == std::string::npos);
    }
}

TEST_CASE("what is seen of a Postgres speaks before what is not") {
    auto server = postgres();
    server.transactions_problem = "hidden";
    server.longest_transaction = 1h;
    CHECK(judge_postgres("postgres-transactions", server).verdict == Verdict::warning);
    server.longest_transaction = 1s;
    CHECK(judge_postgres("postgres-transactions", server).verdict == Verdict::unknown);
    server.replicas_problem = "hidden";
    server.replicas = {{.name = "r", .replay_lag = 31s}};
    CHECK(judge_postgres("postgres-replication", server).verdict == Verdict::warning);
    server.replicas.clear();
    server.inactive_slots = 1;
    CHECK(judge_postgres("postgres-replication", server).verdict == Verdict::warning);
    server.archiver_problem = "hidden";
    server.archiver_failing = true;
    CHECK(judge_postgres("postgres-archive", server).verdict == Verdict::critical);
}

TEST_CASE("a standby whose lag can't be asked for is unknown") {
    auto server = postgres();
    server.in_recovery = true;
    CHECK(judge_postgres("postgres-replication", server).verdict == Verdict::ok);
    server.recovery_problem = "permission denied";
    CHECK(judge_postgres("postgres-replication", server).verdict == Verdict::unknown);
}

TEST_CASE("WAL archiving that is off is skipped, not well") {
    auto server = postgres();
    server.archive_mode = "on";
    CHECK(judge_postgres("postgres-archive", server).verdict == Verdict::ok);
    server.archive_mode = "off";
    const auto finding = judge_postgres("postgres-archive", server);
    CHECK(finding.verdict == Verdict::skipped);
    CHECK(says(finding, "archive_mode = off"));
}

TEST_CASE("a queue that can't be measured is unknown, and Prometheus is heard beside it") {
    auto server = redis();
    server.queue_problems["gan:queue"] = "not allowed: NOPERM";
    auto seen = with_redis(server);
    facts::Prometheus prometheus;
    prometheus.ready = true;
    prometheus.gan_queue_depth = 51;
    seen.prometheus.push_back(sample::observed("prometheus", prometheus));
    const auto findings = health::judge(seen, {});
    const auto queue = sample::find(findings, "health.gan-queue.gan:queue");
    CHECK(queue.verdict == Verdict::unknown);
    CHECK(says(queue, "NOPERM"));
    CHECK(queue.caused_by.empty());
    CHECK(sample::find(findings, "health.gan-queue.queue").verdict == Verdict::warning);

    seen.redis[0].result->queue_lengths["other"] = 1;
    const auto measured = health::judge(seen, {});
    CHECK(sample::find(measured, "health.gan-queue.gan:queue").verdict == Verdict::unknown);
    CHECK_FALSE(sample::has(measured, "health.gan-queue.queue"));
}

TEST_CASE("a queue of a Redis that loads follows from that") {
    auto server = redis();
    server.loading = true;
    server.queue_problems["gan:queue"] = "not ready";
    const auto queue = sample::judge_one(with_redis(server), "health.gan-queue.gan:queue");
    CHECK(queue.caused_by == std::vector<std::string>{"health.redis.cache"});
}

TEST_CASE("snapshots of which nothing is told are skipped, failed ones are not") {
    auto server = redis();
    server.rdb_enabled.reset();
    CHECK(sample::judge_one(with_redis(server), "health.redis-save.cache").verdict
          == Verdict::skipped);
    server.rdb_last_status = "err";
    CHECK(sample::judge_one(with_redis(server), "health.redis-save.cache").verdict
          == Verdict::critical);
    server = redis();
    CHECK(sample::judge_one(with_redis(server), "health.redis-save.cache").verdict == Verdict::ok);
    server.rdb_enabled = false;
    CHECK(sample::judge_one(with_redis(server), "health.redis-save.cache").verdict
          == Verdict::skipped);
}

TEST_CASE("a running container that was not measured is unknown in CPU and memory") {
    auto container = sample::container("api");
    container.usage_problem = "no answer in time";
    const auto findings = health::judge(sample::with_containers({container}), {});
    for (const char* id : {"health.container-cpu.api", "health.container-memory.api"}) {
        const auto finding = sample::find(findings, id);
        CHECK(finding.verdict == Verdict::unknown);
        CHECK(says(finding, "no answer in time"));
    }
    container.usage_problem.clear();
    container.usage = facts::ContainerUsage{.cpu_cores = 0.1}; // no limit of either is told
    const auto untold = health::judge(sample::with_containers({container}), {});
    CHECK(sample::find(untold, "health.container-cpu.api").verdict == Verdict::unknown);
    CHECK(sample::find(untold, "health.container-memory.api").verdict == Verdict::unknown);
}

TEST_CASE("a file system that can't be measured is unknown") {
    auto machine = host();
    machine.filesystems = {
        {.mount_point = "/backup", .problem = "statvfs fails: Stale file handle"}};
    const auto disk = sample::judge_one(with_host(machine), "health.disk./backup");
    CHECK(disk.verdict == Verdict::unknown);
    CHECK(says(disk, "Stale file handle"));
}

TEST_CASE("a host whose CPU counters stand still is unknown") {
    auto machine = host();
    machine.cpu_still = true;
    CHECK(sample::judge_one(with_host(machine), "health.host-cpu.host").verdict
          == Verdict::unknown);
}

TEST_CASE("the memory of our own control group is called that") {
    auto machine = host();
    CHECK_FALSE(says(sample::judge_one(with_host(machine), "health.host-memory.host"), "own"));
    machine.memory_of_group = true;
    machine.memory_available = {10};
    const auto finding = sample::judge_one(with_host(machine), "health.host-memory.host");
    CHECK(finding.verdict == Verdict::warning);
    CHECK(says(finding, "gallery-ops' own control group"));
}

TEST_CASE("a sync state that is not told is said, and leaves the head's age to judge") {
    auto made = node();
    made.syncing_problem = "limit exceeded (-32005)";
    const auto young = judge_head(made);
    CHECK(young.verdict == Verdict::ok);
    CHECK(says(young, "sync state not told: limit exceeded"));
    made.head_time = k_now - 3min;
    CHECK(judge_head(made).verdict == Verdict::warning);
    made = node();
    made.syncing = true;
    CHECK(says(judge_head(made), "still syncing: block 5 of a number that it does not tell"));
    made.highest_block = 9;
    CHECK(says(judge_head(made), "block 5 of 9"));
}

} // namespace health_unseen_test
