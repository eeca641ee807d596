// SPDX-License-Identifier: MIT
#pragma once

#include "facts/docker.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// What a made-up container looks like; the rest is filled in by `container`.
struct Made {
    std::string service{};
    std::string image{};
    std::vector<std::string> command{};
    std::vector<std::pair<std::uint16_t, std::uint16_t>> ports{}; ///< inside → published, or 0
    std::map<std::string, std::string> environment{};
};

inline facts::Container container(const Made& made, const std::string& project = "gallery",
                                  const std::string& host_ip = "0.0.0.0") {
    facts::Container made_of;
    made_of.id = made.service + "-id";
    made_of.name = project + "-" + made.service + "-1";
    made_of.project = project;
    made_of.service = made.service;
    made_of.image = made.image;
    made_of.command = made.command;
    made_of.state = facts::ContainerState::running;
    made_of.addresses[project + "_default"] = "172.18.0.5";
    made_of.aliases = {made.service};
    for (const auto& [inside, outside] : made.ports)
        made_of.ports.push_back({inside, outside, outside == 0 ? "" : host_ip, "tcp"});
    for (const auto& [name, value] : made.environment)
        made_of.environment.emplace(name, core::Secret{value});
    return made_of;
}

inline facts::Docker engine(const std::vector<Made>& containers, bool local = true) {
    facts::Docker docker;
    docker.server = "docker";
    docker.local = local;
    for (const auto& made : containers)
        docker.containers.push_back(container(made));
    return docker;
}

/// A gallery of official images.
inline std::vector<Made> official_images() {
    return {
        {"frontend", "gallery-frontend", {"node", "server.js"}, {{3000, 3000}}, {}},
        {"gan-service",
         "gallery-gan-service",
         {"uvicorn", "main:app"},
         {{8000, 8000}},
         {{"GAN_QUEUE", "gan:jobs"},
          {"NFT_CONTRACT_ADDRESS", "0x5FbDB2315678afecb367f032d93F642f64180aa3"}}},
        {"api", "gallery-api", {"node", "dist/index.js"}, {{8080, 8080}}, {}},
        {"postgres",
         "postgres:15",
         {"docker-entrypoint.sh", "postgres"},
         {{5432, 15432}},
         {{"POSTGRES_USER", "artist"}, {"POSTGRES_PASSWORD", "p w"}, {"POSTGRES_DB", "gallery"}}},
        {"redis",
         "redis:7-alpine",
         {"docker-entrypoint.sh", "redis-server", "--requirepass", "r3dis"},
         {{6379, 16379}},
         {}},
        {"ipfs",
         "ipfs/kubo:v0.29.0",
         {"/sbin/tini", "--", "/usr/local/bin/start_ipfs", "daemon"},
         {{4001, 4001}, {5001, 15001}, {8080, 18080}},
         {}},
        {"nginx", "nginx:alpine", {"/docker-entrypoint.sh", "nginx"}, {{80, 80}, {443, 443}}, {}},
        {"ethereum",
         "ghcr.io/foundry-rs/foundry",
         {"/bin/sh", "-c", "anvil --host 0.0.0.0 --chain-id 1337"},
         {{8545, 18545}},
         {}},
        {"prometheus", "prom/prometheus:v2.53.0", {"/bin/prometheus"}, {{9090, 19090}}, {}},
        {"alertmanager", "prom/alertmanager", {"/bin/alertmanager"}, {{9093, 19093}}, {}},
        {"grafana", "grafana/grafana", {"/run.sh"}, {{3000, 13000}}, {}},
        {"node-exporter", "prom/node-exporter", {"/bin/node_exporter"}, {{9100, 9100}}, {}},
        {"postgres-exporter",
         "prometheuscommunity/postgres-exporter",
         {"/bin/postgres_exporter"},
         {{9187, 9187}},
         {}},
        {"redis-exporter", "oliver006/redis_exporter", {"/redis_exporter"}, {{9121, 9121}}, {}},
        {"backup",
         "postgres:15",
         {"sh", "-c", "while :; do pg_dump; sleep 1d; done"},
         {{5432, 0}},
         {}},
    };
}

} // namespace support
