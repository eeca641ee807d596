// SPDX-License-Identifier: MIT
#include "config/discover.hpp"

#include "config/credentials.hpp"
#include "config/locator.hpp"
#include "config/reach.hpp"
#include "config/recognise.hpp"
#include "config/types.hpp"
#include "config/walk.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace config {
namespace {

/// A container with what was made out about it.
struct Found {
    const facts::Container* container = nullptr;
    Server server = Server::unknown;
    std::uint16_t port = 0; ///< inside of the container
    EngineSide engine{};
    std::string name{}; ///< the service, with its number when it has several containers
};

bool is_loopback_name(const std::string& host) {
    return host == "localhost" || host.starts_with("127.") || host == "::1";
}

/// Where the ports of an Engine are published: its own host, when it is reached over the network.
EngineSide side_of(const facts::Docker& engine, const Config& config, std::size_t index,
                   std::size_t count) {
    EngineSide side{"127.0.0.1", false, engine.local};
    const auto& hosts = config.docker.hosts;
    const bool known = hosts.size() == count && index < hosts.size();
    if (!known) {
        // Some Engine did not answer: which of the configured ones this is can't be told.
        if (!engine.local && hosts.size() > 1) side = {{}, true, false};
        return side;
    }
    const auto url = parse_url(hosts[index].url);
    if (!url || is_loopback_name(url->host)) return side;
    return {url->host, !engine.local, engine.local};
}

bool may_serve(const facts::Container& container) {
    using facts::ContainerState;
    const bool ended = container.state == ContainerState::exited && container.exit_code == 0
                       && (container.restart_policy.empty() || container.restart_policy == "no");
    return !container.one_off && !ended && container.state != ContainerState::removing;
}

std::string container_number(const facts::Container& container) {
    const auto label = container.labels.find("com.docker.compose.container-number");
    return label == container.labels.end() ? std::string{} : label->second;
}

std::vector<Found> find_servers(const Config& config, const std::vector<facts::Docker>& engines) {
    std::vector<Found> all;
    for (std::size_t i = 0; i < engines.size(); ++i) {
        const auto side = side_of(engines[i], config, i, engines.size());
        for (const auto& container : engines[i].containers) {
            if (container.project != config.project || !may_serve(container)) continue;
            const auto server = recognise(container);
            all.push_back(
                {&container, server, server_port(server, container), side, container.service});
        }
    }
    std::ranges::stable_sort(all, [](const Found& a, const Found& b) {
        return std::pair{a.container->service, a.container->name}
               < std::pair{b.container->service, b.container->name};
    });
    std::set<std::string> names;
    for (auto& found : all) {
        if (names.insert(found.name).second) continue;
        const std::string number = container_number(*found.container);
        found.name += "-" + (number.empty() ? found.container->name : number);
        names.insert(found.name);
    }
    return all;
}

/// Builds the sections out of the containers of one project.
class Discovery {
  public:
    Discovery(Config& config, std::vector<Found> found)
        : m_config(config), m_found(std::move(found)) {}

    void run() {
        const Given& given = m_config.given;
        if (!given.endpoints) find_endpoints();
        if (!given.postgres) find_postgres();
        if (!given.redis) find_redis();
        if (!given.ipfs) find_ipfs();
        if (!given.prometheus) find_monitor(m_config.prometheus, Server::prometheus);
        if (!given.alertmanager) find_monitor(m_config.alertmanager, Server::alertmanager);
        if (!given.grafana) find_monitor(m_config.grafana, Server::grafana);
        if (!given.ethereum) find_ethereum();
    }

  private:
    [[nodiscard]] std::vector<const Found*> of(Server server) const {
        std::vector<const Found*> some;
        for (const auto& found : m_found) {
            if (found.server == server) some.push_back(&found);
        }
        return some;
    }

    /// The only server of its kind that can be reached; of two, none is chosen.
    [[nodiscard]] const Found* only(Server server) const {
        std::vector<const Found*> reachable;
        for (const auto* found : of(server)) {
            if (reach(*found->container, found->port, found->engine)) reachable.push_back(found);
        }
        return reachable.size() == 1 ? reachable.front() : nullptr;
    }

    [[nodiscard]] Containers clients() const {
        Containers all;
        for (const auto& found : m_found)
            all.push_back(found.container);
        return all;
    }

    void find_endpoints();
    void find_postgres();
    void find_redis();
    void find_ipfs();
    void find_ethereum();
    void find_contracts(Ethereum& ethereum) const;

    template <class Section>
    void find_monitor(std::optional<Section>& section, Server server);

    Config& m_config;
    std::vector<Found> m_found;
};

bool is_tls_port(std::uint16_t port) {
    return port == 443 || port == 8443 || port == 9443;
}

/// The published port on which a web server is asked: plain HTTP where there is one.
std::optional<std::pair<Place, bool>> web_place(const Found& found) {
    std::optional<std::pair<Place, bool>> tls;
    std::optional<std::pair<Place, bool>> plain;
    for (const auto& port : found.container->ports) {
        const auto place = published(*found.container, port.container, found.engine);
        if (!place || port.protocol != "tcp") continue;
        auto& kept = is_tls_port(port.container) ? tls : plain;
        if (!kept || port.container == found.port) kept = {*place, is_tls_port(port.container)};
    }
    return plain ? plain : tls;
}

void Discovery::find_endpoints() {
    for (const auto& found : m_found) {
        if (found.server != Server::web && found.server != Server::proxy) continue;
        const auto place = web_place(found);
        if (!place) continue;
        Endpoint endpoint;
        endpoint.name = found.name;
        endpoint.service = found.container->service;
        endpoint.url =
            fmt::format("{}://{}/health", place->second ? "https" : "http", place->first.text());
        // The certificate is for the gallery's public name, by an authority that is not known here.
        endpoint.tls.verify = !place->second;
        // A proxy that has no /health of its own answers this way and is well.
        if (found.server == Server::proxy)
            endpoint.expect_status = {200, 204, 301, 302, 307, 308, 401, 403, 404};
        m_config.endpoints.push_back(std::move(endpoint));
    }
}

void Discovery::find_postgres() {
    for (const auto* found : of(Server::postgres)) {
        const auto place = reach(*found->container, found->port, found->engine);
        if (!place) continue;
        auto credentials = postgres_credentials(*found->container, clients());
        Postgres postgres;
        postgres.name = found->name;
        postgres.service = found->container->service;
        postgres.dsn = fmt::format("host={} port={} user={} dbname={}", place->host, place->port,
                                   dsn_value(credentials.user), dsn_value(credentials.database));
        postgres.password = std::move(credentials.password);
        m_config.postgres.push_back(std::move(postgres));
    }
}

void Discovery::find_redis() {
    for (const auto* found : of(Server::redis)) {
        const auto place = reach(*found->container, found->port, found->engine);
        if (!place) continue;
        auto credentials = redis_credentials(*found->container, clients());
        Redis redis;
        redis.name = found->name;
        redis.service = found->container->service;
        redis.url = fmt::format("{}://{}", credentials.tls ? "rediss" : "redis", place->text());
        redis.tls.verify = !credentials.tls;
        redis.username = std::move(credentials.user);
        redis.password = std::move(credentials.password);
        m_config.redis.push_back(std::move(redis));
    }
    // With several servers it can't be told which of them holds the queue.
    if (m_config.redis.size() == 1) m_config.redis.front().queues = queue_keys(clients());
}

void Discovery::find_ipfs() {
    constexpr std::uint16_t k_gateway = 8080;
    for (const auto* found : of(Server::ipfs)) {
        const auto place = reach(*found->container, found->port, found->engine);
        if (!place) continue;
        Ipfs ipfs;
        ipfs.name = found->name;
        ipfs.service = found->container->service;
        ipfs.api = "http://" + place->text();
        const bool shown = std::ranges::any_of(found->container->ports, [](const auto& port) {
            return port.container == k_gateway && port.protocol == "tcp";
        });
        if (const auto gateway = reach(*found->container, k_gateway, found->engine);
            gateway && shown)
            ipfs.gateway = "http://" + gateway->text();
        m_config.ipfs.push_back(std::move(ipfs));
    }
}

/// Returns the path under which Prometheus and Alertmanager serve: --web.route-prefix, else that of
/// --web.external-url.
std::string served_path(const facts::Container& container) {
    std::string path;
    if (const auto prefix = command_flag(container, "--web.route-prefix"))
        path = *prefix;
    else if (const auto external = command_flag(container, "--web.external-url")) {
        if (const auto url = parse_url(*external))
            path = url->rest;
        else if (external->starts_with('/'))
            path = *external;
    }
    path = path.substr(0, path.find_first_of("?# "));
    while (path.ends_with('/'))
        path.pop_back();
    return path;
}

template <class Section>
void Discovery::find_monitor(std::optional<Section>& section, Server server) {
    const Found* found = only(server);
    if (found == nullptr) return;
    const auto place = reach(*found->container, found->port, found->engine);
    Section monitor;
    monitor.url = "http://" + place->text() + served_path(*found->container);
    monitor.service = found->container->service;
    section = std::move(monitor);
}

std::optional<std::uint64_t> number_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failure != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return number;
}

void Discovery::find_ethereum() {
    const Found* found = only(Server::ethereum);
    if (found == nullptr) return;
    const auto place = reach(*found->container, found->port, found->engine);
    Ethereum ethereum;
    ethereum.rpc = "http://" + place->text();
    ethereum.service = found->container->service;
    for (const char* flag : {"--chain-id", "--networkid", "--chain.chainId"}) {
        if (!ethereum.chain_id)
            ethereum.chain_id = number_of(command_flag(*found->container, flag));
    }
    if (!ethereum.chain_id)
        ethereum.chain_id = number_of(variable(
            *found->container, {"CHAIN_ID", "ETHEREUM_CHAIN_ID", "ANVIL_CHAIN_ID", "NETWORK_ID"}));
    find_contracts(ethereum);
    m_config.ethereum = std::move(ethereum);
}

bool is_address(std::string_view text) {
    return text.size() == 42 && text.starts_with("0x")
           && text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos
           && text.find_first_not_of('0', 2) != std::string_view::npos;
}

/// Returns the contract that a variable of this name holds the address of: NFT_ADDRESS → "nft",
/// GALLERY_CONTRACT_ADDRESS → "gallery", CONTRACT_ADDRESS → "contract"; empty for other variables
/// (WALLET_ADDRESS is no contract).
std::string contract_name(std::string_view variable) {
    std::string name = core::to_lower(variable);
    for (const char* prefix : {"vite_", "next_public_", "react_app_"}) {
        if (name.starts_with(prefix)) name.erase(0, std::string_view{prefix}.size());
    }
    if (name.find("contract") == std::string::npos && name.find("nft") == std::string::npos)
        return {};
    const auto end = name.find("_address");
    if (end == std::string::npos) return {};
    name.resize(end);
    constexpr std::string_view k_contract = "_contract";
    if (name.ends_with(k_contract)) name.resize(name.size() - k_contract.size());
    return name;
}

void Discovery::find_contracts(Ethereum& ethereum) const {
    std::set<std::string> known;
    std::set<std::string> names;
    for (const auto& found : m_found) {
        for (const auto& [variable, value] : found.container->environment) {
            const std::string name = contract_name(variable);
            if (name.empty() || !is_address(value.reveal())) continue;
            if (!known.insert(core::to_lower(value.reveal())).second) continue;
            std::string unique = name;
            for (int i = 2; !names.insert(unique).second; ++i)
                unique = fmt::format("{}-{}", name, i);
            ethereum.contracts.push_back({unique, value.reveal()});
        }
    }
}

/// Marks what differs from the defaults as discovered, in the sections that the file did not give.
void mark_origins(Config& config, const Given& given) {
    std::map<std::string, std::string> defaults;
    walk_known(
        [&](const std::string& path, const Field& field) { defaults[path] = format(field); });
    const std::map<std::string, bool, std::less<>> by_file{
        {"endpoints", given.endpoints},   {"postgres", given.postgres},
        {"redis", given.redis},           {"ipfs", given.ipfs},
        {"prometheus", given.prometheus}, {"alertmanager", given.alertmanager},
        {"grafana", given.grafana},       {"ethereum", given.ethereum}};
    std::map<std::string, Origin> origins;
    walk(fields_of(config), "", [&](const std::string& path, const Field& field) {
        const auto section =
            by_file.find(std::string_view{path}.substr(0, path.find_first_of(".[")));
        if (section == by_file.end() || section->second) return;
        const std::string value = format(field);
        if (!value.empty() && value != defaults[known_path(path)])
            origins[path] = Origin::discovered;
    });
    config.origins.merge(origins);
}

} // namespace

Config discover(Config config, const std::vector<facts::Docker>& engines) {
    if (config.project.empty()) return config;
    config.origins.emplace("project", Origin::discovered);
    Discovery(config, find_servers(config, engines)).run();
    mark_origins(config, config.given);
    return config;
}

} // namespace config
