// SPDX-License-Identifier: MIT
#include "health/services.hpp"
#include "unit/health/support.hpp"

#include <functional>

namespace health_services_test {

using namespace std::chrono_literals;
using core::Failure;
using core::Verdict;
using facts::Container;
using facts::ContainerState;
using sample::judge_one;
using sample::k_now;
using sample::with_containers;

namespace {

struct StateRow {
    const char* what;
    std::function<void(Container&)> spoil;
    Verdict verdict;
    Failure failure;
    const char* says;
};

void exited(Container& container, int code) {
    container.state = ContainerState::exited;
    container.exit_code = code;
    container.finished_at = k_now - 4min;
}

} // namespace

TEST_CASE("a container's state is read in the right order") {
    const std::vector<StateRow> rows{
        {"healthy", [](Container&) {}, Verdict::ok, Failure::none, "healthy"},
        {"no health check", [](Container& c) { c.health.clear(); }, Verdict::ok, Failure::none,
         "no health check"},
        {"stopped by hand", [](Container& c) { exited(c, 0); }, Verdict::critical, Failure::stopped,
         "exited 4 min ago"},
        {"terminated", [](Container& c) { exited(c, 143); }, Verdict::critical, Failure::stopped,
         "SIGTERM (143)"},
        {"killed", [](Container& c) { exited(c, 137); }, Verdict::critical, Failure::killed,
         "SIGKILL (137)"},
        {"out of memory",
         [](Container& c) {
             exited(c, 137);
             c.oom_killed = true;
             c.memory_limit = {512ULL << 20};
         },
         Verdict::critical, Failure::killed, "OOM-killed (137) · memory limit 512 MiB"},
        {"crashed, and nobody starts it again",
         [](Container& c) {
             exited(c, 1);
             c.restart_policy = "no";
         },
         Verdict::critical, Failure::crashing, "exit code 1"},
        {"stopped by hand: the Engine would have started it again",
         [](Container& c) {
             exited(c, 2);
             c.restart_policy = "unless-stopped";
         },
         Verdict::critical, Failure::stopped, "exit code 2"},
        {"not to be started, whatever the policy",
         [](Container& c) {
             exited(c, 127);
             c.restart_policy = "always";
             c.error = "exec: no such file";
         },
         Verdict::critical, Failure::crashing, "command not found (127)"},
        {"wrong command",
         [](Container& c) {
             exited(c, 127);
             c.restart_policy = "on-failure";
         },
         Verdict::critical, Failure::crashing, "command not found (127)"},
        {"paused is also running, and unhealthy without a streak",
         [](Container& c) {
             c.state = ContainerState::paused;
             c.health = "unhealthy";
         },
         Verdict::critical, Failure::paused, "paused"},
        {"stopped still carries its last health",
         [](Container& c) {
             exited(c, 0);
             c.health = "unhealthy";
         },
         Verdict::critical, Failure::stopped, "exited"},
        {"restarting",
         [](Container& c) {
             c.state = ContainerState::restarting;
             c.exit_code = 1;
             c.restart_count = 7;
         },
         Verdict::critical, Failure::crashing, "7 restarts"},
        {"a short run of a crash loop",
         [](Container& c) {
             c.restart_count = 5;
             c.started_at = k_now - 1s;
             c.finished_at = k_now - 2s;
             c.health = "starting";
         },
         Verdict::critical, Failure::crashing, "crash loop"},
        {"unhealthy",
         [](Container& c) {
             c.health = "unhealthy";
             c.failing_streak = 3;
             c.health_log = {{k_now - 1min, 1, "connection refused"}};
         },
         Verdict::critical, Failure::unhealthy, "3 times in a row: exit code 1"},
        {"health check times out",
         [](Container& c) {
             c.health = "unhealthy";
             c.health_log = {{k_now, -1, ""}};
         },
         Verdict::critical, Failure::unhealthy, "timed out"},
        {"health check without its tool",
         [](Container& c) {
             c.health = "unhealthy";
             c.health_log = {{k_now, 127, ""}};
         },
         Verdict::critical, Failure::unhealthy, "does not exist"},
        {"starting", [](Container& c) { c.health = "starting"; }, Verdict::warning,
         Failure::unhealthy, "not passed yet"},
        {"created", [](Container& c) { c.state = ContainerState::created; }, Verdict::critical,
         Failure::stopped, "never started"},
        {"dead", [](Container& c) { c.state = ContainerState::dead; }, Verdict::critical,
         Failure::stopped, "exited"},
        {"a state of the future", [](Container& c) { c.state = ContainerState::unknown; },
         Verdict::unknown, Failure::none, "does not know"},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        auto container = sample::container("api");
        row.spoil(container);
        const auto finding = judge_one(with_containers({container}), "health.docker.api");
        CHECK(finding.verdict == row.verdict);
        CHECK(finding.failure == row.failure);
        CHECK(finding.message.find(row.says) != std::string::npos);
    }
}

TEST_CASE("a one-shot that ended well is completed, a server that was stopped is not") {
    auto container = sample::container("migrate");
    exited(container, 0);
    container.health.clear();
    container.restart_policy = "no";
    CHECK(judge_one(with_containers({container}), "health.docker.migrate").verdict == Verdict::ok);

    SECTION("an error is no completion") {
        exited(container, 3);
        CHECK(judge_one(with_containers({container}), "health.docker.migrate").verdict
              == Verdict::critical);
    }
    SECTION("a health check, a published port or a dependent makes a server") {
        auto seen = with_containers({container});
        auto& own = seen.engines[0].result->containers[0];
        SECTION("health check") {
            own.health = "healthy";
        }
        SECTION("port") {
            own.ports.push_back({.container = 6379, .host = 6379});
        }
        SECTION("dependent") {
            seen.compose.emplace();
            seen.compose->services["migrate"].name = "migrate";
            seen.compose->services["api"].depends_on["migrate"] = "service_started";
        }
        CHECK(judge_one(seen, "health.docker.migrate").verdict == Verdict::critical);
    }
    SECTION("another service that waits for its completion says so, whatever the policy") {
        auto seen = with_containers({container});
        seen.engines[0].result->containers[0].restart_policy = "on-failure";
        seen.compose.emplace();
        seen.compose->services["migrate"].name = "migrate";
        seen.compose->services["api"].depends_on["migrate"] = "service_completed_successfully";
        CHECK(judge_one(seen, "health.docker.migrate").verdict == Verdict::ok);
    }
    SECTION("the settings have the last word") {
        config::Config config;
        config.services["migrate"] = {.name = "migrate", .expected = config::Expected::running};
        CHECK(judge_one(with_containers({container}), "health.docker.migrate", config).verdict
              == Verdict::critical);
    }
}

TEST_CASE("a declared service without a container is missing") {
    auto seen = with_containers({sample::container("api")});
    seen.compose.emplace();
    seen.compose->services["api"].name = "api";
    seen.compose->services["redis"].name = "redis";
    seen.compose->services["debug"].profiles = {"debug"};
    const auto findings = health::judge(seen, {});
    CHECK(sample::find(findings, "health.docker.redis").verdict == Verdict::critical);
    CHECK_FALSE(sample::has(findings, "health.docker.debug"));
    CHECK(sample::find(findings, "health.docker.api").verdict == Verdict::ok);
}

TEST_CASE("an Engine that does not answer makes no service missing") {
    auto seen = sample::observations();
    seen.engines.push_back(sample::failed<facts::Docker>("local", core::ErrorKind::timeout));
    seen.compose.emplace();
    seen.compose->services["api"].name = "api";
    const auto findings = health::judge(seen, {});
    CHECK(sample::find(findings, "health.docker-engine.local").verdict == Verdict::critical);
    CHECK_FALSE(sample::has(findings, "health.docker.api"));
}

TEST_CASE("a service on one of several Engines is not missing on the others") {
    auto seen = with_containers({sample::container("api")});
    facts::Docker second;
    second.containers = {sample::container("redis")};
    seen.engines.push_back(sample::observed("second", second));
    seen.compose.emplace();
    seen.compose->services["api"].name = "api";
    seen.compose->services["redis"].name = "redis";
    const auto findings = health::judge(seen, {});
    CHECK(sample::find(findings, "health.docker.api@local").verdict == Verdict::ok);
    CHECK(sample::find(findings, "health.docker.redis@second").verdict == Verdict::ok);
    CHECK_FALSE(sample::has(findings, "health.docker.redis@local"));
}

TEST_CASE("some of several replicas down is a warning, all of them critical") {
    auto one = sample::container("api");
    auto two = sample::container("api");
    two.name = "gallery_api_2";
    exited(two, 1);
    CHECK(judge_one(with_containers({one, two}), "health.docker.api").verdict == Verdict::warning);
    exited(one, 1);
    CHECK(judge_one(with_containers({one, two}), "health.docker.api").verdict == Verdict::critical);
}

TEST_CASE("evidence holds the telling lines of the log") {
    auto container = sample::container("api");
    exited(container, 1);
    container.last_log = {"starting", "FATAL: no such table", "bye"};
    const auto finding = judge_one(with_containers({container}), "health.docker.api");
    REQUIRE(finding.evidence.size() == 1);
    CHECK(finding.evidence[0].text == "FATAL: no such table");
}

TEST_CASE("container memory is judged against its limit") {
    auto container = sample::container("gan-service");
    container.usage = facts::ContainerUsage{.window = 250ms,
                                            .cpu_cores = 0.5,
                                            .cpu_limit_cores = 2,
                                            .memory = {90},
                                            .memory_limit = {100},
                                            .memory_limited = true};
    const auto findings = health::judge(with_containers({container}), {});
    CHECK(sample::find(findings, "health.container-memory.gan-service").verdict
          == Verdict::warning);
    CHECK(sample::find(findings, "health.container-cpu.gan-service").verdict == Verdict::ok);
}

TEST_CASE("a health check that Podman does not run is not taken for its word") {
    struct Row {
        const char* server;
        const char* health;
        std::optional<std::chrono::minutes> last_run; // nothing: never
        std::chrono::minutes up;
        core::Verdict verdict;
    };

    for (const auto& row : {Row{"podman", "starting", {}, 1min, core::Verdict::warning},
                            Row{"podman", "starting", {}, 3min, core::Verdict::unknown},
                            Row{"docker", "starting", {}, 3min, core::Verdict::warning},
                            Row{"podman", "healthy", 1min, 60min, core::Verdict::ok},
                            Row{"podman", "healthy", 20min, 60min, core::Verdict::unknown},
                            Row{"docker", "healthy", 20min, 60min, core::Verdict::ok},
                            Row{"podman", "unhealthy", 20min, 60min, core::Verdict::critical},
                            Row{"podman", "", {}, 60min, core::Verdict::ok}}) {
        auto api = sample::container("api");
        api.health = row.health;
        api.started_at = sample::k_now - row.up;
        if (row.last_run)
            api.health_log = {{.ended = sample::k_now - *row.last_run, .exit_code = 0}};
        auto seen = sample::with_containers({api});
        seen.engines[0].result->server = row.server;
        INFO(row.server << " " << row.health);
        CHECK(sample::judge_one(seen, "health.docker.api").verdict == row.verdict);
    }
}

} // namespace health_services_test
