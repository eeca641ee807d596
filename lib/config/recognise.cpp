// SPDX-License-Identifier: MIT
#include "config/recognise.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace config {
namespace {

// What each sign is worth. An image or a command alone is not enough: the image of a database also
// runs its backups, and a worker's command names the queue that it reads.
constexpr int k_image = 3;
constexpr int k_command = 3;
constexpr int k_service = 2;
constexpr int k_port = 2;
constexpr int k_enough = 4;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool matches(std::string_view part, std::string_view word) {
    if (word.ends_with('*')) return part.starts_with(word.substr(0, word.size() - 1));
    return part == word;
}

/// Returns the last path component of an image's name, without tag and digest.
std::string_view image_name(std::string_view image) {
    image = image.substr(0, image.find('@'));
    if (const auto slash = image.rfind('/'); slash != std::string_view::npos)
        image.remove_prefix(slash + 1);
    return image.substr(0, image.find(':'));
}

bool has_tcp_port(const facts::Container& container, std::span<const std::uint16_t> ports) {
    return std::ranges::any_of(container.ports, [&](const facts::Port& port) {
        return port.protocol == "tcp" && std::ranges::find(ports, port.container) != ports.end();
    });
}

std::string command_line(const facts::Container& container) {
    return core::join(container.command, " ");
}

/// Containers that carry a server's name and are none: whatever else speaks for them is void.
constexpr std::string_view k_not_servers[] = {
    "exporter", "backup",  "backups",     "commander", "insight", "redisinsight", "pgadmin",
    "pgadmin4", "adminer", "postgrest",   "sentinel",  "migrate", "migration",    "migrations",
    "seed",     "init",    "pushgateway", "promtail",  "loki",    "cadvisor",     "pgbouncer",
    "pgpool",   "cron",    "dump",        "restore",   "worker",  "consumer",     "scheduler",
    "beat",     "deploy",  "deployer"};

/// Clients of a server that come with its image.
constexpr std::string_view k_clients[] = {"psql",       "pg_dump",  "pg_dumpall", "pg_basebackup",
                                          "pg_restore", "createdb", "redis-cli"};

bool is_no_server(const facts::Container& container, const std::string& command) {
    if (has_word(image_name(container.image), k_not_servers)
        || has_word(container.service, k_not_servers))
        return true;
    const std::string program =
        container.command.empty()
            ? std::string{}
            : container.command.front().substr(container.command.front().rfind('/') + 1);
    if (has_word(program, std::span{k_not_servers}.first(1))) return true;
    // A server's own start script may call the client; so the client has to come first.
    return std::ranges::any_of(k_clients, [&](std::string_view client) {
        return program == client || command.starts_with("sh -c " + std::string{client})
               || command.starts_with("/bin/sh -c " + std::string{client});
    });
}

/// An image that compose built is named after its service: it says nothing of its own.
bool is_built(const facts::Container& container) {
    const auto name = image_name(container.image);
    return name == container.project + "-" + container.service
           || name == container.project + "_" + container.service;
}

int score(const Recogniser& by, const facts::Container& container, const std::string& command) {
    int sum = 0;
    if (!is_built(container) && has_word(image_name(container.image), by.image)) sum += k_image;
    if (has_word(command, by.command)) sum += k_command;
    if (has_word(container.service, by.service)) sum += k_service;
    if (has_tcp_port(container, by.ports)) sum += k_port;
    return sum;
}

} // namespace

std::span<const Recogniser> recognisers() {
    static const std::vector<Recogniser> table{
        {Server::postgres,
         {"postgres", "postgresql", "postgis", "timescaledb", "pgvector"},
         {"postgres", "postgresql"},
         {"postgres*", "database", "db", "pg"},
         {5432}},
        {Server::redis,
         {"redis", "valkey", "keydb"},
         {"redis", "valkey", "keydb"},
         {"redis", "cache", "valkey", "queue"},
         {6379}},
        {Server::ipfs, {"kubo", "ipfs"}, {"ipfs", "jsipfs", "kubo"}, {"ipfs", "kubo"}, {5001}},
        {Server::ethereum,
         {"geth", "foundry", "anvil", "ganache", "hardhat", "besu", "erigon", "nethermind"},
         {"geth", "anvil", "ganache", "hardhat", "ethereum", "besu", "erigon", "nethermind"},
         {"ethereum", "eth", "chain", "blockchain", "anvil", "geth", "ganache", "hardhat"},
         {8545}},
        {Server::prometheus, {"prometheus"}, {"prometheus"}, {"prometheus"}, {9090}},
        {Server::alertmanager, {"alertmanager"}, {"alertmanager"}, {"alertmanager"}, {9093}},
        {Server::grafana, {"grafana"}, {"grafana"}, {"grafana"}, {3000}},
        {Server::proxy,
         {"nginx", "traefik", "caddy", "haproxy", "envoy"},
         {"nginx", "traefik", "caddy", "haproxy", "envoy"},
         {"nginx", "proxy", "traefik", "caddy", "gateway", "ingress", "edge"},
         {80, 443, 8443}},
        {Server::web,
         {},
         {"uvicorn", "gunicorn", "hypercorn", "next", "vite", "npm", "yarn", "serve"},
         {"frontend", "gan*", "api", "web*", "backend", "app", "ui", "client", "server"},
         {8000, 3000, 8080}},
    };
    return table;
}

bool has_word(std::string_view text, std::span<const std::string_view> words) {
    const std::string lower = core::to_lower(text);
    std::size_t start = 0;
    for (std::size_t at = 0; at <= lower.size(); ++at) {
        if (at < lower.size() && is_letter_or_digit(lower[at])) continue;
        const auto part = std::string_view{lower}.substr(start, at - start);
        start = at + 1;
        if (part.empty()) continue;
        if (std::ranges::any_of(words, [&](std::string_view word) { return matches(part, word); }))
            return true;
    }
    return false;
}

Server recognise(const facts::Container& container) {
    const std::string command = command_line(container);
    if (is_no_server(container, command)) return Server::other;
    Server best = Server::unknown;
    int most = 0;
    int with_most = 0;
    for (const auto& by : recognisers()) {
        const int points = score(by, container, command);
        if (points > most) {
            best = by.server;
            most = points;
            with_most = 0;
        }
        if (points == most) ++with_most;
    }
    return most >= k_enough && with_most == 1 ? best : Server::unknown;
}

std::uint16_t server_port(Server server, const facts::Container& container) {
    const auto known = recognisers();
    const auto by = std::ranges::find(known, server, &Recogniser::server);
    if (by == known.end()) return 0;
    for (const auto usual : by->ports) {
        if (has_tcp_port(container, {{usual}})) return usual;
    }
    std::vector<std::uint16_t> ports;
    for (const auto& port : container.ports) {
        if (port.protocol == "tcp" && std::ranges::find(ports, port.container) == ports.end())
            ports.push_back(port.container);
    }
    if (ports.empty()) return by->ports.front();
    return ports.size() == 1 ? ports.front() : std::uint16_t{0};
}

} // namespace config
