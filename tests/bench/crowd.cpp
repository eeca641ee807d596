// SPDX-License-Identifier: MIT
//
// A crowd to look at: many endpoints that each take their time, or an Engine with many containers
// (the Engine API as far as `health` asks it). Prints a configuration for it when it is ready and
// serves until its standard input ends.
//
//   bench-crowd endpoints COUNT MILLISECONDS
//   bench-crowd engine COUNT SOCKET
#include "support/hostile.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace {

using namespace std::chrono_literals;

std::string answer(std::string_view body) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       body.size(), body);
}

/// Answers request after request on one connection, as a server that keeps it alive does.
template <class AnswerTo>
void serve(hostile::Connection& client, AnswerTo answer_to) {
    for (;;) {
        const auto request = client.read_request();
        if (request.empty()) return;
        const auto path_begin = request.find(' ') + 1;
        const auto path = request.substr(path_begin, request.find(' ', path_begin) - path_begin);
        if (!client.send(answer(answer_to(path)))) return;
    }
}

std::string id_of(int number) {
    return fmt::format("{:064x}", number + 1);
}

std::string labels_of(int number) {
    return fmt::format(R"({{"com.docker.compose.project": "crowd",)"
                       R"( "com.docker.compose.service": "service-{}",)"
                       R"( "com.docker.compose.oneoff": "False"}})",
                       number);
}

std::string listed(int number) {
    return fmt::format(R"({{"Id": "{0}", "Names": ["/crowd_service-{1}_1"], "Image": "gallery:1",)"
                       R"( "ImageID": "sha256:{0}", "State": "running", "Status": "Up 3 hours",)"
                       R"( "Labels": {2}}})",
                       id_of(number), number, labels_of(number));
}

std::string inspected(int number) {
    return fmt::format(
        R"({{"Id": "{0}", "Name": "/crowd_service-{1}_1", "Created": "2026-01-01T00:00:00Z",)"
        R"( "Image": "sha256:{0}", "RestartCount": 0, "State": {{"Status": "running",)"
        R"( "Running": true, "Pid": 0, "ExitCode": 0, "StartedAt": "2026-01-01T00:00:01Z",)"
        R"( "FinishedAt": "0001-01-01T00:00:00Z", "Health": {{"Status": "healthy",)"
        R"( "FailingStreak": 0, "Log": [{{"Start": "2026-01-01T00:00:05Z",)"
        R"( "End": "2026-01-01T00:00:05Z", "ExitCode": 0, "Output": "ok"}}]}}}},)"
        R"( "HostConfig": {{"RestartPolicy": {{"Name": "unless-stopped"}}, "Memory": 67108864,)"
        R"( "LogConfig": {{"Type": "json-file", "Config": {{}}}}}},)"
        R"( "Config": {{"Image": "gallery:1", "Tty": false, "Cmd": ["sleep", "600"],)"
        R"( "Env": ["DATABASE_URL=postgresql://u:p@postgres:5432/d"], "Labels": {2}}},)"
        R"( "Mounts": [], "NetworkSettings": {{"Ports": {{}}, "Networks": {{"crowd_default":)"
        R"( {{"IPAddress": "", "Aliases": ["service-{1}"]}}}}}}}})",
        id_of(number), number, labels_of(number));
}

/// What the Engine says to `path`; "{}" to all that is not asked for here.
std::string engine_says(const std::string& path, int count) {
    if (path == "/_ping") return "OK";
    if (path == "/version")
        return R"({"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"})";
    if (path.find("/images/json") != std::string::npos) return "[]";
    if (path.find("/containers/json") != std::string::npos) {
        std::string all = "[";
        for (int i = 0; i < count; ++i)
            all += (i > 0 ? "," : "") + listed(i);
        return all + "]";
    }
    const auto place = path.find("/containers/");
    if (place == std::string::npos) return "{}";
    const auto id = path.substr(place + 12, 64);
    int number = 0;
    std::from_chars(id.data() + id.size() - 8, id.data() + id.size(), number, 16);
    return inspected(number - 1);
}

void wait_for_the_end() {
    std::fflush(stdout);
    std::string line;
    while (std::getline(std::cin, line)) {
    }
}

int serve_endpoints(int count, std::chrono::milliseconds pause) {
    const hostile::Server server{[pause](hostile::Connection& client) {
        serve(client, [pause](const std::string&) {
            std::this_thread::sleep_for(pause);
            return std::string{"{\"status\": \"ok\"}"};
        });
    }};
    fmt::print("docker: {{hosts: []}}\nproject: crowd\nendpoints:\n");
    for (int i = 0; i < count; ++i)
        fmt::print("  - {{name: e{0}, url: \"http://127.0.0.1:{1}/{0}\"}}\n", i, server.port());
    wait_for_the_end();
    return 0;
}

int serve_engine(int count, const std::string& path) {
    const auto server = hostile::Server::on_unix_socket(
        [count](hostile::Connection& client) {
            serve(client, [count](const std::string& asked) { return engine_says(asked, count); });
        },
        path);
    fmt::print("docker: {{hosts: [{{url: \"unix://{}\"}}]}}\nproject: crowd\n", path);
    wait_for_the_end();
    return 0;
}

} // namespace

int main(int argc, char* argv[]) {
    const std::string what = argc == 4 ? argv[1] : "";
    if (what == "endpoints")
        return serve_endpoints(std::stoi(argv[2]), std::chrono::milliseconds{std::stoi(argv[3])});
    if (what == "engine") return serve_engine(std::stoi(argv[2]), argv[3]);
    fmt::print(stderr, "usage: bench-crowd endpoints COUNT MILLISECONDS | engine COUNT SOCKET\n");
    return 64;
}
