// SPDX-License-Identifier: MIT
#include "probe/postgres.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace postgres_test {

// What only somebody who speaks PostgreSQL's protocol (version 3, manual chapter "Frontend/Backend
// Protocol") can do to a client.

namespace {

using namespace std::chrono_literals;
using core::ErrorKind;

constexpr auto k_deadline = 600ms;

std::string number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>((value >> shift) & 0xFF);
    return bytes;
}

std::string message(char type, const std::string& body) {
    return type + number(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

std::string text(std::string_view value) {
    return std::string{value} + '\0';
}

std::string answer(char type, std::string_view state, std::string_view words) {
    return message(type, "S" + text("FATAL") + "V" + text("FATAL") + "C" + text(state) + "M"
                             + text(words) + '\0');
}

std::string authentication(std::uint32_t kind, const std::string& rest = {}) {
    return message('R', number(kind) + rest);
}

std::string logged_in() {
    return authentication(0) + message('S', text("server_version") + text("15.0"))
           + message('S', text("client_encoding") + text("UTF8"))
           + message('K', number(1) + number(2)) + message('Z', "I");
}

struct Run {
    core::Result<facts::Postgres> result{};
    std::chrono::steady_clock::duration took{};
};

Run observe(const hostile::Server& server, core::Secret password = core::Secret{"hunter2"}) {
    config::Postgres target;
    target.name = "postgres";
    // Without the question about TLS the behaviours need no state.
    target.dsn =
        "host=127.0.0.1 sslmode=disable user=u dbname=d port=" + std::to_string(server.port());
    target.password = std::move(password);
    const auto began = std::chrono::steady_clock::now();
    Run run{probe::observe_postgres(target, core::Deadline::after(k_deadline), {}), {}};
    run.took = std::chrono::steady_clock::now() - began;
    return run;
}

core::Error check(const hostile::Behaviour& behaviour) {
    const hostile::Server server{behaviour};
    const auto run = observe(server);
    CHECK(run.took < k_deadline + k_slack);
    REQUIRE_FALSE(run.result);
    const auto& error = run.result.error();
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

TEST_CASE("a Postgres that turns us away is typed by its SQLSTATE") {
    const std::pair<const char*, ErrorKind> cases[] = {
        {"28P01", ErrorKind::auth},     {"28000", ErrorKind::auth},
        {"3D000", ErrorKind::missing},  {"53300", ErrorKind::protocol},
        {"57P03", ErrorKind::protocol}, {"XX000", ErrorKind::protocol},
    };
    for (const auto& [state, kind] : cases) {
        CAPTURE(state);
        const auto error = check(says(answer('E', state, "no, \x1b[31mhunter2")));
        CHECK(core::name(error.kind) == core::name(kind));
        CHECK(error.reason.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("notices and parameters without end don't keep us") {
    const auto notice = answer('N', "01000", std::string(1000, 'n'));
    check(says_for_ever("", notice));
    check(says_for_ever(logged_in(), notice));
    check(says_for_ever(authentication(0), message('S', text("a") + text(std::string(500, 'b')))));
    check(says_for_ever(logged_in(), message('A', number(1) + text("c") + text("payload"))));
}

TEST_CASE("rows without end and messages of any size don't take the memory") {
    const std::string columns = message(
        'T', std::string("\0\1", 2) + text("c") + number(0) + std::string(2, '\0') + number(25)
                 + std::string("\xff\xff", 2) + number(0xFFFFFFFF) + std::string(2, '\0'));
    const std::string row =
        message('D', std::string("\0\1", 2) + number(2000) + std::string(2000, 'r'));
    const auto rows = check(says_for_ever(logged_in() + columns, row));
    CHECK((rows.kind == ErrorKind::too_large || rows.kind == ErrorKind::timeout));
    check(says_for_ever(logged_in() + "D" + number(0x7FFFFFFF), std::string(4096, 'x')));
    check(says_for_ever("E" + number(0x7FFFFFFF), std::string(4096, 'x')));
    check(says_for_ever("R" + number(0x7FFFFFFF), std::string(4096, 'x')));
}

TEST_CASE("wrong requests for authentication") {
    check(says(authentication(99)));
    check(says(authentication(7))); // Kerberos
    check(says(authentication(9))); // Windows
    check(says(authentication(5))); // MD5 without its salt
    check(says(authentication(10, text("NOT-A-METHOD") + '\0')));
    check(says(authentication(11, "r=x,s=y,i=0"))); // SCRAM goes on before it began
    check(says(authentication(12, "v=AAAA")));
    check(says(message('R', "")));
    const auto cleartext = check(says(authentication(3))); // then silence
    CHECK(cleartext.kind == ErrorKind::timeout);
}

TEST_CASE("a SCRAM of three million rounds is left alone at the deadline") {
    const auto error = check([](hostile::Connection& client) {
        client.read_request();
        client.send(authentication(10, text("SCRAM-SHA-256") + '\0'));
        const auto first = client.read_request();
        const auto at = first.find("r=");
        if (at == std::string::npos) return;
        client.send(authentication(11, "r=" + first.substr(at + 2)
                                           + "server,s=QSXCR+Q6sek8bf92,i=3000000"));
        client.hold();
    });
    CHECK(error.kind == ErrorKind::timeout);
}

TEST_CASE("a session that goes wrong after the login") {
    check(says(logged_in())); // then silence
    check(says(logged_in() + message('Z', "I") + message('Z', "E")));
    check(says(logged_in() + answer('E', "57P01", "terminating connection")));
    check(says(logged_in() + message('G', std::string(3, '\0')))); // COPY out of nowhere
    check(says(logged_in() + message('H', std::string(3, '\0'))));
    check(says(logged_in() + message('W', std::string(3, '\0'))));
    check(says(logged_in() + "\xff\xff\xff\xff\xff\xff"));
    check([](hostile::Connection& client) {
        client.read_request();
        client.send(logged_in());
        client.read_request();
        client.reset();
    });
}

TEST_CASE("a Postgres older than 10, or without a version, is told so") {
    for (const char* version : {"9.6.24", "8.4", "garbage"}) {
        CAPTURE(version);
        const auto error =
            check(says(authentication(0) + message('S', text("server_version") + text(version))
                       + message('Z', "I")));
        CHECK(error.kind == ErrorKind::protocol);
    }
}

} // namespace postgres_test
