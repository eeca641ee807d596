// SPDX-License-Identifier: MIT
#include "probe/docker.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <string>

namespace docker_side_test {

// How an Engine is greeted, and what a part of it that hangs may cost the rest.

namespace {

using namespace std::chrono_literals;
using core::ErrorKind;

/// path → answer; "" stands for silence. A path with a query goes before the same without.
using Routes = std::map<std::string, std::string>;

std::string ok(std::string_view body) {
    return hostile::http_answer(200, body);
}

std::string ping(const std::string& headers) {
    return hostile::http_answer(200, "OK", "text/plain", headers);
}

constexpr const char* k_docker = "Api-Version: 1.41\r\nServer: Docker/20.10.24 (linux)\r\n"
                                 "Swarm: inactive\r\n";

class Engine {
  public:
    explicit Engine(Routes routes)
        : m_routes(std::move(routes)), m_server([this](auto& client) { answer(client); }) {}

    [[nodiscard]] core::Result<facts::Docker> observe(std::chrono::milliseconds deadline) const {
        config::DockerHost host;
        host.url = "tcp://127.0.0.1:" + std::to_string(m_server.port());
        return probe::observe_docker(host, "", core::Deadline::after(deadline), {});
    }

    [[nodiscard]] int versions_asked() const { return m_versions; }

  private:
    void answer(hostile::Connection& client) {
        const auto request = client.read_request();
        const auto from = request.find(' ') + 1;
        const auto whole = request.substr(from, request.find(' ', from) - from);
        auto found = m_routes.find(whole);
        const auto path = whole.substr(0, whole.find('?'));
        if (found == m_routes.end()) found = m_routes.find(path);
        if (path == "/version") ++m_versions;
        if (found == m_routes.end()) {
            client.send(hostile::http_answer(404, R"({"message": "no such thing"})"));
        } else if (found->second.empty()) {
            client.hold();
        } else {
            client.send(found->second);
        }
    }

    Routes m_routes;
    std::atomic<int> m_versions{0};
    hostile::Server m_server;
};

std::string inspected(const std::string& id, const std::string& state) {
    return ok(R"({"Id": ")" + id + R"(", "Name": "/)" + id + R"(", "State": )" + state + "}");
}

/// The routes of an Engine of the API 1.41 with these containers, all of which run.
Routes with_containers(int count, const std::string& headers = k_docker) {
    Routes routes{{"/_ping", ping(headers)}, {"/v1.41/images/json", ok("[]")}};
    std::string list;
    for (int i = 0; i < count; ++i) {
        const auto id = "c" + std::to_string(100 + i);
        list += (i > 0 ? "," : "") + (R"({"Id": ")" + id + R"("})");
        routes["/v1.41/containers/" + id + "/json"] =
            inspected(id, R"({"Status": "running", "Pid": 0})");
    }
    routes["/v1.41/containers/json"] = ok("[" + list + "]");
    return routes;
}

/// Frames of a log as an Engine sends them.
std::string frame(const std::string& line) {
    std::string head{"\1\0\0\0", 4};
    for (const int shift : {24, 16, 8, 0})
        head += static_cast<char>((line.size() >> static_cast<unsigned>(shift)) & 0xFFU);
    return head + line;
}

} // namespace

TEST_CASE("an Engine that says in its headers what it is, is not asked for its version") {
    const Engine docker{with_containers(1)};
    const auto seen = docker.observe(5s);
    if (!seen) FAIL(core::describe(seen.error()));
    CHECK(docker.versions_asked() == 0);
    CHECK(seen->server == "docker");
    CHECK(seen->engine_version == "20.10.24");
    CHECK(seen->api_version == "1.41");
    CHECK(seen->containers.size() == 1);

    const Engine podman{with_containers(1, "Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n"
                                           "Server: Libpod/4.3.1 (linux)\r\n")};
    const auto other = podman.observe(5s);
    if (!other) FAIL(core::describe(other.error()));
    CHECK(podman.versions_asked() == 0);
    CHECK(other->server == "podman");
    CHECK(other->engine_version == "4.3.1");
}

TEST_CASE("an Engine behind a proxy that hides its headers or its ping is asked for its version") {
    const auto version = ok(R"({"Version": "24.0.7", "ApiVersion": "1.41"})");
    for (const auto& answer : {ping("Api-Version: 1.41\r\nServer: nginx\r\n"), ping(""),
                               hostile::http_answer(403, "no", "text/plain")}) {
        CAPTURE(answer);
        auto routes = with_containers(1);
        routes["/_ping"] = answer;
        routes["/version"] = version;
        const Engine engine{routes};
        const auto seen = engine.observe(5s);
        if (!seen) FAIL(core::describe(seen.error()));
        CHECK(engine.versions_asked() == 1);
        CHECK(seen->engine_version == "24.0.7");
    }
}

TEST_CASE("an Engine that is newer than all we know is spoken with as far as it goes") {
    const auto newer = ping("Api-Version: 1.99\r\nServer: Docker/99.0 (linux)\r\n");
    const Engine kind{{{"/_ping", newer}, {"/v1.51/containers/json", ok("[]")}}};
    const auto spoken = kind.observe(5s);
    if (!spoken) FAIL(core::describe(spoken.error()));
    CHECK(spoken->api_version == "1.51");
    CHECK(kind.versions_asked() == 0);

    const Engine strict{
        {{"/_ping", newer},
         {"/version", ok(R"({"Version": "99.0", "ApiVersion": "1.99", "MinAPIVersion": "1.60"})")},
         {"/v1.51/containers/json",
          hostile::http_answer(400, R"({"message": "client version 1.51 is too old"})")},
         {"/v1.60/containers/json", ok("[]")}}};
    const auto chosen = strict.observe(5s);
    if (!chosen) FAIL(core::describe(chosen.error()));
    CHECK(chosen->api_version == "1.60");
    CHECK(chosen->engine_version == "99.0");
}

TEST_CASE("an Engine that is too old says so in its headers too") {
    const Engine engine{
        {{"/_ping", ping("Api-Version: 1.23\r\nServer: Docker/1.11.2 (linux)\r\n")}}};
    const auto seen = engine.observe(5s);
    REQUIRE_FALSE(seen);
    CHECK(seen.error().kind == ErrorKind::protocol);
    CHECK(seen.error().reason == "its API 1.23 is older than 1.24");
}

TEST_CASE("a list that is none is the fault, not what is asked after it") {
    const Engine engine{{{"/_ping", ping(k_docker)}, {"/v1.41/containers/json", ok("{}")}}};
    const auto seen = engine.observe(5s);
    REQUIRE_FALSE(seen);
    CHECK(seen.error().kind == ErrorKind::protocol);
    CHECK(seen.error().reason == "its list of containers is none");
}

TEST_CASE("images that hang cost a part of the time") {
    auto routes = with_containers(3);
    routes["/v1.41/images/json"] = "";
    const Engine engine{routes};
    constexpr auto k_deadline = 2s + k_slack / 2;
    const auto began = std::chrono::steady_clock::now();
    const auto seen = engine.observe(k_deadline);
    CHECK(std::chrono::steady_clock::now() - began < k_deadline * 2 / 3);
    if (!seen) FAIL(core::describe(seen.error()));
    for (const auto& container : seen->containers)
        CHECK(container.state == facts::ContainerState::running);
}

TEST_CASE("a container that hangs costs no other one, however many there are") {
    auto routes = with_containers(120);
    routes["/v1.41/containers/c103/json"] = "";
    const Engine engine{routes};
    const auto seen = engine.observe(3s);
    if (!seen) FAIL(core::describe(seen.error()));
    REQUIRE(seen->containers.size() == 120);
    for (const auto& container : seen->containers) {
        CAPTURE(container.id);
        CHECK((container.state == facts::ContainerState::running) == (container.id != "c103"));
    }
}

TEST_CASE("of a log whose last lines are long the end is kept") {
    auto routes = with_containers(1);
    routes["/v1.41/containers/c100/json"] = inspected("c100", R"({"Status": "exited",
                                                                  "ExitCode": 1})");
    const auto filler = frame(std::string(16384, 'x') + "\n");
    const auto end = frame("panic: no space left on device\n");
    std::string twenty;
    for (int i = 0; i < 40; ++i)
        twenty += filler;
    const std::string logs = "/v1.41/containers/c100/logs?stdout=1&stderr=1&tail=";
    routes[logs + "20"] = ok(twenty + end);
    routes[logs + "4"] = ok(filler + filler + filler + end);
    const Engine engine{routes};
    const auto seen = engine.observe(5s);
    if (!seen) FAIL(core::describe(seen.error()));
    REQUIRE(seen->containers.size() == 1);
    REQUIRE_FALSE(seen->containers[0].last_log.empty());
    CHECK(seen->containers[0].last_log.back() == "panic: no space left on device");
}

} // namespace docker_side_test
