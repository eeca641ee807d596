// SPDX-License-Identifier: MIT
#include "support/sound.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sound {
namespace {

using faults::Protocol;
using hostile::http_answer;

std::string ok(std::string_view body) {
    return http_answer(200, body);
}

std::string page(std::string_view body) {
    return http_answer(200, body, "text/plain");
}

std::string path_of(const std::string& request) {
    const auto from = request.find(' ') + 1;
    return request.substr(from, request.find_first_of(" ?", from) - from);
}

Routes docker_routes() {
    const std::string labels =
        R"({"com.docker.compose.project": "gallery", "com.docker.compose.service": "api"})";
    const std::string id(64, 'a');
    return {
        {"/version", ok(R"({"Version": "24.0.7", "ApiVersion": "1.43", "MinAPIVersion": "1.12"})")},
        {"/_ping", page("OK")},
        {"/v1.43/images/json", ok("[]")},
        {"/v1.43/containers/json", ok(R"([{"Id": ")" + id
                                      + R"(", "Names": ["/gallery_api_1"], "State": "running",
                "Labels": )" + labels + "}]")},
        {"/v1.43/containers/" + id + "/json",
         ok(R"({"Id": ")" + id + R"(", "Name": "/gallery_api_1", "RestartCount": 0,
                "State": {"Status": "running", "Running": true, "Pid": 1,
                          "StartedAt": "2026-01-01T00:00:00Z"},
                "Config": {"Labels": )"
            + labels + "}}")},
    };
}

Routes prometheus_routes() {
    const std::string nothing =
        R"({"status": "success", "data": {"resultType": "vector", "result": []}})";
    return {
        {"/-/ready", page("Prometheus Server is Ready.")},
        {"/api/v1/status/buildinfo", ok(R"({"status": "success", "data": {"version": "2.42.0"}})")},
        {"/api/v1/targets",
         ok(R"({"status": "success", "data": {"activeTargets": [{"labels": {"job": "api",
                "instance": "api:8000"}, "health": "up", "lastError": ""}]}})")},
        {"/api/v1/rules",
         ok(R"({"status": "success", "data": {"groups": [{"name": "g", "rules": [{"name": "Down",
                "health": "ok", "type": "alerting"}]}]}})")},
        {"/api/v1/query", ok(nothing)},
    };
}

Routes alertmanager_routes() {
    return {
        {"/-/ready", page("OK")},
        {"/api/v2/status",
         ok(R"({"versionInfo": {"version": "0.25.0"}, "cluster": {"status": "disabled"}})")},
        {"/api/v2/alerts", ok("[]")},
    };
}

Routes ipfs_routes() {
    return {
        {"/api/v0/version", ok(R"({"Version": "0.18.0", "Repo": "13"})")},
        {"/api/v0/id", ok(R"({"ID": "12D3", "AgentVersion": "kubo/0.18.0/675f8bddc"})")},
        {"/api/v0/repo/stat",
         ok(R"({"RepoSize": 1024, "NumObjects": 3, "StorageMax": 10000000000})")},
        {"/api/v0/swarm/peers", ok(R"({"Peers": [{"Addr": "/ip4/192.0.2.1"}]})")},
        {"/api/v0/config/show", ok(R"({"Bootstrap": ["x"], "Addresses": {"Swarm": ["y"]}})")},
        {"/api/v0/pin/ls", ok(R"({"Keys": {}})")},
    };
}

nlohmann::json rpc_reply(const nlohmann::json& call, const std::vector<std::string>& refuse) {
    const std::string method = call.value("method", "");
    nlohmann::json reply = {{"jsonrpc", "2.0"}, {"id", call.value("id", 0)}};
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    char hex[32] = "0x";
    const auto end = std::to_chars(hex + 2, hex + sizeof hex, now, 16);
    const std::map<std::string, nlohmann::json> known{
        {"web3_clientVersion", "anvil/v0.2.0"},
        {"eth_chainId", "0x7a69"},
        {"eth_syncing", false},
        {"eth_getBlockByNumber",
         {{"number", "0x10"}, {"timestamp", std::string(hex, end.ptr)}, {"hash", "0x1"}}},
        {"eth_gasPrice", "0x3b9aca00"},
        {"net_peerCount", "0x2"},
        {"eth_getCode", "0x6001"},
    };
    const auto found = known.find(method);
    const bool refused = std::ranges::find(refuse, method) != refuse.end()
                         || std::ranges::find(refuse, "*") != refuse.end();
    if (found == known.end() || refused) {
        reply["error"] = {{"code", -32601},
                          {"message", "the method " + method + " does not exist/is not available"}};
    } else {
        reply["result"] = found->second;
    }
    return reply;
}

} // namespace

std::string read_request(Connection& client) {
    std::string request;
    std::size_t wanted = std::string::npos;
    while (request.size() < wanted) {
        const auto more = client.read_some();
        if (more.empty()) break;
        request += more;
        const auto header = request.find("\r\n\r\n");
        if (header == std::string::npos) continue;
        wanted = header + 4;
        const auto length = request.find("Content-Length: ");
        if (length < header) wanted += std::strtoul(request.c_str() + length + 16, nullptr, 10);
    }
    return request;
}

Routes routes(Protocol protocol) {
    switch (protocol) {
    case Protocol::docker:
        return docker_routes();
    case Protocol::prometheus:
        return prometheus_routes();
    case Protocol::alertmanager:
        return alertmanager_routes();
    case Protocol::ipfs:
        return ipfs_routes();
    default:
        return {{"/health", ok(R"({"status": "ok"})")}};
    }
}

Behaviour serve(Routes routes) {
    return [routes = std::move(routes)](Connection& client) {
        const auto request = read_request(client);
        if (request.empty()) return;
        const auto found = routes.find(path_of(request));
        client.send(found != routes.end() ? found->second
                                          : http_answer(404, "404 page not found", "text/plain"));
        client.end();
    };
}

Behaviour ethereum(std::vector<std::string> refuse) {
    return [refuse = std::move(refuse)](Connection& client) {
        const auto request = read_request(client);
        const auto header = request.find("\r\n\r\n");
        if (header == std::string::npos) return;
        const auto asked = nlohmann::json::parse(request.substr(header + 4), nullptr, false);
        nlohmann::json reply;
        if (asked.is_array()) {
            reply = nlohmann::json::array();
            for (const auto& call : asked)
                reply.push_back(rpc_reply(call, refuse));
        } else if (asked.is_object()) {
            reply = rpc_reply(asked, refuse);
        }
        client.send(ok(reply.dump()));
        client.end();
    };
}

Behaviour floods(std::string first, std::string again) {
    return [first = std::move(first), again = std::move(again)](Connection& client) {
        (void)client.read_some();
        client.send(first);
        client.flood(again);
    };
}

Behaviour answers(std::string bytes) {
    return [bytes = std::move(bytes)](Connection& client) {
        (void)client.read_some();
        client.send(bytes);
        client.end();
    };
}

Behaviour server(Protocol protocol) {
    switch (protocol) {
    case Protocol::postgres:
        return postgres();
    case Protocol::redis:
        return redis();
    case Protocol::ethereum:
        return ethereum();
    default:
        return serve(routes(protocol));
    }
}

} // namespace sound
