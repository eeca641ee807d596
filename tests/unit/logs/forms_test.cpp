// SPDX-License-Identifier: MIT
#include "logs/forms/form.hpp"
#include "support/catch.hpp"

#include <deque>
#include <string>
#include <vector>

namespace logs_forms_test {
namespace {

using namespace std::chrono_literals;

const core::Time k_now = *core::parse_rfc3339("2026-03-01T00:00:00Z");

struct Parsed {
    std::string form{};
    logs::Event event{};
};

/// The first form that takes the line; its name is empty for plain text.
Parsed parse(const std::string& text, logs::FormContext& context) {
    static std::deque<std::string> kept; // an event's texts are parts of its line
    if (kept.size() > 10) kept.pop_front();
    const auto& line = kept.emplace_back(text);
    context.now = k_now;
    for (const auto& form : logs::forms()) {
        logs::Event event;
        if (form.parse(line, context, event)) return {std::string{form.name}, event};
    }
    return {};
}

struct Case {
    std::string line{};
    std::string form{};
    std::string time{};
    logs::Level level = logs::Level::none;
    std::string message{};
};

} // namespace

TEST_CASE("each form of line is known by its looks") {
    using logs::Level;
    const std::vector<Case> cases{
        {R"({"time":"2026-02-01T10:00:00.5Z","level":"error","msg":"disk \"full\"","x":{"y":[1,"}"]}})",
         "json", "2026-02-01T10:00:00Z", Level::error, "disk \"full\""},
        {R"({"level":50,"time":1767225600000,"pid":7,"hostname":"h","msg":"no answer"})", "json",
         "2026-01-01T00:00:00Z", Level::error, "no answer"},
        {R"({"event":"job done","level":"info","timestamp":"2026-02-01T10:00:00Z"})", "json",
         "2026-02-01T10:00:00Z", Level::info, "job done"},
        {R"(time="2026-02-01T10:00:00Z" level=warning msg="queue is long" depth=7)", "logfmt",
         "2026-02-01T10:00:00Z", Level::warning, "queue is long"},
        {R"(ts=2026-02-01T10:00:00.123Z caller=main.go:1 level=info msg=ready)", "logfmt",
         "2026-02-01T10:00:00Z", Level::info, "ready"},
        {"2026/02/01 10:00:00 [error] 31#31: *5 open() \"/x\" failed (2: No such file or "
         "directory)",
         "nginx error", "2026-02-01T10:00:00Z", Level::error,
         "open() \"/x\" failed (2: No such file or directory)"},
        {"[Sun Feb 01 10:00:00.123 2026] [core:error] [pid 31] [client 192.0.2.7:5] denied",
         "apache error", "2026-02-01T10:00:00Z", Level::error, "[client 192.0.2.7:5] denied"},
        {"[Sun Feb 01 10:00:00 2026] [notice] ready", "apache error", "2026-02-01T10:00:00Z",
         Level::notice, "ready"},
        {"2026-02-01 10:00:00.123 UTC [71] gallery@gallery ERROR:  duplicate key", "postgres",
         "2026-02-01T10:00:00Z", Level::error, "duplicate key"},
        {"2026-02-01 10:00:00.123 UTC [71] LOG:  duration: 812.7 ms  statement: SELECT 1",
         "postgres", "2026-02-01T10:00:00Z", Level::info,
         "duration: 812.7 ms  statement: SELECT 1"},
        {"31:M 01 Feb 2026 10:00:00.123 # Out of memory", "redis", "2026-02-01T10:00:00Z",
         Level::warning, "Out of memory"},
        {"Feb  1 10:00:00 web sshd[71]: Accepted publickey for ann", "syslog",
         "2026-02-01T10:00:00Z", Level::none, "Accepted publickey for ann"},
        {"Jun 14 15:16:01 combo sshd(pam_unix)[19939]: check pass", "syslog",
         "2025-06-14T15:16:01Z", Level::none, "check pass"},
        {"<34>Feb  1 10:00:00 web su: 'su root' failed", "syslog", "2026-02-01T10:00:00Z",
         Level::critical, "'su root' failed"},
        {"<165>1 2026-02-01T10:00:00.003Z web app 8710 ID47 [x@1 a=\"b\"] event", "syslog",
         "2026-02-01T10:00:00Z", Level::notice, "event"},
        {"2026-02-01 10:00:00,123 INFO [main] org.example.Cart: added", "level",
         "2026-02-01T10:00:00Z", Level::info, "added"},
        {"2026-02-01T10:00:00.000Z\tERROR\tcore/server\tno space", "level", "2026-02-01T10:00:00Z",
         Level::error, "no space"},
        {"2026-02-01 10:00:00.123 WARNING api: login failed", "level", "2026-02-01T10:00:00Z",
         Level::warning, "login failed"},
        {"[2026-02-01 10:00:00] [ERROR] it broke", "level", "2026-02-01T10:00:00Z", Level::error,
         "it broke"},
        {"INFO:     Started server process [1]", "level", "", Level::info,
         "Started server process [1]"},
        {"[WARN] low memory", "level", "", Level::warning, "low memory"},
    };
    logs::FormContext context;
    for (const auto& one : cases) {
        CAPTURE(one.line);
        const auto parsed = parse(one.line, context);
        CHECK(parsed.form == one.form);
        CHECK(parsed.event.level == one.level);
        CHECK(parsed.event.message == one.message);
        CHECK(parsed.event.time.has_value() == !one.time.empty());
        if (parsed.event.time) CHECK(core::format_utc(*parsed.event.time) == one.time);
    }
}

TEST_CASE("plain text is no form") {
    logs::FormContext context;
    for (const std::string line :
         {"hello world", "error in the disk", "{not json}", "a=b", "level=info", "{\"a\":1}",
          "[1] x", "10:00:00 late", "Failed password for root from 192.0.2.7 port 22 ssh2", "ERROR",
          "", "onStandStepChanged 3579", "192.0.2.7 - - [no time] \"GET / HTTP/1.1\" 200 1",
          "{\"time\":\"2026-02-01T10:00:00Z\",\"level\":\"error\",\"msg\":\"cut"}) {
        CAPTURE(line);
        CHECK(parse(line, context).form.empty());
    }
}

TEST_CASE("a request is read from an access log, whatever the client sent") {
    logs::FormContext context;
    const auto request = [&](const std::string& line) {
        const auto parsed = parse(line, context);
        CHECK(parsed.form == "access");
        REQUIRE(parsed.event.request);
        CHECK(core::format_utc(*parsed.event.time) == "2026-02-01T09:00:00Z");
        return *parsed.event.request;
    };
    const std::string head = "192.0.2.7 - ann [01/Feb/2026:10:00:00 +0100] ";
    auto one = request(
        head + R"("GET /art/7?x=1 HTTP/1.1" 200 512 "https://e.org/" "Mozilla \"5\"" 0.125)");
    CHECK(one.client == "192.0.2.7");
    CHECK(one.user == "ann");
    CHECK(one.method == "GET");
    CHECK(one.target == "/art/7?x=1");
    CHECK(one.status == 200);
    CHECK(one.bytes == 512);
    CHECK(one.referer == "https://e.org/");
    CHECK(one.agent == "Mozilla \\\"5\\\"");
    CHECK(one.seconds == 0.125);

    CHECK(request(head + R"("" 400 0 "-" "-")").method.empty());
    CHECK(request(head + R"("-" 408 0 "-" "-")").target == "-");
    CHECK(request(head + R"("\x16\x03\x01\x00" 400 150)").status == 400);
    CHECK(request(head + R"("GET / a b HTTP/1.1" 404 -)").target == "/ a b");
    CHECK(request(head + R"("GET / HTTP/1.1" 200 1 "-" "x" "198.51.100.9, 10.0.0.1")").forwarded
          == "198.51.100.9, 10.0.0.1");
    // A user's name comes from the client as well.
    one = request("192.0.2.7 - a b 9.9.9.9 [01/Feb/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 401 1");
    CHECK(one.client == "192.0.2.7");
    CHECK(one.user == "a b 9.9.9.9");
    CHECK(request("2001:db8::1 - - [01/Feb/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 1").client
          == "2001:db8::1");
}

TEST_CASE("requests of uvicorn and in structured logs are requests") {
    logs::FormContext context;
    auto parsed =
        parse(R"(INFO:     172.18.0.1:5123 - "POST /login HTTP/1.1" 401 Unauthorized)", context);
    REQUIRE(parsed.event.request);
    CHECK(parsed.event.request->client == "172.18.0.1");
    CHECK(parsed.event.request->status == 401);
    parsed =
        parse(R"(2026-02-01 10:00:00.1 INFO uvicorn.access: 10.0.0.7:80 - "GET / HTTP/1.1" 200)",
              context);
    REQUIRE(parsed.event.request);
    CHECK(parsed.event.request->target == "/");
    parsed = parse(
        R"({"remote_addr":"192.0.2.7","request":"GET /x HTTP/1.1","status":"502","request_time":"0.5"})",
        context);
    CHECK(parsed.form == "json");
    REQUIRE(parsed.event.request);
    CHECK(parsed.event.request->target == "/x");
    CHECK(parsed.event.request->status == 502);
    CHECK(parsed.event.request->seconds == 0.5);
}

TEST_CASE("a line has one form, whichever is tried first") {
    logs::FormContext context;
    context.now = k_now;
    for (const std::string line :
         {R"(192.0.2.7 - - [01/Feb/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 1)",
          R"(127.0.0.1 - - [01/Feb/2026 10:00:00] "GET / HTTP/1.1" 200 -)",
          R"({"time":"2026-02-01T10:00:00.5Z","level":"error","msg":"x"})",
          "time=2026-02-01T10:00:00Z level=info msg=x", "2026/02/01 10:00:00 [error] 31#31: *5 x",
          "[Sun Feb 01 10:00:00 2026] [notice] ready", "31:M 01 Feb 2026 10:00:00.123 # x",
          "2026-02-01 10:00:00.123 UTC [71] g@g ERROR:  x", "Feb  1 10:00:00 web sshd[71]: x",
          "2026-02-01T10:00:00+01:00 web sshd[71]: x", "2026-02-01 10:00:00,123 INFO [main] a.B: x",
          "[2026-02-01 10:00:00] [ERROR] x", "INFO:     x", "<34>Feb  1 10:00:00 web su: x"}) {
        std::vector<std::string> fitting;
        for (const auto& form : logs::forms()) {
            logs::Event event;
            if (form.parse(line, context, event)) fitting.emplace_back(form.name);
        }
        CAPTURE(line, fitting);
        // The last form is the general one.
        if (fitting.size() > 1 && fitting.back() == logs::forms().back().name) fitting.pop_back();
        CHECK(fitting.size() == 1);
    }
}

TEST_CASE("every line that is cut off anywhere, or torn, is read without harm") {
    logs::FormContext context;
    for (
        const auto& line :
        {std::string{
             R"({"time":"2026-02-01T10:00:00.5Z","level":"error","msg":"a\u00e9\n","x":{"y":[1,"}"]}})"},
         std::string{
             R"(192.0.2.7 - - [01/Feb/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "x" 0.1 rt=0.2)"},
         std::string{"<165>1 2026-02-01T10:00:00.003Z web app 8710 ID47 [x@1 a=\"b\"] event"},
         std::string{"2026-02-01 10:00:00.123 UTC [71] g@g ERROR:  duplicate"},
         std::string{"31:M 01 Feb 2026 10:00:00.123 # x"},
         std::string{"[Sun Feb 01 10:00:00.123 2026] [core:error] [pid 31] x"},
         std::string{"time=\"2026\" level=\"x\\\" msg=a"}}) {
        for (std::size_t begin = 0; begin < line.size(); ++begin)
            for (std::size_t end = begin; end <= line.size(); ++end)
                CHECK_NOTHROW(parse(line.substr(begin, end - begin), context));
    }
}

} // namespace logs_forms_test
