// SPDX-License-Identifier: MIT
#include "conformance/turns.hpp"
#include "net/lookup.hpp"
#include "probe/docker.hpp"
#include "probe/ethereum.hpp"
#include "probe/postgres.hpp"
#include "probe/redis.hpp"
#include "support/catch.hpp"
#include "support/slack.hpp"
#include "support/sound.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <netdb.h>
#include <string>
#include <thread>
#include <vector>

namespace unmeasured_test {

// A server that is alive and tells one thing not, or only some of many: what is missing keeps its
// reason, and the rest is there.

namespace {

using namespace std::chrono_literals;
using conformance::answers;
using conformance::bulk;

facts::Redis observe_redis(std::vector<std::string> turns, std::vector<std::string> queues) {
    const hostile::Server server{answers(std::move(turns))};
    config::Redis target;
    target.url = "redis://127.0.0.1:" + std::to_string(server.port());
    target.queues = std::move(queues);
    auto redis = probe::observe_redis(target, core::Deadline::after(5s), {});
    if (!redis) FAIL(core::describe(redis.error()));
    return *std::move(redis);
}

const std::string k_info = bulk("redis_version:7.0.15\r\nused_memory:5\r\n");
const std::string k_saves = "*2\r\n" + bulk("save") + bulk("3600 1");
const std::string k_clients = "*2\r\n" + bulk("maxclients") + bulk("100");

/// Answers every JSON-RPC call of a batch as a sound node does, but eth_syncing with `syncing`:
/// "result": …, or "error": ….
hostile::Behaviour node_that_says(std::string syncing) {
    return [syncing = std::move(syncing)](hostile::Connection& client) {
        if (sound::read_request(client).empty()) return;
        const auto reply = [](int id, const std::string& rest) {
            return R"({"jsonrpc": "2.0", "id": )" + std::to_string(id) + ", " + rest + "}";
        };
        client.send(hostile::http_answer(
            200, "[" + reply(0, R"("result": "geth")") + "," + reply(1, R"("result": "0x1")") + ","
                     + reply(2, syncing) + ","
                     + reply(3, R"("result": {"number": "0x10", "timestamp": "0x65000000"})") + ","
                     + reply(4, R"("result": "0x1")") + "," + reply(5, R"("result": "0x2")")
                     + "]"));
        client.end();
    };
}

facts::Ethereum observe_node(std::string syncing) {
    const hostile::Server server{node_that_says(std::move(syncing))};
    config::Ethereum target;
    target.rpc = "http://127.0.0.1:" + std::to_string(server.port());
    auto node = probe::observe_ethereum(target, core::Deadline::after(5s), {});
    if (!node) FAIL(core::describe(node.error()));
    return *std::move(node);
}

/// Answers the stats of containers; those whose id begins with "hang" wait for ever.
void serve_stats(hostile::Connection& client) {
    const auto request = client.read_request();
    if (request.empty()) return;
    if (request.find("/containers/hang") != std::string::npos) return client.hold();
    client.send(hostile::http_answer(200, R"({"cpu_stats": {"cpu_usage": {"total_usage": 5000},
        "online_cpus": 2}, "memory_stats": {"usage": 100, "limit": 1000}})"));
    client.end();
}

facts::Docker remote_engine(int containers) {
    facts::Docker engine;
    engine.api_version = "1.41";
    for (int i = 0; i < containers; ++i) {
        facts::Container container;
        container.id = "c" + std::to_string(i);
        container.state = facts::ContainerState::running;
        container.pid = 7;
        engine.containers.push_back(std::move(container));
    }
    return engine;
}

void observe_usage(facts::Docker& engine, std::chrono::milliseconds patience) {
    const hostile::Server server{serve_stats};
    config::DockerHost host;
    host.url = "tcp://127.0.0.1:" + std::to_string(server.port());
    probe::observe_usage(engine, host, 10ms, core::Deadline::after(patience), {});
}

std::atomic<int> g_inside{0};
std::atomic<bool> g_release{false};

/// Hangs with one name until it may go on, and finds this host under every other.
net::LookupAnswer hang_with_one(const std::string& host) {
    if (host != "hanging.invalid") return {0, 0, {"127.0.0.1"}};
    ++g_inside;
    while (!g_release)
        std::this_thread::sleep_for(2ms);
    --g_inside;
    return {EAI_AGAIN, 0, {}};
}

class Resolver {
  public:
    Resolver() : m_before(net::exchange_resolver(hang_with_one)) { g_release = false; }

    ~Resolver() {
        net::exchange_resolver(m_before);
        g_release = true;
        while (g_inside > 0)
            std::this_thread::sleep_for(1ms);
    }

    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

  private:
    net::Resolver m_before;
};

} // namespace

TEST_CASE("each queue of a Redis has its length or its problem") {
    const auto redis = observe_redis(
        {"+PONG\r\n",
         k_info + k_saves + k_clients + "+list\r\n+hash\r\n+none\r\n+stream\r\n"
             + "-NOPERM No permissions to access a key\r\n-MOVED 3999 192.0.2.1:6381\r\n:7\r\n",
         ":3\r\n-NOPERM this user has no permissions to run the 'xlen' command\r\n"},
        {"list", "hash", "none", "stream", "forbidden", "moved", "odd"});
    CHECK(redis.queue_lengths == std::map<std::string, std::int64_t>{{"list", 3}, {"none", 0}});
    REQUIRE(redis.queue_problems.size() == 5);
    CHECK(redis.queue_problems.at("hash").find("of type hash") != std::string::npos);
    CHECK(redis.queue_problems.at("forbidden").find("NOPERM") != std::string::npos);
    CHECK(redis.queue_problems.at("moved").find("cluster") != std::string::npos);
    CHECK(redis.queue_problems.at("stream").find("+xlen") != std::string::npos);
    CHECK_FALSE(redis.queue_problems.at("odd").empty());
}

TEST_CASE("queues beyond the most that are asked for say so") {
    std::vector<std::string> queues;
    std::string types;
    for (int i = 0; i < 300; ++i) {
        queues.push_back("q" + std::to_string(i));
        if (i < 256) types += "+none\r\n";
    }
    const auto redis = observe_redis({"+PONG\r\n", k_info + k_saves + k_clients + types}, queues);
    CHECK(redis.queue_lengths.size() == 256);
    CHECK(redis.queue_problems.size() == 44);
}

TEST_CASE("whether a Redis saves snapshots is known only where it tells") {
    CHECK(observe_redis({"+PONG\r\n", k_info + k_saves + k_clients}, {}).rdb_enabled == true);
    const auto off = "*2\r\n" + bulk("save") + bulk("");
    CHECK(observe_redis({"+PONG\r\n", k_info + off + k_clients}, {}).rdb_enabled == false);
    for (const std::string refused :
         {"-NOPERM no\r\n", "-ERR unknown command 'CONFIG'\r\n", "*0\r\n"}) {
        CAPTURE(refused);
        CHECK_FALSE(observe_redis({"+PONG\r\n", k_info + refused + k_clients}, {}).rdb_enabled);
    }
}

TEST_CASE("a node that tells its sync state in its own way is alive") {
    CHECK(observe_node(R"("result": false)").syncing_problem.empty());
    const auto unknown = observe_node(R"("error": {"code": -32601, "message": "no such method"})");
    CHECK(unknown.syncing_problem.empty());
    CHECK_FALSE(unknown.syncing);
    const auto refused = observe_node(R"("error": {"code": -32005, "message": "limit exceeded"})");
    CHECK_FALSE(refused.syncing);
    CHECK(refused.syncing_problem.find("limit exceeded") != std::string::npos);
    for (const char* odd : {R"("result": true)", R"("result": null)", R"("result": "0x0")"}) {
        CAPTURE(odd);
        const auto node = observe_node(odd);
        CHECK_FALSE(node.syncing);
        CHECK_FALSE(node.syncing_problem.empty());
    }
    const auto batch = observe_node(R"("result": {"batchSeen": 5})");
    CHECK(batch.syncing);
    CHECK_FALSE(batch.highest_block);
    const auto syncing = observe_node(R"("result": {"highestBlock": "0x20"})");
    CHECK(syncing.syncing);
    CHECK(syncing.highest_block == 32U);
}

TEST_CASE("the stats of all containers are asked for, however many there are") {
    auto engine = remote_engine(120);
    observe_usage(engine, 20s);
    for (const auto& container : engine.containers) {
        CAPTURE(container.id);
        CHECK(container.usage);
        CHECK(container.usage_problem.empty());
    }
}

TEST_CASE("a container whose stats hang costs its own figures only") {
    auto engine = remote_engine(60);
    engine.containers[3].id = "hang3";
    observe_usage(engine, 4s);
    for (const auto& container : engine.containers) {
        CAPTURE(container.id);
        CHECK(container.usage.has_value() != container.id.starts_with("hang"));
        CHECK(container.usage_problem.empty() != container.id.starts_with("hang"));
    }
}

TEST_CASE("a name of a DSN that hangs leaves the other servers their time") {
    const Resolver resolver;
    const hostile::Server server{sound::postgres()};
    config::Postgres target;
    target.name = "postgres";
    const auto port = std::to_string(server.port());
    target.dsn = "host=hanging.invalid,other.invalid port=" + port + "," + port
                 + " user=u dbname=d sslmode=disable";
    const auto postgres = probe::observe_postgres(target, core::Deadline::after(3s), {});
    if (!postgres) FAIL(core::describe(postgres.error()));
    CHECK(postgres->database == "gallery");
}

} // namespace unmeasured_test
