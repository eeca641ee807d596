// SPDX-License-Identifier: MIT
#include "conformance/probes.hpp"

#include "probe/docker.hpp"
#include "probe/ethereum.hpp"
#include "probe/http.hpp"
#include "probe/ipfs.hpp"
#include "probe/monitoring.hpp"
#include "probe/postgres.hpp"
#include "probe/redis.hpp"
#include "probe/tls.hpp"

#include <array>
#include <string>

// A new probe is attacked by the whole hostile bed once it has a function and a line here.

namespace conformance {
namespace {

std::string url_of(std::uint16_t port, const char* scheme = "http") {
    return std::string{scheme} + "://127.0.0.1:" + std::to_string(port);
}

/// Makes an outcome of a result whose facts are good in themselves.
template <class Facts>
Outcome outcome(const core::Result<Facts>& result) {
    if (!result) return {result.error(), false};
    return {std::nullopt, true};
}

Outcome http(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Endpoint endpoint;
    endpoint.url = url_of(port) + "/health";
    return outcome(probe::observe_http({&endpoint, 1}, deadline, stop).front());
}

Outcome https(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Endpoint endpoint;
    endpoint.url = url_of(port, "https") + "/health";
    return outcome(probe::observe_http({&endpoint, 1}, deadline, stop).front());
}

Outcome certificate(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    return outcome(probe::observe_certificate("127.0.0.1", port, {}, deadline, stop));
}

Outcome ipfs(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Ipfs target;
    target.api = url_of(port);
    target.gateway = url_of(port);
    target.cid = "bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
    return outcome(probe::observe_ipfs(target, deadline, stop));
}

Outcome prometheus(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Prometheus target;
    target.url = url_of(port);
    const auto facts = probe::observe_prometheus(target, deadline, stop);
    if (!facts) return {facts.error(), false};
    return {std::nullopt, facts->ready && facts->problems == facts::PrometheusProblems{}};
}

Outcome alertmanager(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Monitor target;
    target.url = url_of(port);
    return outcome(probe::observe_alertmanager(target, deadline, stop));
}

Outcome grafana(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Monitor target;
    target.url = url_of(port);
    return outcome(probe::observe_grafana(target, deadline, stop));
}

Outcome ethereum(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Ethereum target;
    target.rpc = url_of(port);
    target.contracts = {{"Art", "0x0000000000000000000000000000000000000001"}};
    return outcome(probe::observe_ethereum(target, deadline, stop));
}

Outcome docker(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::DockerHost host;
    host.url = url_of(port, "tcp");
    return outcome(probe::observe_docker(host, "gallery", deadline, stop));
}

Outcome postgres(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Postgres target;
    target.dsn = "host=127.0.0.1 user=u dbname=d port=" + std::to_string(port);
    target.password = core::Secret{"hunter2"};
    return outcome(probe::observe_postgres(target, deadline, stop));
}

Outcome redis(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Redis target;
    target.url = url_of(port, "redis");
    target.password = core::Secret{"hunter2"};
    return outcome(probe::observe_redis(target, deadline, stop));
}

Outcome rediss(std::uint16_t port, core::Deadline deadline, std::stop_token stop) {
    config::Redis target;
    target.url = url_of(port, "rediss");
    return outcome(probe::observe_redis(target, deadline, stop));
}

constexpr std::array k_probes{
    Probe{"http", http, true},
    Probe{"https", https},
    Probe{"certificate", certificate},
    Probe{"ipfs", ipfs},
    Probe{"prometheus", prometheus},
    Probe{"alertmanager", alertmanager},
    Probe{"grafana", grafana},
    Probe{"ethereum", ethereum},
    Probe{"docker", docker},
    Probe{"postgres", postgres},
    Probe{"redis", redis},
    Probe{"rediss", rediss},
};

} // namespace

std::span<const Probe> probes() {
    return k_probes;
}

} // namespace conformance
