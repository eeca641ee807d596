// SPDX-License-Identifier: MIT
#include "config/compose.hpp"
#include "support/catch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace config_compose_test {
namespace {

using Map = std::map<std::string, std::string>;

config::ComposeProject good(const std::string& text, const Map& env = {}) {
    auto project = config::parse_compose(text, env);
    if (!project) UNSCOPED_INFO(core::describe(project.error()));
    REQUIRE(project);
    return *std::move(project);
}

} // namespace

TEST_CASE("a compose file's services are read with what a checker needs") {
    const auto project = good(R"(
version: "3.8"
name: gallery
x-app: &app
  restart: unless-stopped
  environment: &env
    REDIS_URL: redis://:pw@cache:6379/0
services:
  api:
    <<: *app
    image: gallery/api:${TAG:-latest}
    depends_on:
      postgres: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
      cache: {}
    environment:
      <<: *env
      DATABASE_URL: postgresql://u:p@postgres:5432/db
      LOG: info
    healthcheck: {test: [CMD, curl, -f, "http://localhost/health"]}
    deploy: {replicas: 2, resources: {limits: {memory: 512M}}}
  migrate:
    image: gallery/api
    restart: "no"
    depends_on: [postgres]
    environment: ["PGHOST=postgres", "HOME"]
  postgres:
    image: postgres:15
    restart: always
    mem_limit: 1.5g
    healthcheck: {disable: true}
  cache:
    image: redis
    profiles: [full, dev]
    scale: "${N-3}"
    healthcheck: {test: ["NONE"]}
  empty:
)");
    CHECK(project.name == "gallery");
    REQUIRE(project.services.size() == 5);
    const auto& api = project.services.at("api");
    CHECK(api.name == "api");
    CHECK(api.image == "gallery/api:latest");
    CHECK(api.restart == "unless-stopped");
    CHECK(api.has_healthcheck);
    CHECK(api.depends_on
          == Map{{"postgres", "service_healthy"},
                 {"migrate", "service_completed_successfully"},
                 {"cache", "service_started"}});
    CHECK(api.environment_hosts == Map{{"DATABASE_URL", "postgres"}, {"REDIS_URL", "cache"}});
    CHECK(api.replicas == 2);
    CHECK(api.memory_limit == core::Bytes{512ULL << 20});
    const auto& migrate = project.services.at("migrate");
    CHECK(migrate.restart == "no");
    CHECK(migrate.depends_on == Map{{"postgres", "service_started"}});
    CHECK(migrate.environment_hosts == Map{{"PGHOST", "postgres"}});
    CHECK(project.waited_for_completion("migrate"));
    CHECK_FALSE(project.waited_for_completion("postgres"));
    CHECK(project.services.at("postgres").memory_limit == core::Bytes{3ULL << 29});
    CHECK_FALSE(project.services.at("postgres").has_healthcheck);
    CHECK_FALSE(project.services.at("cache").has_healthcheck);
    CHECK(project.services.at("cache").profiles == std::vector<std::string>{"full", "dev"});
    CHECK(project.services.at("cache").replicas == 3);
    CHECK(project.services.at("empty").restart == "no");
}

TEST_CASE("sizes are read as docker writes them") {
    const std::vector<std::pair<std::string, std::uint64_t>> cases{
        {"512", 512},           {"512b", 512},        {"1k", 1024},       {"1kb", 1024},
        {"512m", 512ULL << 20}, {"1M", 1ULL << 20},   {"1g", 1ULL << 30}, {"1GiB", 1ULL << 30},
        {"0.5g", 512ULL << 20}, {"2 GB", 2ULL << 30}, {"1t", 1ULL << 40}, {"0", 0}};
    for (const auto& [text, bytes] : cases) {
        INFO(text);
        CHECK(
            good("services: {a: {mem_limit: \"" + text + "\"}}").services.at("a").memory_limit.count
            == bytes);
    }
}

TEST_CASE("variables fill the compose file, or are empty") {
    const std::string text =
        "services: {a: {image: \"${IMAGE:?by the script}\", restart: $POLICY}}";
    CHECK(good(text, {{"IMAGE", "x"}, {"POLICY", "always"}}).services.at("a").restart == "always");
    CHECK(good(text).services.at("a").image.empty());
    CHECK(good(text).services.at("a").restart == "no");
    CHECK(good("services: {a: {environment: [FROM_SHELL]}}", {{"FROM_SHELL", "http://b/"}})
              .services.at("a")
              .environment_hosts
          == Map{{"FROM_SHELL", "b"}});
}

TEST_CASE("links, shared networks and extended services make dependencies too") {
    const auto project = good(R"(
services:
  base: {image: base, restart: always, mem_limit: 1g, depends_on: [db]}
  app: {extends: base, image: app, links: ["redis:cache"], network_mode: "service:vpn"}
  far: {extends: {file: common.yml, service: base}}
include: [{path: more.yml}, other.yml]
)");
    const auto& app = project.services.at("app");
    CHECK(app.name == "app");
    CHECK(app.image == "app");
    CHECK(app.restart == "always");
    CHECK(app.memory_limit == core::Bytes{1ULL << 30});
    CHECK(app.depends_on
          == Map{
              {"db", "service_started"}, {"redis", "service_started"}, {"vpn", "service_started"}});
    CHECK(project.other_files == std::vector<std::string>{"more.yml", "other.yml", "common.yml"});
}

TEST_CASE("a restart policy of deploy stands where restart is not given") {
    const auto policy = [](const std::string& service) {
        return good("services: {a: {" + service + "}}").services.at("a").restart;
    };
    CHECK(policy("deploy: {restart_policy: {condition: none}}") == "no");
    CHECK(policy("deploy: {restart_policy: {condition: any}}") == "always");
    CHECK(policy("deploy: {restart_policy: {condition: on-failure}}") == "on-failure");
    CHECK(policy("restart: always, deploy: {restart_policy: {condition: none}}") == "always");
    CHECK(policy("restart: no") == "no");
    CHECK(policy("restart: on-failure:3") == "on-failure:3");
}

TEST_CASE("an override file is laid over the base, key by key") {
    auto base = good(R"(
name: one
services:
  a: {image: a, restart: always, mem_limit: 1g, scale: 2, healthcheck: {test: x}, depends_on: [b],
      environment: {X: "http://b/", Y: "http://c/"}, profiles: [p]}
  b: {image: b}
)");
    const auto over = good(R"(
services:
  a: {image: a2, healthcheck: {disable: true}, depends_on: {c: {condition: service_healthy}},
      environment: {X: plain, Z: "http://d/"}, profiles: [p, q]}
  c: {image: c}
)");
    config::merge(base, over);
    CHECK(base.name == "one");
    REQUIRE(base.services.size() == 3);
    const auto& a = base.services.at("a");
    CHECK(a.image == "a2");
    CHECK(a.restart == "always");
    CHECK(a.memory_limit == core::Bytes{1ULL << 30});
    CHECK(a.replicas == 2);
    CHECK_FALSE(a.has_healthcheck);
    CHECK(a.depends_on == Map{{"b", "service_started"}, {"c", "service_healthy"}});
    CHECK(a.environment_hosts == Map{{"Y", "c"}, {"Z", "d"}});
    CHECK(a.profiles == std::vector<std::string>{"p", "q"});
    // What the override does not give stays, also where its own default differs.
    const auto reset = good("services: {a: {restart: \"no\"}}");
    config::merge(base, reset);
    CHECK(base.services.at("a").restart == "no");
    CHECK(base.services.at("a").image == "a2");
}

TEST_CASE("the host that a variable leads to is found in its forms") {
    const std::set<std::string> services{"db", "redis", "api"};
    const auto host = [&](const char* name, const char* value) {
        return config::host_in_variable(name, value, services);
    };
    CHECK(host("A", "http://api:8080/x") == "api");
    CHECK(host("A", "postgresql+psycopg2://u:p@db:5432/x") == "db");
    CHECK(host("A", "jdbc:postgresql://db/x") == "db");
    CHECK(host("A", "postgresql://u:p%40x@db,db2/x") == "db");
    CHECK(host("A", "host=db port=5432 password=x") == "db");
    CHECK(host("A", "redis:6379") == "redis");
    CHECK(host("A", "redis:6379/0") == "redis");
    CHECK(host("A", "kafka-1:9092,kafka-2:9092") == "kafka-1");
    CHECK(host("A", "db") == "db");
    CHECK(host("A", "elsewhere").empty());
    CHECK(host("A", "http://localhost:3000").empty());
    CHECK(host("A", "http://127.0.0.1:3000").empty());
    CHECK(host("A", "http://[::1]:3000").empty());
    CHECK(host("A", "12:30").empty());
    CHECK(host("A", "sha256:abc").empty());
    CHECK(host("A", "").empty());
    CHECK(host("A", "http://").empty());
    CHECK(host("CORS_ORIGINS", "http://api:8080").empty());
    CHECK(host("ALLOWED_HOSTS", "api").empty());
    CHECK(host("NO_PROXY", "api").empty());
}

TEST_CASE("a compose file of the wrong shape is told with its place") {
    struct Case {
        std::string text{};
        std::string error{};
    };

    const std::vector<Case> cases{
        {"", "compose file: not a compose file: no map at the top"},
        {"- a", "compose file: line 1, column 1: not a compose file: no map at the top"},
        {"hello: world",
         "compose file: line 1, column 1: not a compose file: it has no 'services'"},
        {"web: {image: x}",
         "compose file: line 1, column 1: no 'services': version 1 of the format "
         "is not supported; put the services below 'services:'"},
        {"services: [a]", "compose file: line 1, column 11: 'services' must be a map of services"},
        {"services: {a: x}", "compose file: line 1, column 15: the service 'a' must be a map"},
        {"services: {a: {image: [x]}}", "compose file: line 1, column 23: 'image' must be a text"},
        {"services:\n  a:\n    depends_on:\n      - {x: y}",
         "compose file: line 4, column 9: 'depends_on' must be a text"},
        {"services: {a: {mem_limit: lots}}",
         "compose file: line 1, column 27: 'mem_limit' must be a size: 512m, 1g"},
        {"services: {a: {mem_limit: 1x}}",
         "compose file: line 1, column 27: 'mem_limit' must be a size: 512m, 1g"},
        {"services: {a: {scale: -1}}",
         "compose file: line 1, column 23: 'scale' must be a whole number"},
        {"services: {a: {healthcheck: curl}}",
         "compose file: line 1, column 29: 'healthcheck' must be a map"},
        {"services: {a: {healthcheck: {disable: maybe}}}",
         "compose file: line 1, column 39: 'healthcheck.disable' must be true or false"},
        {"services: {a: {image: \"$(x)\"}}",
         "compose file: line 1, column 23: 'image': a lone '$'; write '$$' for the character"},
        {"services: {a: {extends: b}}",
         "compose file: line 1, column 25: 'a' extends 'b', which does not exist"},
        {"services: {a: {extends: b}, b: {extends: a}}", ": 'a' extends itself"},
        {"services: {a: {deploy: 3}}", "compose file: line 1, column 24: 'deploy' must be a map"},
        {"services: {a: {}, a: {}}",
         "compose file: line 1, column 19: the key 'a' was given before, in line 1"},
    };
    for (const auto& each : cases) {
        INFO(each.text);
        const auto project = config::parse_compose(each.text, {});
        REQUIRE_FALSE(project);
        CHECK(project.error().kind == core::ErrorKind::protocol);
        const auto text = core::describe(project.error());
        if (each.error.starts_with(":"))
            CHECK(text.ends_with(each.error));
        else
            CHECK(text == each.error);
    }
}

TEST_CASE("odd but legal parts of a compose file do no harm") {
    for (const char* text :
         {"services: {}", "services:", "volumes: {x: }", "services: {a: {healthcheck: }}",
          "services: {a: {depends_on: {b: }}}", "services: {a: {depends_on: b}}",
          "services: {a: {environment: {X: , Y: 1, Z: true}}}",
          "services: {a: {environment: [\"=x\"]}}",
          "services: {a: {deploy: {resources: [1], restart_policy: x}}}",
          "services: {a: {profiles: }}", "services: {a: !reset null}",
          "services: {a: {healthcheck: {interval: 5s}}}", "services: {a: {links: }}",
          "services: {a: {command: [\"$(\", $, 1], ports: [1], volumes: {}}}"}) {
        INFO(text);
        CHECK(config::parse_compose(text, {}));
    }
}

} // namespace config_compose_test
