// SPDX-License-Identifier: MIT
// What is not there: a gallery, a service, a replica, the beginning of a failure.
#include "unit/health/support.hpp"

#include <vector>

namespace health_absent_test {

using namespace std::chrono_literals;
using core::Verdict;
using sample::judge_one;
using sample::k_now;
using sample::with_containers;

namespace {

config::ComposeProject declared(const std::string& name, const config::ComposeService& service) {
    config::ComposeProject project;
    project.services[name] = service;
    project.services[name].name = name;
    return project;
}

config::Config with_replicas(const std::string& name, int replicas) {
    config::Config config;
    config.services[name] = {.name = name, .replicas = replicas};
    return config;
}

/// An Engine with so many containers of the service.
facts::Observed<facts::Docker> engine(const std::string& name, const std::string& service,
                                      int count) {
    facts::Docker made;
    made.server = "docker";
    for (int i = 0; i < count; ++i) {
        made.containers.push_back(sample::container(service));
        made.containers.back().name += std::to_string(i);
    }
    return sample::observed(name, std::move(made));
}

constexpr const char* k_found = "health.gallery.discovery";

} // namespace

TEST_CASE("a gallery that is named and gone is no success") {
    config::Config config;
    config.project = "gallery";
    auto seen = with_containers({});
    seen.discovery_problem = "no container of the project gallery is on the Engine";

    const auto gone = judge_one(seen, k_found, config);
    CHECK(gone.verdict == Verdict::critical);
    CHECK(gone.failure == core::Failure::stopped);
    CHECK(gone.message == seen.discovery_problem);
    CHECK(gone.remediation.find("docker-compose up -d") != std::string::npos);

    SECTION("servers that are looked at say themselves how they are") {
        seen.endpoints = {sample::observed("web", facts::Http{.status = 200})};
        CHECK(judge_one(seen, k_found, config).verdict == Verdict::unknown);
    }
    SECTION("another Engine, which is silent, may have it") {
        seen.engines.push_back(sample::failed<facts::Docker>("far", core::ErrorKind::timeout));
        CHECK(judge_one(seen, k_found, config).verdict == Verdict::unknown);
    }
    SECTION("a project that could not be chosen is unknown") {
        CHECK(judge_one(seen, k_found).verdict == Verdict::unknown);
    }
    SECTION("where the compose file is known, its services are the findings") {
        seen.compose = declared("api", {});
        CHECK(judge_one(seen, k_found, config).verdict == Verdict::skipped);
        CHECK(judge_one(seen, "health.docker.api", config).verdict == Verdict::critical);
    }
}

TEST_CASE("without a project no service is missing: no container was kept") {
    auto seen = with_containers({});
    seen.discovery_problem = "two projects";
    seen.compose = declared("api", {});
    CHECK_FALSE(sample::has(health::judge(seen, {}), "health.docker.api"));
}

TEST_CASE("a service without a container is told by who expects it") {
    auto seen = with_containers({sample::container("web")});
    const auto by_config = judge_one(seen, "health.docker.api", with_replicas("api", 1));
    CHECK(by_config.message == "no container: the configuration expects it");
    seen.compose = declared("api", {});
    CHECK(judge_one(seen, "health.docker.api").message
          == "no container: the compose file expects it");
    CHECK_FALSE(sample::has(health::judge(seen, with_replicas("api", 0)), "health.docker.api"));
}

TEST_CASE("a one-shot whose container was removed is skipped, a server is missing") {
    auto seen = with_containers({sample::container("web")});
    config::ComposeService service;
    service.given = {"restart"};
    SECTION("its restart policy is given as no") {
        seen.compose = declared("migrate", service);
        const auto finding = judge_one(seen, "health.docker.migrate");
        CHECK(finding.verdict == Verdict::skipped);
        CHECK(finding.message
              == "no container: a one-shot, which completed and was removed or never ran");
    }
    SECTION("another waits for its completion") {
        seen.compose = declared("migrate", {});
        seen.compose->services["web"].name = "web";
        seen.compose->services["web"].depends_on["migrate"] = "service_completed_successfully";
        CHECK(judge_one(seen, "health.docker.migrate").verdict == Verdict::skipped);
    }
    SECTION("the configuration says so") {
        config::Config config;
        config.services["migrate"] = {.name = "migrate", .expected = config::Expected::completed};
        CHECK(judge_one(seen, "health.docker.migrate", config).verdict == Verdict::skipped);
    }
    SECTION("no policy at all is every server's") {
        seen.compose = declared("api", {});
        CHECK(judge_one(seen, "health.docker.api").verdict == Verdict::critical);
    }
    SECTION("a health check makes a server") {
        service.has_healthcheck = true;
        seen.compose = declared("api", service);
        CHECK(judge_one(seen, "health.docker.api").verdict == Verdict::critical);
    }
    SECTION("who depends on it while it runs makes a server") {
        seen.compose = declared("api", service);
        seen.compose->services["web"].name = "web";
        seen.compose->services["web"].depends_on["api"] = "service_started";
        CHECK(judge_one(seen, "health.docker.api").verdict == Verdict::critical);
    }
}

TEST_CASE("replicas are counted over all Engines") {
    auto seen = sample::observations();
    seen.engines = {engine("one", "api", 1), engine("two", "api", 2)};
    const auto config = with_replicas("api", 3);
    CHECK(judge_one(seen, "health.docker.api@one", config).verdict == Verdict::ok);
    const auto two = judge_one(seen, "health.docker.api@two", config);
    CHECK(two.verdict == Verdict::ok);
    CHECK(two.message.starts_with("2 of 2 containers well, 1 on other Engines: "));

    seen.engines[1] = engine("two", "api", 1);
    CHECK(judge_one(seen, "health.docker.api@one", config).verdict == Verdict::warning);

    // The one that is silent may have the third.
    seen.engines.push_back(sample::failed<facts::Docker>("three", core::ErrorKind::timeout));
    CHECK(judge_one(seen, "health.docker.api@one", config).verdict == Verdict::ok);
}

TEST_CASE("what a swarm's manager tells is not expected of single Engines") {
    auto seen = sample::observations();
    seen.engines = {engine("one", "api", 1), engine("two", "web", 1)};
    seen.engines[0].result->cluster = facts::Swarm{.node = "n1",
                                                   .state = "active",
                                                   .manager = true,
                                                   .services = {{.id = "s1",
                                                                 .name = "gallery_api",
                                                                 .service = "api",
                                                                 .mode = "replicated",
                                                                 .desired = 3,
                                                                 .running = 3},
                                                                {.id = "s2",
                                                                 .name = "gallery_gan",
                                                                 .service = "gan",
                                                                 .mode = "replicated",
                                                                 .desired = 1,
                                                                 .running = 1}}};
    auto config = with_replicas("api", 3);
    config.services["gan"] = {.name = "gan"};
    const auto findings = health::judge(seen, config);
    CHECK(sample::find(findings, "health.docker.api@one").verdict == Verdict::ok);
    CHECK_FALSE(sample::has(findings, "health.docker.gan"));
    CHECK(sample::find(findings, "health.swarm-service.gan").verdict == Verdict::ok);
}

TEST_CASE("since when a health check fails is told only where its log reaches back that far") {
    struct Row {
        const char* what;
        std::vector<int> codes; // one a minute, the last one now
        int streak;
        std::optional<std::chrono::minutes> since;
    };

    const std::vector<Row> rows{
        {"the log begins with a good run", {0, 1, 1, 1}, 3, 2min},
        {"the log holds all of the streak", {1, 1, 1}, 3, 2min},
        {"five of many", {1, 1, 1, 1, 1}, 120, std::nullopt},
        {"bad, good, bad", {1, 0, 1, 1}, 2, 1min},
        {"no log", {}, 3, std::nullopt},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        auto api = sample::container("api");
        api.health = "unhealthy";
        api.failing_streak = row.streak;
        const auto count = std::ssize(row.codes);
        for (std::ptrdiff_t i = 0; i < count; ++i)
            api.health_log.push_back({.ended = k_now - (count - 1 - i) * 1min,
                                      .exit_code = row.codes[static_cast<std::size_t>(i)]});
        const auto finding = judge_one(with_containers({api}), "health.docker.api");
        CHECK(finding.verdict == Verdict::critical);
        CHECK(finding.since.has_value() == row.since.has_value());
        if (finding.since && row.since) CHECK(*finding.since == k_now - *row.since);
    }
}

} // namespace health_absent_test
