// SPDX-License-Identifier: MIT
#include "support/hostile.hpp"

#include <random>

using namespace std::string_view_literals;

namespace hostile {
namespace {

using namespace std::chrono_literals;

/// Answers every request with the same bytes, then closes.
Behaviour answers(std::string bytes) {
    return [bytes = std::move(bytes)](Connection& client) {
        client.read_request();
        client.send(bytes);
    };
}

Behaviour answers_and_holds(std::string bytes) {
    return [bytes = std::move(bytes)](Connection& client) {
        client.read_request();
        client.send(bytes);
        client.hold();
    };
}

/// Says `bytes` without being asked, as a server of another protocol does.
Behaviour greets(std::string bytes) {
    return [bytes = std::move(bytes)](Connection& client) {
        client.send(bytes);
        client.read_request();
        client.send(bytes);
        client.hold();
    };
}

Behaviour floods(std::string head, std::string again) {
    return [head = std::move(head), again = std::move(again)](Connection& client) {
        client.read_request();
        client.send(head);
        client.flood(again);
    };
}

std::string noise() {
    std::mt19937 random{7}; // NOLINT: the same noise every time
    std::string bytes;
    for (int i = 0; i < 4096; ++i)
        bytes += static_cast<char>(random() & 0xFFU);
    return bytes;
}

/// Every field that a probe reads, with a value of a type that it does not expect.
std::string wrong_types() {
    return R"({"status": 5, "data": {"version": [], "activeTargets": {"a": 1}, "groups": "none",
        "resultType": 7, "result": {}}, "Version": {"a": 1}, "AgentVersion": 5, "RepoSize": [],
        "NumObjects": true, "Peers": "many", "Keys": [1], "versionInfo": "0.25", "cluster": [],
        "database": 1, "jsonrpc": 2, "id": "x", "result": [], "error": "bad", "Id": 5,
        "ApiVersion": 1, "Names": 3, "State": 7, "Config": "x"})";
}

/// Right types and senseless values.
std::string wrong_values() {
    return R"({"status": "success", "data": {"version": "", "activeTargets": [{"labels": [],
        "health": null}], "groups": [{"name": "x", "rules": [5]}], "resultType": "matrix",
        "result": []}, "Version": "1", "AgentVersion": "x/1", "RepoSize": "-5",
        "NumObjects": "1e99", "Peers": [], "Keys": {"": {}}, "versionInfo": {"version": "1"},
        "cluster": {}, "database": "on fire", "jsonrpc": "2.0", "id": 0, "result": "0xzz"})";
}

std::vector<Case> make_wire_cases() {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    return {
        {"accepts and says nothing", [](Connection& client) { client.hold(); }},
        {"drips an answer, one byte at a time",
         [](Connection& client) {
             client.read_request();
             client.drip("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 150ms);
         }},
        {"drips a body",
         [head](Connection& client) {
             client.read_request();
             client.send(head + "Content-Length: 1000\r\n\r\n{");
             client.drip(std::string(100, ' '), 150ms);
         }},
        {"closes at once", [](Connection&) {}},
        {"resets at once", [](Connection& client) { client.reset(); }},
        {"resets after the request",
         [](Connection& client) {
             client.read_request();
             client.reset();
         }},
        {"resets in mid-answer",
         [head](Connection& client) {
             client.read_request();
             client.send(head + "Content-Length: 5120\r\n\r\n" + std::string(1229, ' '));
             std::this_thread::sleep_for(30ms);
             client.reset();
         }},
        {"stalls in mid-answer", answers_and_holds(head + "Content-Length: 5120\r\n\r\n[")},
        {"closes in mid-answer", answers(head + "Content-Length: 1000\r\n\r\n{\"a\": ")},
        {"closes in mid-header", answers("HTTP/1.1 200 OK\r\nContent-Le")},
        {"noise", greets(noise())},
        {"zero bytes", greets(std::string(2000, '\0'))},
        {"endless body", floods(head + "\r\n", "[\"xxxxxxxxxxxxxxxxxxxxxxxx\","), true},
        {"endless chunks", floods(head + "Transfer-Encoding: chunked\r\n\r\n", "8\r\n[[[[[[[[\r\n"),
         true},
        {"endless headers", floods("HTTP/1.1 200 OK\r\n", "X-More: and more and more\r\n")},
        {"endless status line", floods("HTTP/1.1 200 ", "OK ")},
        {"endless interim answers", floods("", "HTTP/1.1 100 Continue\r\n\r\n")},
        {"bad chunk size",
         answers(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")},
        {"huge declared body",
         answers_and_holds(head + "Content-Length: 9223372036854775807\r\n\r\n{}")},
        {"declared body beyond 64 bits",
         answers_and_holds(head + "Content-Length: 99999999999999999999999\r\n\r\n{}")},
        {"negative length", answers(head + "Content-Length: -5\r\n\r\n{}")},
        {"SSH banner", greets("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")},
        {"SMTP greeting", greets("220 mail.example ESMTP\r\n")},
        {"Redis error", greets("-ERR wrong number of arguments for 'get' command\r\n")},
        {"Redis bulk of a terabyte", answers_and_holds("$1099511627776\r\nx")},
        {"Postgres error", greets(std::string{"E\0\0\0\x19SFATAL\0C08P01\0Mno\0\0"sv})},
        {"TLS alert", greets(std::string{"\x15\x03\x01\x00\x02\x02\x28"sv})},
        {"terminal escapes", greets("\x1b[2J\x1b]0;owned\x07\r\n\r\n")},
    };
}

std::vector<Case> make_http_cases() {
    const std::string deep(100000, '[');
    std::vector<Case> all{
        {"redirect loop", answers(http_answer(302, "", "text/html", "Location: /again\r\n"))},
        {"redirect elsewhere",
         answers(http_answer(301, "", "text/html", "Location: http://192.0.2.1/\r\n"))},
        {"401", answers(http_answer(401, "who are you?", "text/plain",
                                    "WWW-Authenticate: Basic realm=\"x\"\r\n"))},
        {"403", answers(http_answer(403, "no", "text/plain"))},
        {"404", answers(http_answer(404, "404 page not found", "text/plain"))},
        {"500", answers(http_answer(500, "oops", "text/plain"))},
        {"503", answers(http_answer(503, "Service Unavailable", "text/plain"))},
        {"status 999", answers(http_answer(999, "{}"))},
        {"empty body", answers(http_answer(200, ""))},
        {"no content", answers("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")},
        {"a page", answers(http_answer(200, "<!doctype html><title>Welcome</title>", "text/html"))},
        {"invalid UTF-8", answers(http_answer(200, "{\"Version\": \"\xff\xfe\xc0\x80\"}"))},
        {"escapes in a page", answers(http_answer(200, "\x1b[2J\x1b]0;owned\x07 \xe2\x80\xae"))},
        {"half a document", answers(http_answer(200, "{\"status\": \"success\", \"data\": {"))},
        {"two documents", answers(http_answer(200, "{}{}"))},
        {"deeply nested", answers(http_answer(200, deep))},
        {"wrong types", answers(http_answer(200, wrong_types()))},
        {"wrong values", answers(http_answer(200, wrong_values()))},
        {"a number out of range", answers(http_answer(200, "{\"RepoSize\": 1e999}"))},
    };
    for (const auto* body : {"null", "true", "0", "\"text\"", "[]", "{}", "[null]", "[[]]", "[{}]"})
        all.push_back({std::string{"JSON "} + body, answers(http_answer(200, body))});
    for (auto& each : all)
        each.is_http = true;
    return all;
}

} // namespace

std::span<const Case> cases() {
    static const std::vector<Case> all = [] {
        auto made = make_wire_cases();
        for (auto& each : make_http_cases())
            made.push_back(std::move(each));
        return made;
    }();
    return all;
}

} // namespace hostile
