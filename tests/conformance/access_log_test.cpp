// SPDX-License-Identifier: MIT
#include "probe/access_log.hpp"
#include "probe/gather.hpp"
#include "support/catch.hpp"
#include "support/sound.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace access_log_test {

// The logs of services, as an Engine hands them out.

namespace {

using namespace std::chrono_literals;
using hostile::Connection;

constexpr auto k_window = 5min;

std::string line(int status, std::size_t width) {
    auto made = "10.0.0.1 - \"GET / HTTP/1.1\" " + std::to_string(status) + " ";
    made.resize(width - 1, 'x');
    return made + "\n";
}

/// A log whose lines have this many bytes, and whose newest tell of errors.
struct Log {
    std::size_t width = 0;
    std::size_t lines = 20'000;
    std::size_t failed = 1'000;

    [[nodiscard]] std::string newest(std::size_t count) const {
        count = std::min(count, lines);
        const auto good = line(200, width);
        const auto bad = line(502, width);
        std::string body;
        body.reserve(count * width);
        for (std::size_t left = count; left > 0; --left)
            body += left > failed ? good : bad;
        return body;
    }
};

hostile::Behaviour engine_with(const Log& log) {
    return [log](Connection& client) {
        const auto request = sound::read_request(client);
        const auto at = request.find("tail=");
        if (at == std::string::npos) return;
        std::size_t tail = 0;
        const std::string_view text = std::string_view{request}.substr(at + 5);
        std::from_chars(text.data(), text.data() + text.size(), tail);
        client.send(hostile::http_answer(200, log.newest(tail), "application/octet-stream"));
        client.end();
    };
}

core::Result<facts::AccessLog> observe(const Log& log) {
    const hostile::Server server{engine_with(log)};
    config::DockerHost host;
    host.url = "tcp://127.0.0.1:" + std::to_string(server.port());
    facts::Container container;
    container.id = "a";
    container.name = "gallery_api_1";
    return probe::observe_access_log(host, "1.43", container, std::chrono::system_clock::now(),
                                     k_window, core::Deadline::after(20s), {});
}

} // namespace

TEST_CASE("of a log that is too large the newest lines count, not the oldest") {
    const auto log = observe({.width = 1000});
    if (!log) FAIL(core::describe(log.error()));
    CHECK(log->cut);
    CHECK(log->errors == 1'000);
    CHECK(log->gateway == 1'000);
    CHECK(log->requests < 8'000);
    CHECK(log->requests > 4'000);
}

TEST_CASE("of a log of very long lines at least some hundred count") {
    const auto log = observe({.width = 16'000, .lines = 2'000});
    if (!log) FAIL(core::describe(log.error()));
    CHECK(log->cut);
    CHECK(log->requests == 400);
    CHECK(log->errors == 400);
}

TEST_CASE("a log whose few newest lines are too large is an error that says so") {
    const auto log = observe({.width = 30'000, .lines = 1'000});
    REQUIRE_FALSE(log);
    CHECK(log.error().kind == core::ErrorKind::too_large);
    CHECK_FALSE(log.error().hint.empty());
}

TEST_CASE("a log that fits is read whole, and by its number of lines") {
    auto log = observe({.width = 100, .lines = 5'000});
    if (!log) FAIL(core::describe(log.error()));
    CHECK_FALSE(log->cut);
    CHECK(log->requests == 5'000);
    CHECK(log->errors == 1'000);
    log = observe({.width = 100});
    if (!log) FAIL(core::describe(log.error()));
    CHECK(log->cut);
    CHECK(log->requests == 20'000);
}

TEST_CASE("a target that hangs takes no time from the access logs") {
    const hostile::Server silent{[](Connection& client) { client.hold(); }};
    auto routes = sound::routes(faults::Protocol::docker);
    routes["/v1.43/containers/" + std::string(64, 'a') + "/logs"] =
        hostile::http_answer(200, line(200, 80) + line(500, 80), "application/octet-stream");
    const hostile::Server engine{sound::serve(routes)};

    config::Config config;
    config.project = "gallery";
    config.given.docker = config.given.endpoints = config.given.redis = true;
    config.given.prometheus = true;
    config.docker.hosts = {
        {.name = "local", .url = "tcp://127.0.0.1:" + std::to_string(engine.port())}};
    config::Redis redis;
    redis.name = "cache";
    redis.url = "redis://127.0.0.1:" + std::to_string(silent.port());
    config.redis = {redis};
    config.prometheus.emplace().url = "http://127.0.0.1:" + std::to_string(silent.port());
    config::Endpoint endpoint;
    endpoint.name = "api";
    endpoint.service = "api";
    endpoint.url = "http://127.0.0.1:" + std::to_string(hostile::closed_port());
    config.endpoints = {endpoint};

    probe::GatherOptions options;
    options.timeout = 1500ms;
    options.window = 50ms;
    options.deadline = core::Deadline::after(60s);
    const auto seen = probe::gather(config, options).seen;
    REQUIRE_FALSE(seen.prometheus.at(0).result);
    REQUIRE(seen.access_logs.size() == 1);
    if (!seen.access_logs[0].result) FAIL(core::describe(seen.access_logs[0].result.error()));
    CHECK(seen.access_logs[0].result->requests == 2);
    CHECK(seen.access_logs[0].result->errors == 1);
}

} // namespace access_log_test
