// SPDX-License-Identifier: MIT
#include "probe/redis_reply.hpp"
#include "probe/redis_url.hpp"
#include "support/catch.hpp"

namespace probe_redis_reply_test {

using Type = probe::RedisReply::Type;

namespace {

core::Result<std::optional<probe::RedisReply>> read_all(std::string_view bytes) {
    probe::RedisReader reader{64 << 10};
    if (auto fed = reader.feed(bytes); !fed) return std::unexpected(fed.error());
    return reader.next();
}

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST_CASE("answers are read whole, byte by byte") {
    probe::RedisReader reader;
    constexpr std::string_view k_wire = "*3\r\n$5\r\nhe\r\no\r\n:42\r\n*2\r\n$-1\r\n-ERR no\r\n";
    for (std::size_t i = 0; i + 1 < k_wire.size(); ++i) {
        REQUIRE(reader.feed(k_wire.substr(i, 1)));
        const auto early = reader.next();
        REQUIRE(early);
        REQUIRE_FALSE(*early);
    }
    REQUIRE(reader.feed("\n+OK\r\n"));
    const auto reply = reader.next();
    REQUIRE(reply);
    REQUIRE(*reply);
    REQUIRE((*reply)->elements.size() == 3);
    CHECK((*reply)->elements[0]->text == "he\r\no");
    CHECK((*reply)->elements[1]->integer == 42);
    CHECK((*reply)->elements[2]->elements[0]->type == Type::nil);
    CHECK((*reply)->elements[2]->elements[1]->is_error());
    const auto second = reader.next();
    REQUIRE(second);
    CHECK((*second)->text == "OK");
}

TEST_CASE("what is not the protocol is told apart from what is too much") {
    using enum core::ErrorKind;
    const std::pair<std::string, core::ErrorKind> cases[] = {
        {"HTTP/1.1 400 Bad Request\r\n", protocol},
        {"ERROR\r\n", protocol},
        {std::string{"\x15\x03\x01\x00\x02\x02", 6}, protocol},
        {"*4097\r\n", too_large},
        {"*2147483647\r\n", too_large},
        {repeated("*1\r\n", 2000), too_large},
        {std::string(70'000, 'x'), too_large},
    };
    for (const auto& [wire, kind] : cases) {
        CAPTURE(wire.substr(0, 40));
        const auto reply = read_all(wire);
        REQUIRE_FALSE(reply);
        // Older readers stop at a nesting of 7 as a fault of the protocol.
        CHECK((reply.error().kind == kind || wire.starts_with("*1\r\n")));
        CHECK_FALSE(reply.error().reason.empty());
    }
}

TEST_CASE("a string that never ends is given up at the bound") {
    probe::RedisReader reader{64 << 10};
    REQUIRE(reader.feed("$9000000000000000000\r\n"));
    const std::string block(4096, 'x');
    bool ended = false;
    for (int i = 0; i < 17 && !ended; ++i) {
        ended = !reader.feed(block);
        if (!ended) ended = !reader.next();
    }
    CHECK(ended);
}

TEST_CASE("commands carry their lengths") {
    const std::vector<std::string> words{"LLEN", "my\r\nkey"};
    CHECK(probe::redis_command(words) == "*2\r\n$4\r\nLLEN\r\n$7\r\nmy\r\nkey\r\n");
}

TEST_CASE("Redis URLs") {
    const auto full = probe::parse_redis_url("rediss://bob:p%40ss@cache.example:6380/3?x=1");
    REQUIRE(full);
    CHECK(full->tls);
    CHECK(full->host == "cache.example");
    CHECK(full->port == 6380);
    CHECK(full->database == 3);
    CHECK(full->username == "bob");
    CHECK(full->password == "p@ss");

    const auto odd = probe::parse_redis_url("redis://:a/b@c@h");
    REQUIRE(odd);
    CHECK(odd->password == "a/b@c");
    CHECK(odd->host == "h");

    CHECK(probe::parse_redis_url("redis://[::1]:7000")->host == "::1");
    CHECK(probe::parse_redis_url("redis://[::1]:7000")->port == 7000);
    CHECK(probe::parse_redis_url("localhost:7001")->port == 7001);
    CHECK(probe::parse_redis_url("redis://cache/")->port == 6379);
    for (const char* bad : {"", "http://x", "redis://h:0", "redis://h:65536", "redis://h:x",
                            "redis://h/zero", "redis://[::1", "redis://[::1]x", "redis://h/-1"}) {
        CAPTURE(bad);
        CHECK_FALSE(probe::parse_redis_url(bad));
    }
    const auto secret = probe::parse_redis_url("redis://u:hunter2@h:x");
    CHECK(core::describe(secret.error()).find("hunter2") == std::string::npos);
}

} // namespace probe_redis_reply_test
