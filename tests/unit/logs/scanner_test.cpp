// SPDX-License-Identifier: MIT
#include "logs/miner.hpp"
#include "logs/scanner.hpp"
#include "logs/shape.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace logs_scanner_test {
namespace {

/// The message as a template shows it.
std::string masked(const std::string& message) {
    logs::Scanner scanner;
    const auto tokens = scanner.scan(message);
    return logs::text_of(logs::make_shape(0, message, tokens));
}

} // namespace

TEST_CASE("whole values become typed parameters") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"GET took 15 ms", "GET took <duration>"},
        {"used 1,024KB of 2.5 GiB", "used <size> of <size>"},
        {"85% full", "<size> full"},
        {"from 10.0.0.7 port", "from <ip> port"},
        {"from 10.0.0.7:8080, done", "from <ip>, done"},
        {"src: /10.250.19.102:54106 dest", "src: <ip> dest"},
        {"to 2001:db8::1 now", "to <ip> now"},
        {"to fe80:0:0:0:1:2:3:4%eth0 now", "to <ip> now"},
        {"net 10.0.0.0/8 up", "net <ip> up"},
        {"mac 00:1a:2b:3c:4d:5e up", "mac <mac> up"},
        {"open /var/log/x.log failed", "open <path> failed"},
        {"open ~/x and ../y/z", "open <path> and <path>"},
        {"open C:\\Windows\\x.dll now", "open <path> now"},
        {"see https://example.org/a?b=c&d=1 for more", "see <url> for more"},
        {"mail to a.b+c@mail.example.org sent", "mail to <mail> sent"},
        {"id 550e8400-e29b-41d4-a716-446655440000 done", "id <uuid> done"},
        {"at 0xdeadbeef", "at <hex>"},
        {"to 0x52908400098527886E0F7030069857D2E4169EE7 sent", "to <address> sent"},
        {"pinned QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG now", "pinned <cid> now"},
        {"on 2005-06-14 15:22:35.123 it", "on <time> it"},
        {"on Jun 14 15:22:35 it", "on <time> it"},
        {"on Tue Jun 14 15:22:35 CEST 2005 it", "on <time> it"},
        {"on [14/Jun/2005:15:22:35 +0200] it", "on [<time>] it"},
        {"at 15:22:35 it", "at <time> it"},
        {"db.example.org:5432 is down", "<ip> is down"},
        {"db.example.org is down", "<name> is down"},
        {"a1b2c3d4e5f6 started", "<hex> started"},
        {"blk_-1608999687919862906 done", "<name> done"},
    };
    for (const auto& [message, expected] : cases) {
        CAPTURE(message);
        CHECK(masked(message) == expected);
    }
}

TEST_CASE("what only looks like a value is left") {
    for (const std::string message :
         {"May I come in", "and/or both", "std::string is fine", "a::b", "read utf8",
          "no values here", "x @ y", "Mar is a planet's name cut", "version of ipv4",
          "java.io.IOException was thrown", "50000x"}) {
        CAPTURE(message);
        const auto text = masked(message);
        if (message == "50000x" || message == "read utf8") {
            CHECK(text.find('<') != std::string::npos); // numbers in names differ
        } else if (message == "version of ipv4") {
            CHECK(text == "version of <name>");
        } else {
            CHECK(text == message);
        }
    }
}

TEST_CASE("runs of parameters and brackets with nothing but values are one parameter") {
    CHECK(masked("ids 1, 2, 3 and 4") == "ids <num> and <num>");
    CHECK(masked("ids 1 and more") == "ids <num> and more");
    CHECK(masked("pair 7:9 done") == "pair <num> done");
    CHECK(masked("web-1 (10.0.0.7) is up") == "<name> is up");
    CHECK(masked("worker7[31]: ready") == "<name>: ready");
    CHECK(masked("call () failed") == "call () failed");
}

TEST_CASE("a message may be anything") {
    CHECK(masked("").empty());
    CHECK(masked("   ").empty());
    CHECK(masked(std::string(100'000, '(')).size() <= 4096);
    CHECK(masked(std::string(100'000, 'a')).size() <= 4096);
    std::string every;
    for (int i = 0; i < 256; ++i)
        every += static_cast<char>(i);
    CHECK_FALSE(masked(every + every).empty());
    for (const std::string odd :
         {":",  "::",     ":::::::::", "/",       "~", "..", "@", "a@", "@b.c", "://", "x://",
          "0x", "1.2.3.", "1.2.3.4.5", "12:34:5", "%", "1%", "<", "<1", "<1>",  "[1"}) {
        CAPTURE(odd);
        CHECK_NOTHROW(masked(odd));
        CHECK_NOTHROW(masked("a " + odd + " b"));
    }
}

TEST_CASE("scanning ends at every cut of a message") {
    const std::string message =
        "2005-06-14T15:22:35.123+02:00 [a:b] 10.0.0.7:80 2001:db8::1 /x/y u@h.org "
        "https://e.org/a 0xff 1,024 KB/s Tue Jun 14 15:22:35 UTC 2005 C:\\x (1) <2>";
    for (std::size_t begin = 0; begin < message.size(); ++begin)
        for (std::size_t end = begin; end <= message.size(); ++end)
            CHECK_NOTHROW(masked(message.substr(begin, end - begin)));
}

} // namespace logs_scanner_test
