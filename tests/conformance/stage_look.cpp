// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"
#include "health/catalogue.hpp"
#include "probe/docker.hpp"
#include "probe/ethereum.hpp"
#include "probe/http.hpp"
#include "probe/ipfs.hpp"
#include "probe/monitoring.hpp"
#include "probe/postgres.hpp"
#include "probe/redis.hpp"

#include <algorithm>
#include <stdexcept>

namespace conformance {
namespace {

using faults::Protocol;

std::string url_of(const Target& target, std::string_view scheme) {
    return std::string{scheme} + (target.tls ? "s" : "") + "://" + target.host + ":"
           + std::to_string(target.port);
}

/// Keeps one observation under the name by which its finding is looked for.
template <class Facts>
facts::Observed<Facts> seen(core::Result<Facts> result) {
    facts::Observed<Facts> observed;
    observed.name = "it";
    observed.target = "somewhere";
    observed.result = std::move(result);
    return observed;
}

template <class Facts>
std::optional<core::Error> error_of(const std::vector<facts::Observed<Facts>>& observed) {
    if (observed.empty() || observed.front().result) return std::nullopt;
    return observed.front().result.error();
}

config::Postgres postgres_at(const Target& target) {
    config::Postgres made;
    made.dsn =
        "host=" + target.host + " user=ops dbname=gallery port=" + std::to_string(target.port);
    if (target.tls)
        made.dsn +=
            " sslmode=verify-full sslrootcert="
            + (target.ca_file.empty() ? "/etc/ssl/certs/ca-certificates.crt" : target.ca_file);
    made.password = core::Secret{target.password};
    return made;
}

template <class Monitor>
Monitor monitor_at(const Target& target) {
    Monitor made;
    made.url = url_of(target, "http");
    made.tls.ca_file = target.ca_file;
    made.password = core::Secret{target.password};
    return made;
}

/// Observes, and returns the id of the finding that speaks for the target.
std::string observe(Protocol protocol, const Target& target, core::Deadline deadline,
                    const std::stop_token& stop, facts::Observations& all, config::Config& config) {
    switch (protocol) {
    case Protocol::docker: {
        config::DockerHost host;
        host.url = target.tls ? url_of(target, "http") : url_of(target, "tcp");
        host.tls.ca_file = target.ca_file;
        all.engines = {seen(probe::observe_docker(host, "gallery", deadline, stop))};
        return "health.docker-engine.it";
    }
    case Protocol::postgres:
        all.postgres = {seen(probe::observe_postgres(postgres_at(target), deadline, stop))};
        return "health.postgres.it";
    case Protocol::redis: {
        config::Redis redis;
        redis.url = url_of(target, "redis");
        redis.tls.ca_file = target.ca_file;
        redis.password = core::Secret{target.password};
        all.redis = {seen(probe::observe_redis(redis, deadline, stop))};
        return "health.redis.it";
    }
    case Protocol::ipfs: {
        config::Ipfs ipfs;
        ipfs.api = url_of(target, "http");
        all.ipfs = {seen(probe::observe_ipfs(ipfs, deadline, stop))};
        return "health.ipfs.it";
    }
    case Protocol::http: {
        config::Endpoint endpoint;
        endpoint.name = "it";
        endpoint.url = url_of(target, "http") + "/health";
        endpoint.tls.ca_file = target.ca_file;
        all.endpoints = {
            seen(std::move(probe::observe_http({&endpoint, 1}, deadline, stop).front()))};
        config.endpoints = {endpoint};
        return "health.http.it";
    }
    case Protocol::prometheus:
        all.prometheus = {seen(
            probe::observe_prometheus(monitor_at<config::Prometheus>(target), deadline, stop))};
        return "health.prometheus.it";
    case Protocol::alertmanager:
        all.alertmanager = {
            seen(probe::observe_alertmanager(monitor_at<config::Monitor>(target), deadline, stop))};
        return "health.alertmanager.it";
    case Protocol::ethereum: {
        config::Ethereum node;
        node.rpc = url_of(target, "http");
        node.contracts = {{"Art", "0x0000000000000000000000000000000000000001"}};
        all.ethereum = {seen(probe::observe_ethereum(node, deadline, stop))};
        return "health.ethereum.it";
    }
    }
    throw std::logic_error{"a protocol without a probe"};
}

std::optional<core::Error> first_error(const facts::Observations& all) {
    std::optional<core::Error> error;
    const auto take = [&](std::optional<core::Error> one) {
        if (one) error = std::move(one);
    };
    take(error_of(all.engines));
    take(error_of(all.postgres));
    take(error_of(all.redis));
    take(error_of(all.ipfs));
    take(error_of(all.endpoints));
    take(error_of(all.prometheus));
    take(error_of(all.alertmanager));
    take(error_of(all.ethereum));
    return error;
}

} // namespace

Sighting look(Protocol protocol, const Target& target, core::Deadline deadline,
              const std::stop_token& stop) {
    facts::Observations all;
    all.now = std::chrono::system_clock::now();
    config::Config config;
    Sighting sighting;
    const auto began = std::chrono::steady_clock::now();
    const auto id = observe(protocol, target, deadline, stop, all, config);
    sighting.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    sighting.error = first_error(all);
    sighting.findings = health::judge(all, config);
    const auto found = std::ranges::find(sighting.findings, id, &core::Finding::id);
    if (found != sighting.findings.end()) sighting.finding = *found;
    sighting.seen = std::move(all);
    return sighting;
}

} // namespace conformance
