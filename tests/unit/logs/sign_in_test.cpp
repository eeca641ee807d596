// SPDX-License-Identifier: MIT
#include "core/address.hpp"
#include "logs/analysis.hpp"
#include "logs/detectors/sign_in_failure.hpp"
#include "logs/level_in_text.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace logs_sign_in_test {
namespace {

std::pair<std::string, std::string> failure(const std::string& message) {
    logs::Event event;
    event.message = message;
    const auto found = logs::sign_in_failure(event);
    if (!found) return {"none", ""};
    return {std::string{found->client}, std::string{found->account}};
}

logs::Summary analyse(const std::vector<std::string>& lines) {
    logs::AnalysisOptions options;
    options.now = *core::parse_rfc3339("2026-03-01T00:00:00Z");
    logs::Analysis analysis{options};
    const auto stream = analysis.add_stream({.service = "web", .name = "web.log"});
    for (const auto& line : lines)
        analysis.add(stream, line);
    return analysis.finish();
}

std::vector<std::string> suspects(const logs::Summary& summary) {
    std::vector<std::string> all;
    for (const auto& suspect : summary.suspects)
        all.push_back(core::text_of(suspect.address));
    return all;
}

std::string ssh(const std::string& message) {
    return "Feb  1 10:00:00 web sshd[71]: " + message;
}

} // namespace

TEST_CASE("a failed sign-in is told with the address that the server wrote") {
    using Pair = std::pair<std::string, std::string>;
    CHECK(failure("Failed password for root from 192.0.2.7 port 22 ssh2")
          == Pair{"192.0.2.7", "root"});
    CHECK(failure("Failed password for invalid user a b from 192.0.2.7 port 22 ssh2")
          == Pair{"192.0.2.7", "a b"});
    CHECK(failure("Invalid user x from 2001:db8::7") == Pair{"2001:db8::7", "x"});
    CHECK(failure("Invalid user x from 192.0.2.7 port 5") == Pair{"192.0.2.7", "x"});
    CHECK(
        failure("message repeated 5 times: [ Failed password for root from 192.0.2.7 port 22 ssh2]")
        == Pair{"192.0.2.7", "root"});
    CHECK(
        failure("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
                "rhost=192.0.2.7  user=root")
        == Pair{"192.0.2.7", "root"});
    CHECK(failure("login failed: email=a@example.org client=192.0.2.7")
          == Pair{"192.0.2.7", "a@example.org"});
    CHECK(failure("password authentication failed for user \"gallery\"") == Pair{"", "gallery"});
    CHECK(failure("Accepted password for root from 192.0.2.7 port 22 ssh2").first == "none");
    CHECK(failure("the page says login failed from 192.0.2.7 and more").first != "none");
    CHECK(failure("user reads about failed logins").first == "none");
}

TEST_CASE("nothing that a client sends puts another address there") {
    for (const std::string message : {"Failed password for invalid user x from 9.9.9.9 port 22 "
                                      "ssh2 from 192.0.2.7 port 40 ssh2",
                                      "Invalid user from 9.9.9.9 from 192.0.2.7 port 40",
                                      "pam_unix(sshd:auth): authentication failure; logname= uid=0 "
                                      "euid=0 tty=ssh ruser= rhost=192.0.2.7  "
                                      "user=x rhost=9.9.9.9",
                                      "login failed: email=x client=9.9.9.9 client=192.0.2.7"}) {
        CAPTURE(message);
        CHECK(failure(message).first == "192.0.2.7");
    }
    CHECK(failure("Failed password for x from 192.0.2.7 and then some").first == "none");
}

TEST_CASE("an address that tries passwords is named, one that mistypes is not") {
    std::vector<std::string> lines;
    for (int i = 0; i < 20; ++i)
        lines.push_back(ssh(fmt::format(
            "Failed password for invalid user u{} from 203.0.113.7 port {} ssh2", i, i)));
    lines.push_back(ssh("Failed password for ann from 198.51.100.4 port 1 ssh2"));
    lines.push_back(ssh("Failed password for ann from 198.51.100.4 port 1 ssh2"));
    lines.push_back(ssh("Accepted password for ann from 198.51.100.4 port 1 ssh2"));
    for (int i = 0; i < 50; ++i)
        lines.push_back(ssh("Failed password for root from 10.0.0.5 port 1 ssh2"));
    const auto summary = analyse(lines);
    CHECK(suspects(summary) == std::vector<std::string>{"203.0.113.7"});
    const auto found =
        std::ranges::find(summary.findings, "logs.sign-in.sign-in", &core::Finding::id);
    REQUIRE(found != summary.findings.end());
    CHECK(found->verdict == core::Verdict::warning);
    CHECK(found->message.find("203.0.113.7") != std::string::npos);
}

TEST_CASE(
    "passwords that are tried at the site are credential stuffing, a few mistyped ones nothing") {
    const auto attempt = [](const std::string& client, int status) {
        return fmt::format("{} - - [01/Feb/2026:10:00:00 +0000] \"POST /api/login HTTP/1.1\" {} 1",
                           client, status);
    };
    std::vector<std::string> ordinary;
    for (int i = 0; i < 200; ++i) {
        const auto client = fmt::format("198.51.{}.{}", i % 2, i);
        if (i % 10 == 0) ordinary.push_back(attempt(client, 401));
        ordinary.push_back(attempt(client, 200));
    }
    CHECK(suspects(analyse(ordinary)).empty());
    auto attacked = ordinary;
    for (int i = 0; i < 30; ++i)
        attacked.push_back(attempt("203.0.113.7", 401));
    CHECK(suspects(analyse(attacked)) == std::vector<std::string>{"203.0.113.7"});

    std::vector<std::string> spread;
    for (int i = 0; i < 60; ++i)
        spread.push_back(fmt::format("2026-02-01 10:00:00 WARNING api: login failed: "
                                     "email=u{}@example.org client=203.0.{}.{}",
                                     i, i, i));
    const auto summary = analyse(spread);
    CHECK(suspects(summary).empty());
    const auto found =
        std::ranges::find(summary.findings, "logs.sign-in.sign-in", &core::Finding::id);
    REQUIRE(found != summary.findings.end());
    CHECK(found->verdict == core::Verdict::warning);
    CHECK(found->message.find("credential stuffing") != std::string::npos);
}

TEST_CASE("addresses are those of the Internet, IPv6 by its /64") {
    const auto text = [](const std::string& address) {
        const auto parsed = core::parse_address(address);
        return parsed ? core::text_of(*parsed) : "none";
    };
    CHECK(text("192.0.2.7") == "192.0.2.7");
    CHECK(text("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(text("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(text("1.2.3") == "none");
    CHECK(text("1.2.3.4.5") == "none");
    CHECK(text("hello") == "none");
    for (const std::string inside :
         {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.1.1",
          "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"}) {
        CAPTURE(inside);
        CHECK_FALSE(core::is_public(*core::parse_address(inside)));
    }
    for (const std::string outside :
         {"8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2001:db8::1"}) {
        CAPTURE(outside);
        CHECK(core::is_public(*core::parse_address(outside)));
    }
}

TEST_CASE("a level is taken from the text only where it is one") {
    using logs::Level;
    CHECK(logs::level_in_text("ERROR it broke") == Level::error);
    CHECK(logs::level_in_text("[error] it broke") == Level::error);
    CHECK(logs::level_in_text("error: it broke") == Level::error);
    CHECK(logs::level_in_text("java.io.IOException: gone") == Level::error);
    CHECK(logs::level_in_text("panic: runtime error: index out of range") == Level::critical);
    CHECK(logs::level_in_text("Out of memory: Killed process 7 (postgres)") == Level::critical);
    for (const std::string message :
         {"0 errors", "errors=0", "GET /error/page", "no error was found", "the error rate is 0",
          "ERROR=0", "all is well", "", "an IOError may come"}) {
        CAPTURE(message);
        CHECK(logs::level_in_text(message) == Level::none);
    }
}

} // namespace logs_sign_in_test
