// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"
#include "support/sound.hpp"

#include <stdexcept>

// Servers of other ages: what they lack, and what they have that we do not know. And servers whose
// names and words are meant for the terminal of whoever reads them.

namespace conformance {
namespace {

using faults::Fault;
using faults::Protocol;
using hostile::http_answer;
using sound::Routes;

std::string ok(std::string_view body) {
    return http_answer(200, body);
}

/// The same answers under another version of the Engine's API.
Routes engine(const std::string& version, const std::string& api) {
    Routes made;
    for (auto& [path, answer] : sound::routes(Protocol::docker)) {
        auto moved = path;
        if (moved.starts_with("/v1.43")) moved.replace(0, 6, "/v" + api);
        made[moved] = answer;
    }
    made["/version"] = ok(version);
    return made;
}

hostile::Behaviour too_old(Protocol protocol) {
    switch (protocol) {
    case Protocol::docker:
        return sound::serve(engine(R"({"Version": "1.11.2", "ApiVersion": "1.23"})", "1.23"));
    case Protocol::postgres: {
        // An error of protocol 2 has no length, only its text.
        const std::string words = "FATAL:  unsupported frontend protocol 3.0: server supports 1.0 "
                                  "to 2.0\n";
        return sound::postgres({.login = "E" + words + '\0'});
    }
    case Protocol::prometheus:
    case Protocol::alertmanager:
        return sound::serve({});
    case Protocol::ipfs:
        return sound::answers(http_answer(405, "405 - Method Not Allowed", "text/plain"));
    default:
        return sound::ethereum({"*"});
    }
}

hostile::Behaviour old(Protocol protocol) {
    switch (protocol) {
    case Protocol::docker:
        return sound::serve(engine(R"({"Version": "1.12.6", "ApiVersion": "1.24"})", "1.24"));
    case Protocol::postgres:
        return sound::postgres({.version = "10.23"});
    case Protocol::redis:
        return sound::redis({.info = "redis_version:2.8.4\r\nrole:master\r\nused_memory:1\r\n"
                                     "connected_clients:1\r\nrdb_last_bgsave_status:ok\r\n"});
    case Protocol::ipfs: {
        auto routes = sound::routes(protocol);
        routes["/api/v0/version"] = ok(R"({"Version": "0.4.23"})");
        routes["/api/v0/id"] = ok(R"({"AgentVersion": "go-ipfs/0.4.23/"})");
        routes["/api/v0/repo/stat"] = ok(R"({"RepoSize": "1024", "NumObjects": "3"})");
        return sound::serve(routes);
    }
    default:
        return sound::answers("HTTP/1.0 200 OK\r\n\r\nok");
    }
}

hostile::Behaviour newer(Protocol protocol) {
    auto routes = sound::routes(protocol);
    switch (protocol) {
    case Protocol::docker:
        return sound::serve(engine(R"({"Version": "99.0", "ApiVersion": "1.99",
                                       "MinAPIVersion": "1.60", "Moon": {}})",
                                   "1.60"));
    case Protocol::postgres:
        return sound::postgres({.version = "42.1"});
    case Protocol::redis:
        return sound::redis({.info = "# Future\r\nredis_version:99.0.1\r\nrole:master\r\n"
                                     "used_memory:18446744073709551615\r\nmoon:full\r\n\r\n"});
    case Protocol::ipfs:
        routes["/api/v0/id"] = ok(R"({"AgentVersion": "kubo/9.0.0", "Moon": [1]})");
        return sound::serve(routes);
    case Protocol::http:
        return sound::answers(http_answer(505, "HTTP Version Not Supported", "text/plain"));
    case Protocol::prometheus:
        routes["/api/v1/status/buildinfo"] =
            ok(R"({"status": "success", "data": {"version": "9.0.0", "moon": {}}, "infos": []})");
        return sound::serve(routes);
    case Protocol::alertmanager:
        routes["/api/v2/status"] = ok(R"({"versionInfo": {"version": "9.0.0", "moon": 1},
                                          "cluster": {"status": "ready", "moon": []}})");
        return sound::serve(routes);
    default:
        return sound::ethereum();
    }
}

/// A title, a cleared screen, a bidirectional override and a line's end, as JSON writes them; and
/// as they are, with bytes that are no UTF-8.
constexpr const char* k_json_words = "a\\u001b[2Jb\\u001b]0;owned\\u0007\\u202egnp.exe\\nc\\u009bm";

constexpr const char* k_raw_words = "a\x1b[2Jb\x1b]0;owned\x07\xe2\x80\xaegnp.exe\xff\xfe\xc2\x9bm";

Routes hostile_routes(Protocol protocol) {
    const std::string bad = k_json_words;
    auto routes = sound::routes(protocol);
    switch (protocol) {
    case Protocol::docker: {
        const std::string id(64, 'a');
        const std::string labels = R"({"com.docker.compose.project": "gallery",
                                       "com.docker.compose.service": ")"
                                   + bad + R"(", ")" + bad + R"(": ")" + bad + R"("})";
        routes["/version"] = ok(R"({"Version": ")" + bad + R"(", "ApiVersion": "1.43"})");
        routes["/v1.43/containers/json"] = ok(R"([{"Id": ")" + id + R"(", "Names": ["/)" + bad
                                              + R"("], "Labels": )" + labels + "}]");
        routes["/v1.43/containers/" + id + "/json"] =
            ok(R"({"Id": ")" + id + R"(", "Name": "/)" + bad + R"(", "RestartCount": 9,
                   "State": {"Status": "exited", "ExitCode": 1, "Error": ")"
               + bad + R"("},
                   "Config": {"Image": ")"
               + bad + R"(", "Labels": )" + labels + "}}");
        routes["/v1.43/containers/" + id + "/logs"] =
            http_answer(200, k_raw_words, "application/octet-stream");
        return routes;
    }
    case Protocol::prometheus:
        routes["/api/v1/status/buildinfo"] =
            ok(R"({"status": "success", "data": {"version": ")" + bad + R"("}})");
        routes["/api/v1/targets"] =
            ok(R"({"status": "success", "data": {"activeTargets": [{"labels": {"job": ")" + bad
               + R"(", "instance": ")" + bad + R"("}, "health": "down", "lastError": ")" + bad
               + R"("}]}})");
        routes["/api/v1/rules"] =
            ok(R"({"status": "success", "data": {"groups": [{"name": ")" + bad
               + R"(", "rules": [{"name": ")" + bad + R"(", "health": "err", "lastError": ")" + bad
               + R"("}]}]}})");
        return routes;
    case Protocol::alertmanager:
        routes["/api/v2/status"] = ok(R"({"versionInfo": {"version": ")" + bad
                                      + R"("}, "cluster": {"status": ")" + bad + R"("}})");
        routes["/api/v2/alerts"] =
            ok(R"([{"labels": {"alertname": ")" + bad + R"(", "severity": ")" + bad
               + R"(", "service": ")" + bad + R"("}, "annotations": {"summary": ")" + bad
               + R"("}, "status": {"state": "active"}}])");
        return routes;
    case Protocol::ipfs:
        routes["/api/v0/version"] = ok(R"({"Version": ")" + bad + R"("})");
        routes["/api/v0/id"] = ok(R"({"AgentVersion": "kubo/)" + bad + R"("})");
        return routes;
    default:
        return {{"/health", http_answer(200, k_raw_words, "text/plain",
                                        std::string{"X-Powered-By: "} + k_raw_words + "\r\n")}};
    }
}

hostile::Behaviour bad_text(Protocol protocol) {
    const std::string bad = k_raw_words;
    switch (protocol) {
    case Protocol::redis:
        return sound::redis(
            {.info = "redis_version:" + bad + "\r\nrole:" + bad + "\r\nused_memory:1\r\n"});
    case Protocol::postgres:
        return sound::postgres({.login = sound::pg_error("XX000", bad)});
    case Protocol::ethereum: {
        // A node names itself, in the answer to web3_clientVersion.
        const auto node = [](hostile::Connection& client) {
            (void)sound::read_request(client);
            client.send(ok(std::string{R"([{"id": 0, "result": ")"} + k_json_words
                           + R"("}, {"id": 1, "result": "0x7a69"}, {"id": 2, "result": false},
                               {"id": 3, "result": {"number": "0x1", "timestamp": "0x65"}},
                               {"id": 4, "error": {"code": -1, "message": ")"
                           + k_json_words
                           + R"("}}, {"id": 5, "result": "0x0"}, {"id": 6, "result": "0x6001"}])"));
            client.end();
        };
        return node;
    }
    default:
        return sound::serve(hostile_routes(protocol));
    }
}

} // namespace

hostile::Behaviour of_age(Fault fault, Protocol protocol) {
    switch (fault) {
    case Fault::too_old:
        return too_old(protocol);
    case Fault::old:
        return old(protocol);
    case Fault::newer:
        return newer(protocol);
    case Fault::no_method:
        return sound::ethereum({"eth_gasPrice", "net_peerCount", "web3_clientVersion"});
    case Fault::bad_text:
        return bad_text(protocol);
    case Fault::bad_utf8:
        return sound::answers(ok("{\"Version\": \"\xff\xfe\xc0\x80\"}"));
    default:
        throw std::logic_error{"this fault is no matter of age"};
    }
}

} // namespace conformance
