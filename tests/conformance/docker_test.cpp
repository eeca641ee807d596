// SPDX-License-Identifier: MIT
#include "probe/docker.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>

namespace docker_test {

// What only somebody who speaks the Engine's API can do to a client.

namespace {

using namespace std::chrono_literals;
using core::ErrorKind;

constexpr auto k_deadline = 1500ms;

constexpr const char* k_version = R"({"Version": "20.10.24", "ApiVersion": "1.41"})";

/// An Engine in which each path (the query left out) has an answer; "" stands for silence.
hostile::Behaviour engine(std::map<std::string, std::string> answers) {
    answers.try_emplace("/_ping", hostile::http_answer(200, "OK", "text/plain"));
    answers.try_emplace("/version", hostile::http_answer(200, k_version));
    answers.try_emplace("/v1.41/images/json", hostile::http_answer(200, "[]"));
    return [answers = std::move(answers)](hostile::Connection& client) {
        while (true) {
            const auto request = client.read_request();
            if (request.empty()) return;
            const auto from = request.find(' ') + 1;
            const auto path = request.substr(from, request.find_first_of(" ?", from) - from);
            const auto found = answers.find(path);
            const auto answer = found == answers.end()
                                    ? hostile::http_answer(404, R"({"message": "no such thing"})")
                                    : found->second;
            if (answer.empty()) {
                client.hold();
                return;
            }
            if (!client.send(answer)) return;
        }
    };
}

core::Result<facts::Docker> observe(const hostile::Behaviour& behaviour) {
    const hostile::Server server{behaviour};
    config::DockerHost host;
    host.url = "tcp://127.0.0.1:" + std::to_string(server.port());
    const auto began = std::chrono::steady_clock::now();
    auto result = probe::observe_docker(host, "gallery", core::Deadline::after(k_deadline), {});
    if (result) probe::observe_usage(*result, host, 10ms, core::Deadline::after(k_deadline), {});
    CHECK(std::chrono::steady_clock::now() - began < 2 * k_deadline + k_slack);
    return result;
}

/// A swarm's node whose manager's calls have this answer.
hostile::Behaviour swarm_node(const std::string& nodes, const std::string& info) {
    return engine(
        {{"/_ping", "HTTP/1.1 200 OK\r\nSwarm: active/worker\r\nContent-Length: 2\r\n\r\nOK"},
         {"/v1.41/containers/json", hostile::http_answer(200, "[]")},
         {"/v1.41/nodes", nodes},
         {"/v1.41/services", nodes},
         {"/v1.41/tasks", nodes},
         {"/v1.41/info", info}});
}

std::string inspected(const std::string& id, const std::string& state) {
    return hostile::http_answer(200, R"({"Id": ")" + id + R"(", "Name": "/)" + id
                                         + R"(", "State": )" + state + "}");
}

ErrorKind kind_of(const core::Result<facts::Docker>& result) {
    REQUIRE_FALSE(result);
    INFO(core::describe(result.error()));
    CHECK_FALSE(result.error().reason.empty());
    CHECK_FALSE(result.error().hint.empty());
    return result.error().kind;
}

constexpr const char* k_list = "/v1.41/containers/json";

} // namespace

TEST_CASE("what is no Engine, or one of another age, is a fault of the protocol") {
    for (const auto& version :
         {hostile::http_answer(200, "<html>welcome</html>", "text/html"),
          hostile::http_answer(200, "{}"), hostile::http_answer(200, R"({"ApiVersion": 7})"),
          hostile::http_answer(200, R"({"ApiVersion": "1.23"})"),
          hostile::http_answer(404, "404 page not found", "text/plain"),
          hostile::http_answer(500, R"({"message": "boom"})")}) {
        CAPTURE(version);
        CHECK(kind_of(observe(engine({{"/version", version}}))) == ErrorKind::protocol);
    }
    CHECK(kind_of(observe(engine({{"/version", hostile::http_answer(403, "no")}})))
          == ErrorKind::auth);
    for (const char* list : {"{}", "null", "hello", R"({"message": "x"})", "[[[["}) {
        CAPTURE(list);
        CHECK(kind_of(observe(engine({{k_list, hostile::http_answer(200, list)}})))
              == ErrorKind::protocol);
    }
}

TEST_CASE("lists of nonsense hold no containers") {
    for (const char* list : {"[]", "[1, null, \"x\", {}, [], {\"Id\": 5}]"}) {
        const auto result = observe(engine({{k_list, hostile::http_answer(200, list)}}));
        if (!result) FAIL(core::describe(result.error()));
        CHECK(result->containers.empty());
        CHECK_FALSE(result->local);
    }
}

TEST_CASE("a container that went away meanwhile is dropped, one that hangs is kept as unknown") {
    const auto result = observe(engine({
        {k_list, hostile::http_answer(200, R"([{"Id": "gone"}, {"Id": "hangs", "Names": ["/h"]},
                                               {"Id": "odd"}, {"Id": "well"}])")},
        {"/v1.41/containers/hangs/json", ""},
        {"/v1.41/containers/odd/json", hostile::http_answer(200, "[]")},
        {"/v1.41/containers/well/json", inspected("well", R"({"Status": "running"})")},
    }));
    if (!result) FAIL(core::describe(result.error()));
    REQUIRE(result->containers.size() == 3);
    for (const auto& container : result->containers) {
        CAPTURE(container.name);
        const bool well = container.id == "well";
        CHECK((container.state == facts::ContainerState::running) == well);
        CHECK(container.error.empty() == well);
    }
}

TEST_CASE("an Engine that tells no container at all is the one in trouble") {
    CHECK(kind_of(observe(engine({
              {k_list, hostile::http_answer(200, R"([{"Id": "a"}, {"Id": "b"}])")},
              {"/v1.41/containers/a/json", ""},
              {"/v1.41/containers/b/json", ""},
          })))
          == ErrorKind::timeout);
}

TEST_CASE("logs and images that fail or hang cost nothing else") {
    for (const auto& log :
         {std::string{}, hostile::http_answer(501, R"({"message": "not supported"})"),
          hostile::http_answer(200, std::string(1 << 20, '\1'), "application/octet-stream"),
          hostile::http_answer(200, std::string{"\1\0\0\0\xff\xff\xff\xffx", 9}, "text/plain")}) {
        const auto result = observe(engine({
            {k_list, hostile::http_answer(200, R"([{"Id": "a"}])")},
            {"/v1.41/containers/a/json", inspected("a", R"({"Status": "exited", "ExitCode": 3})")},
            {"/v1.41/containers/a/logs", log},
            {"/v1.41/images/json", hostile::http_answer(500, "no")},
        }));
        if (!result) FAIL(core::describe(result.error()));
        REQUIRE(result->containers.size() == 1);
        CHECK(result->containers[0].exit_code == 3);
        CHECK(result->containers[0].last_log.size() <= 20);
    }
}

TEST_CASE("stats that lie give no usage, or one within reason") {
    for (const auto& stats :
         {std::string{}, hostile::http_answer(200, "{}"), hostile::http_answer(200, "[1]"),
          hostile::http_answer(500, "no"),
          hostile::http_answer(200, R"({"read": "1999-01-01T00:00:00Z", "cpu_stats": {"cpu_usage":
                       {"total_usage": 18446744073709551615}, "online_cpus": -3},
                       "memory_stats": {"usage": 1, "limit": "x", "stats": {"inactive_file": 9}}})")}) {
        const auto result = observe(engine({
            {k_list, hostile::http_answer(200, R"([{"Id": "a"}])")},
            {"/v1.41/containers/a/json", inspected("a", R"({"Status": "running", "Pid": 7})")},
            {"/v1.41/containers/a/stats", stats},
        }));
        if (!result) FAIL(core::describe(result.error()));
        REQUIRE(result->containers.size() == 1);
        const auto& usage = result->containers[0].usage;
        if (usage) CHECK(usage->cpu_cores >= 0);
        if (usage) CHECK(usage->memory.count == 0);
    }
}

TEST_CASE("a socket that can't be used says why") {
    const auto folder = std::filesystem::temp_directory_path()
                        / ("gallery-ops-docker-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto observe_at = [](const std::filesystem::path& path) {
        config::DockerHost host;
        host.url = "unix://" + path.string();
        return probe::observe_docker(host, "", core::Deadline::after(k_deadline), {});
    };
    CHECK(kind_of(observe_at(folder / "missing.sock")) == ErrorKind::unreachable);
    std::ofstream{folder / "file"} << "no socket";
    CHECK(kind_of(observe_at(folder / "file")) == ErrorKind::unreachable);
    {
        const auto server = hostile::Server::on_unix_socket(
            [](hostile::Connection& client) { client.hold(); }, (folder / "silent.sock").string());
        CHECK(kind_of(observe_at(folder / "silent.sock")) == ErrorKind::timeout);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("an Engine that does not tell of its swarm is told with the reason") {
    const auto refused = hostile::http_answer(
        503, R"({"message": "This node is not a swarm manager. Worker nodes"})");
    const std::string info =
        R"({"Swarm": {"NodeID": "n2", "LocalNodeState": "active", "ControlAvailable": false}})";

    const auto worker = observe(swarm_node(refused, hostile::http_answer(200, info)));
    REQUIRE(worker);
    REQUIRE(worker->cluster);
    CHECK_FALSE(worker->cluster->manager);
    CHECK(worker->cluster->node == "n2");
    CHECK(worker->cluster->problem.find("not a swarm manager") != std::string::npos);

    // Silence to this costs this alone.
    for (const auto& [nodes, infos] :
         {std::pair{std::string{}, std::string{}}, std::pair{refused, std::string{}}}) {
        const auto silent = observe(swarm_node(nodes, infos));
        REQUIRE(silent);
        REQUIRE(silent->cluster);
        CHECK(silent->cluster->state.empty());
        CHECK_FALSE(silent->cluster->problem.empty());
    }

    const auto odd = observe(swarm_node(hostile::http_answer(200, "{}"), ""));
    REQUIRE(odd);
    REQUIRE(odd->cluster);
    CHECK(odd->cluster->problem == "its lists of nodes, services and tasks are none");

    const auto none = observe(swarm_node(
        hostile::http_answer(503, R"({"message": "Use \"docker swarm init\" to create one"})"),
        ""));
    REQUIRE(none);
    CHECK_FALSE(none->cluster);
}

} // namespace docker_test
