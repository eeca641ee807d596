// SPDX-License-Identifier: MIT
#include "conformance/turns.hpp"
#include "probe/redis.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <chrono>
#include <string>

namespace redis_test {

// What only somebody who speaks RESP can do to a client.

namespace {

using namespace std::chrono_literals;
using conformance::answers;
using conformance::bulk;
using core::ErrorKind;

constexpr auto k_deadline = 600ms;

core::Result<facts::Redis> observe(const hostile::Behaviour& behaviour,
                                   const char* password = "hunter2") {
    const hostile::Server server{behaviour};
    config::Redis target;
    target.url = "redis://127.0.0.1:" + std::to_string(server.port());
    target.password = core::Secret{password};
    target.queues = {"jobs"};
    const auto began = std::chrono::steady_clock::now();
    auto result = probe::observe_redis(target, core::Deadline::after(k_deadline), {});
    CHECK(std::chrono::steady_clock::now() - began < k_deadline + k_slack);
    return result;
}

core::Error check(const hostile::Behaviour& behaviour, const char* password = "hunter2") {
    const auto result = observe(behaviour, password);
    REQUIRE_FALSE(result);
    const auto& error = result.error();
    INFO(core::describe(error));
    CHECK_FALSE(error.reason.empty());
    CHECK(error.reason.size() < 400);
    CHECK(core::describe(error).find("hunter2") == std::string::npos);
    return error;
}

hostile::Behaviour says(std::string words) {
    return [words = std::move(words)](hostile::Connection& client) {
        client.read_request();
        client.send(words);
        client.hold();
    };
}

hostile::Behaviour says_for_ever(std::string first, std::string words) {
    return [first = std::move(first), words = std::move(words)](hostile::Connection& client) {
        client.read_request();
        client.send(first);
        client.flood(words);
    };
}

} // namespace

TEST_CASE("the error answers of a Redis are typed") {
    const std::pair<std::string, ErrorKind> cases[] = {
        {"-NOAUTH Authentication required.\r\n", ErrorKind::auth},
        {"-WRONGPASS invalid username-password pair\r\n", ErrorKind::auth},
        {"-ERR invalid password\r\n", ErrorKind::auth},
        {"-DENIED Redis is running in protected mode\r\n", ErrorKind::auth},
        {"-BUSY Redis is busy running a script\r\n", ErrorKind::protocol},
        {"-ERR max number of clients reached\r\n", ErrorKind::protocol},
        {"-ERR you sent hunter2\r\n", ErrorKind::protocol},
        {"-" + std::string(100'000, 'x') + "\r\n", ErrorKind::protocol},
        {"-\r\n", ErrorKind::protocol},
    };
    for (const auto& [words, kind] : cases) {
        CAPTURE(words.substr(0, 60));
        CHECK(core::name(check(says(words)).kind) == core::name(kind));
        // The same, when the server closes behind its word, as one in protected mode does.
        CHECK(core::name(check([&](hostile::Connection& client) { client.send(words); }).kind)
              == core::name(kind));
    }
}

TEST_CASE("answers without end don't keep us nor take the memory") {
    const std::string block(4096, 'x');
    CHECK(check(says_for_ever("$2147483647\r\n", block)).kind == ErrorKind::too_large);
    CHECK(check(says_for_ever("+", block)).kind == ErrorKind::too_large);
    check(says_for_ever("$9223372036854775807\r\n", block));
    check(says_for_ever("*2147483647\r\n", "$1\r\nx\r\n"));
    check(says_for_ever("*1000\r\n", "*1000\r\n"));
    check(says_for_ever("", "*1\r\n"));
    check(says_for_ever("", "-ERR no\r\n"));
}

TEST_CASE("what PING and INFO may not be") {
    for (const char* pong : {"+PING\r\n", ":1\r\n", "*0\r\n", "$-1\r\n", "*-1\r\n", "$0\r\n\r\n"}) {
        CAPTURE(pong);
        CHECK(check(answers({pong}), "").kind == ErrorKind::protocol);
    }
    const std::string nothing = "*0\r\n*0\r\n+none\r\n";
    for (const std::string& info :
         {std::string{"+redis_version:7\r\n"}, bulk(""), bulk("hello"), std::string{"*0\r\n"},
          std::string{":7\r\n"}, std::string{"$-1\r\n"}, std::string{"-ERR unknown command\r\n"},
          bulk(std::string(1 << 20, '\n'))}) {
        CAPTURE(info.substr(0, 60));
        CHECK(check(answers({"+PONG\r\n", info + nothing}), "").kind == ErrorKind::protocol);
    }
}

TEST_CASE("odd answers besides a good INFO leave defaults") {
    const auto info = bulk("redis_version:7.0.15\r\nused_memory:5\r\n");
    for (const std::string& rest :
         {std::string{"*0\r\n*0\r\n+none\r\n"}, std::string{"-ERR a\r\n-ERR b\r\n-ERR c\r\n"},
          std::string{"*2\r\n*0\r\n*0\r\n*2\r\n:1\r\n:2\r\n:3\r\n"},
          std::string{
              "*2\r\n$4\r\nsave\r\n$-1\r\n*2\r\n$1\r\na\r\n$9\r\n999999x99\r\n+hash\r\n"}}) {
        CAPTURE(rest);
        const auto redis = observe(answers({"+PONG\r\n", info + rest}), "");
        if (!redis) FAIL(core::describe(redis.error()));
        CHECK(redis->used_memory.count == 5);
        CHECK(redis->max_clients >= 0);
    }
}

TEST_CASE("a Redis that loads or lost its master is told by its INFO") {
    for (const char* word : {"-LOADING Redis is loading\r\n", "-MASTERDOWN Link is down\r\n"}) {
        const auto info = bulk("redis_version:7.0.15\r\nloading:1\r\nmaster_link_status:down\r\n");
        const std::string rest = std::string{word} + word + word;
        const auto redis = observe(answers({word, info + rest}), "");
        if (!redis) FAIL(core::describe(redis.error()));
        CHECK(redis->loading);
        CHECK(redis->master_link_status == "down");
        CHECK(check(answers({word, word + rest}), "").kind == ErrorKind::protocol);
    }
}

} // namespace redis_test
