// SPDX-License-Identifier: MIT
#include "probe/docker_inspect.hpp"
#include "support/catch.hpp"

namespace probe_docker_inspect_test {

using facts::ContainerState;

namespace {

constexpr std::string_view k_inspect = R"({
 "Id": "ab12cd34", "Created": "2026-01-01T00:00:00.123456789Z", "Name": "/gallery_postgres_1",
 "Path": "docker-entrypoint.sh", "Args": ["postgres", "-c", "x=y"], "Image": "sha256:1111",
 "RestartCount": 2,
 "State": {"Status": "running", "Running": true, "OOMKilled": false, "ExitCode": 0, "Error": "",
   "Pid": 4711, "StartedAt": "2026-01-01T00:01:00Z", "FinishedAt": "0001-01-01T00:00:00Z",
   "Health": {"Status": "unhealthy", "FailingStreak": 3, "Log": [
     {"Start": "2026-01-01T00:02:00Z", "End": "2026-01-01T00:02:01+00:00", "ExitCode": -1,
      "Output": "Health check exceeded timeout"}]}},
 "HostConfig": {"RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0},
   "LogConfig": {"Type": "json-file", "Config": {}}, "Memory": 536870912, "NanoCpus": 1500000000},
 "Config": {"Image": "postgres:15", "Tty": true,
   "Env": ["POSTGRES_PASSWORD=hunter2", "URL=a=b=c", "BROKEN", "=x"],
   "Labels": {"com.docker.compose.project": "gallery", "com.docker.compose.service": "postgres",
              "com.docker.compose.oneoff": "False", "odd": 7},
   "ExposedPorts": {"5432/tcp": {}, "9187/tcp": {}}},
 "NetworkSettings": {
   "Ports": {"5432/tcp": [{"HostIp": "127.0.0.1", "HostPort": "15432"},
                          {"HostIp": "::1", "HostPort": "15432"}], "bad": null},
   "Networks": {"gallery_default": {"IPAddress": "172.18.0.5", "Aliases": ["postgres", "ab12"],
                                    "DNSNames": ["postgres", "db"]},
                "old": {"IPAddress": "", "Aliases": null}}},
 "Mounts": [{"Type": "volume", "Name": "pgdata", "Source": "/var/lib/docker/volumes/pgdata/_data",
             "Destination": "/var/lib/postgresql", "RW": true},
            {"Type": "bind", "Source": "/srv/x", "Destination": "/x", "RW": false}]
})";

} // namespace

TEST_CASE("an inspected container has everything that its answer tells") {
    const auto inspected = probe::parse_inspect(k_inspect);
    REQUIRE(inspected);
    const auto& c = inspected->container;
    CHECK(inspected->tty);
    CHECK(c.name == "gallery_postgres_1");
    CHECK(c.service == "postgres");
    CHECK(c.project == "gallery");
    CHECK(c.state == ContainerState::running);
    CHECK(c.health == "unhealthy");
    CHECK(c.failing_streak == 3);
    REQUIRE(c.health_log.size() == 1);
    CHECK(c.health_log[0].exit_code == -1);
    CHECK(core::format_utc(c.health_log[0].ended) == "2026-01-01T00:02:01Z");
    CHECK(c.started_at);
    CHECK_FALSE(c.finished_at); // Docker's zero time means never
    CHECK(c.command == std::vector<std::string>{"docker-entrypoint.sh", "postgres", "-c", "x=y"});
    CHECK(c.restart_count == 2);
    CHECK(c.restart_policy == "unless-stopped");
    CHECK(c.pid == 4711);
    CHECK(c.memory_limit.count == 536870912);
    CHECK(c.cpu_limit_cores == Approx(1.5));
    CHECK(c.environment.size() == 2);
    CHECK(c.environment.at("POSTGRES_PASSWORD").reveal() == "hunter2");
    CHECK(c.environment.at("URL").reveal() == "a=b=c");
    REQUIRE(c.ports.size() == 3);
    CHECK(c.ports[0].host == 15432);
    CHECK(c.ports[0].host_ip == "127.0.0.1");
    CHECK(c.ports[2].container == 9187);
    CHECK(c.ports[2].host == 0);
    CHECK(c.addresses == std::map<std::string, std::string>{{"gallery_default", "172.18.0.5"}});
    CHECK(c.aliases == std::vector<std::string>{"postgres", "ab12", "db"});
    REQUIRE(c.mounts.size() == 2);
    CHECK(c.mounts[0].name == "pgdata");
    CHECK_FALSE(c.mounts[1].writable);
    CHECK_FALSE(c.one_off);
}

TEST_CASE("wrong types and missing parts leave defaults") {
    for (const char* body : {
             R"({"Id": "a", "State": {}})",
             R"({"Id": "a", "State": {"Status": 5, "Pid": "x", "ExitCode": null, "Health": [],
                 "StartedAt": 7, "OOMKilled": "true"}, "Config": [], "HostConfig": "no",
                 "NetworkSettings": {"Ports": [], "Networks": {"n": 5}}, "Mounts": {"x": 1},
                 "Args": {"a": "b"}, "Name": false, "RestartCount": "many"})",
             R"({"Id": "a", "State": {"ExitCode": 1e300, "Health": {"Log": [1, "x", null, {}]}},
                 "RestartCount": 99999999999999999999, "HostConfig": {"CpuQuota": 5e4,
                 "Memory": -1, "NanoCpus": -3}, "Mounts": [1, null], "Config": {"Env": [1, null]}})",
         }) {
        CAPTURE(body);
        const auto inspected = probe::parse_inspect(body);
        REQUIRE(inspected);
        CHECK(inspected->container.state == ContainerState::unknown);
        CHECK(inspected->container.memory_limit.count == 0);
        CHECK(inspected->container.environment.empty());
        CHECK_FALSE(inspected->container.oom_killed);
    }
    for (const char* body : {"", "null", "[]", "{}", "{\"Id\": 5}", "<html>", "{\"Id\":\"a\"}"})
        CHECK_FALSE(probe::parse_inspect(body));
}

TEST_CASE("podman's words for the same") {
    const auto inspected = probe::parse_inspect(
        R"({"Id": "a", "Name": "web", "State": {"Status": "stopped", "Healthcheck":
            {"Status": "starting", "FailingStreak": 1, "Log": null}},
            "HostConfig": {"CpuQuota": 50000}})");
    REQUIRE(inspected);
    CHECK(inspected->container.state == ContainerState::exited);
    CHECK(inspected->container.health == "starting");
    CHECK(inspected->container.service == "web");
    CHECK(inspected->container.cpu_limit_cores == Approx(0.5));
}

TEST_CASE("the API version is the newest that both sides know") {
    struct Case {
        const char* body;
        const char* api; ///< nullptr: none
        bool podman;
    };

    for (const auto& each : {
             Case{R"({"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"})",
                  "1.41", false},
             Case{R"({"ApiVersion": "1.99", "MinAPIVersion": "1.44"})", "1.51", false},
             Case{R"({"ApiVersion": "1.99", "MinAPIVersion": "1.60"})", "1.60", false},
             Case{R"({"ApiVersion": "1.24"})", "1.24", false},
             Case{R"({"ApiVersion": "1.23"})", nullptr, false},
             Case{R"({"ApiVersion": "2.0"})", nullptr, false},
             Case{R"({"ApiVersion": "1.-5"})", nullptr, false},
             Case{R"({"ApiVersion": "1.41", "Components": [{"Name": "Podman Engine"}]})", "1.41",
                  true},
         }) {
        CAPTURE(each.body);
        const auto version = probe::parse_engine_version(each.body);
        REQUIRE(version);
        CHECK(version->podman == each.podman);
        const auto api = probe::negotiate_api(*version);
        CHECK(api.has_value() == (each.api != nullptr));
        if (api && each.api != nullptr) CHECK(*api == each.api);
    }
    for (const char* body : {"", "OK", "[]", "{}", R"({"ApiVersion": 1.41})", "{\"Server\": {}}"})
        CHECK_FALSE(probe::parse_engine_version(body));
}

TEST_CASE("a list gives a container its own name, not a link's") {
    const auto list = probe::parse_container_list(
        R"([{"Id": "1234567890abcdef", "Names": ["/web/db", "/db"], "Image": "pg"},
            {"Id": "ffffffffffffffff", "Names": []}, {"Names": ["/x"]}, 7, null])");
    REQUIRE(list);
    REQUIRE(list->size() == 2);
    CHECK((*list)[0].name == "db");
    CHECK((*list)[1].name == "ffffffffffff");
    for (const char* body : {"", "{}", "null", "{\"message\": \"no\"}"})
        CHECK_FALSE(probe::parse_container_list(body));
}

TEST_CASE("an image that was built or pulled anew is told from the one that runs") {
    const auto tags = probe::parse_image_tags(
        R"([{"Id": "sha256:2222", "RepoTags": ["postgres:15", "postgres:latest"]},
            {"Id": "sha256:3333", "RepoTags": null},
            {"Id": "sha256:4444", "RepoTags": ["docker.io/library/redis:7", "localhost/api:latest",
                                               "reg:5000/team/web:latest"]}, 5])");
    const auto current = [&](const char* image) {
        facts::Container container;
        container.image = image;
        container.image_id = "sha256:1111";
        return probe::current_image(container, tags);
    };
    CHECK(current("postgres:15") == "sha256:2222");
    CHECK(current("postgres") == "sha256:2222");
    CHECK(current("redis:7") == "sha256:4444");
    CHECK(current("api") == "sha256:4444");
    CHECK(current("reg:5000/team/web") == "sha256:4444");
    CHECK(current("gone:1").empty());
    CHECK(current("postgres@sha256:abcd") == "sha256:1111");
    CHECK(current("sha256:0123456789abcdef") == "sha256:1111");
    CHECK(probe::parse_image_tags("{}").empty());
}

TEST_CASE("stats of both versions of control groups") {
    const auto one = probe::parse_stats(
        R"({"read": "2026-01-01T00:00:00.5Z", "cpu_stats": {"cpu_usage": {"total_usage": 1000,
            "percpu_usage": [1, 2, 3]}, "throttling_data": {"periods": 4, "throttled_periods": 1}},
            "memory_stats": {"usage": 100, "limit": 500, "stats": {"total_inactive_file": 30,
            "inactive_file": 5}}})");
    REQUIRE(one);
    CHECK(one->memory.count == 70);
    CHECK(one->online_cpus == 3);
    CHECK(one->throttled == 1);
    const auto two = probe::parse_stats(
        R"({"cpu_stats": {"cpu_usage": {"total_usage": 1000}, "online_cpus": 8},
            "memory_stats": {"usage": 100, "stats": {"inactive_file": 130}}})");
    REQUIRE(two);
    CHECK(two->memory.count == 0);
    CHECK(two->online_cpus == 8);
    for (const char* body : {"", "{}", R"({"cpu_stats": {"cpu_usage": {"total_usage": 0}}})",
                             R"({"cpu_stats": {"cpu_usage": {"total_usage": "9"}}})"})
        CHECK_FALSE(probe::parse_stats(body));
}

} // namespace probe_docker_inspect_test
