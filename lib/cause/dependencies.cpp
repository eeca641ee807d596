// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace cause {
namespace {

using facts::Container;

/// By which names a service is reached: its own, its containers' and their network aliases.
using Names = std::map<std::string, std::string, std::less<>>; // name → service

Names names_of(const std::vector<Container>& containers) {
    Names names;
    for (const auto& container : containers) {
        names.emplace(container.service, container.service);
        names.emplace(container.name, container.service);
        for (const auto& alias : container.aliases)
            names.emplace(alias, container.service);
    }
    return names;
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
           || c == '_' || c == '.';
}

/// Returns the words of a value that may be host names: those at its begin, or after '@', '/', '=',
/// a comma or a blank, and before the end, ':', '/', '?', a comma or a blank. So a password or a
/// database that is called like a service is not taken for one.
std::vector<std::string_view> host_words(std::string_view value) {
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while (at < value.size()) {
        const std::size_t start = at;
        while (at < value.size() && is_host_character(value[at]))
            ++at;
        if (at > start) {
            const std::string_view before = value.substr(0, start);
            const bool whole = start == 0 && at == value.size();
            const bool in_url = before.ends_with("://") || before.ends_with("@");
            const bool keyword = before.ends_with("host=") || before.ends_with("hostaddr=");
            const bool with_port = at < value.size() && value[at] == ':' && at + 1 < value.size()
                                   && value[at + 1] >= '0' && value[at + 1] <= '9'
                                   && (start == 0 || before.back() == ',' || before.back() == ' ');
            if (whole || in_url || keyword || with_port)
                words.push_back(value.substr(start, at - start));
        } else {
            ++at;
        }
    }
    return words;
}

void add_environment(const Container& container, const Names& names, Graph& graph) {
    for (const auto& [variable, value] : container.environment) {
        for (const auto word : host_words(value.reveal())) {
            const auto found = names.find(word);
            if (found != names.end() && found->second != container.service)
                graph.needs[container.service].insert(found->second);
        }
    }
}

/// Reads compose v2's label: "postgres:service_healthy:false,redis:service_started:true".
void add_label(const Container& container, Graph& graph) {
    const auto label = container.labels.find("com.docker.compose.depends_on");
    if (label == container.labels.end()) return;
    for (const auto part : core::split(label->second, ',')) {
        const auto name = core::trim(part.substr(0, part.find(':')));
        if (!name.empty() && name != container.service)
            graph.needs[container.service].emplace(name);
    }
}

/// The services of `observed` that no Engine told of.
template <class Facts>
void add_unseen(const std::vector<facts::Observed<Facts>>& observed, const Names& seen,
                const std::string& engine, Graph& graph) {
    for (const auto& one : observed) {
        const auto& service = one.service.empty() ? one.name : one.service;
        if (!seen.contains(service)) graph.needs[service].insert(engine);
    }
}

/// Ports that an Engine publishes close with it: what is reached through one that is away needs it.
void add_engine(const std::string& engine, const facts::Observations& seen, const Names& told,
                Graph& graph) {
    add_unseen(seen.endpoints, told, engine, graph);
    add_unseen(seen.postgres, told, engine, graph);
    add_unseen(seen.redis, told, engine, graph);
    add_unseen(seen.ipfs, told, engine, graph);
    add_unseen(seen.ethereum, told, engine, graph);
    add_unseen(seen.prometheus, told, engine, graph);
    add_unseen(seen.alertmanager, told, engine, graph);
    add_unseen(seen.grafana, told, engine, graph);
}

/// Whether the container runs one of the servers that stand in front of others, by its image's name
/// or what it starts.
bool is_web_server(const Container& container) {
    static constexpr std::array<std::string_view, 7> k_servers{
        "nginx", "caddy", "haproxy", "traefik", "envoy", "httpd", "apache2"};
    const auto named = [](std::string_view text) {
        return std::ranges::any_of(
            k_servers, [&](auto name) { return text.find(name) != std::string_view::npos; });
    };
    return named(container.image)
           || (!container.command.empty() && named(container.command.front()));
}

std::set<std::string> web_servers(const facts::Observations& seen) {
    std::set<std::string> services;
    for (const auto& engine : seen.engines)
        if (engine.result)
            for (const auto& container : engine.result->containers)
                if (is_web_server(container)) services.insert(container.service);
    return services;
}

/// A web server in front of others hands on their errors. It does so where those with no more
/// requests than it has answered with as many errors in the same time, by their access logs.
void add_fronts(const facts::Observations& seen, Graph& graph) {
    const auto fronts = web_servers(seen);
    for (const auto& log : seen.access_logs) {
        if (!log.result || log.result->errors == 0 || !fronts.contains(log.service)) continue;
        std::set<std::string> behind;
        std::int64_t errors = 0;
        for (const auto& other : seen.access_logs) {
            if (!other.result || other.service == log.service || other.result->errors == 0
                || other.result->requests > log.result->requests)
                continue;
            behind.insert(other.service);
            errors += other.result->errors;
        }
        if (errors >= log.result->errors) graph.needs[log.service].merge(behind);
    }
}

/// A service most of whose errors are a gateway's (RFC 9110, 15.6.3 and 15.6.5) asks others for its
/// answers, and its log does not say whom: any of those that serve HTTP.
void add_gateways(const facts::Observations& seen, Graph& graph) {
    for (const auto& log : seen.access_logs) {
        if (!log.result || log.result->gateway == 0 || log.result->gateway * 2 < log.result->errors)
            continue;
        for (const auto& endpoint : seen.endpoints)
            if (!endpoint.service.empty() && endpoint.service != log.service)
                graph.needs[log.service].insert(endpoint.service);
        for (const auto& node : seen.ipfs)
            if (!node.service.empty()) graph.needs[log.service].insert(node.service);
    }
}

/// Reads from Prometheus' targets which service is asked about which.
void add_watchers(const facts::Prometheus& prometheus, Graph& graph) {
    for (const auto& target : prometheus.targets) {
        const bool by_another = !target.service.empty() && !target.scrape_host.empty()
                                && target.service != target.scrape_host;
        if (by_another) graph.watched_by[target.service].insert(target.scrape_host);
    }
}

} // namespace

std::vector<std::string> hosts_in(std::string_view value) {
    const auto words = host_words(value);
    return {words.begin(), words.end()};
}

Graph dependencies(const facts::Observations& seen) {
    Graph graph;
    if (seen.compose) {
        for (const auto& [name, service] : seen.compose->services) {
            for (const auto& [parent, condition] : service.depends_on) {
                if (parent != name) graph.needs[name].insert(parent);
            }
        }
    }
    Names told;
    for (const auto& engine : seen.engines) {
        if (!engine.result) continue;
        const auto names = names_of(engine.result->containers);
        for (const auto& container : engine.result->containers) {
            add_environment(container, names, graph);
            add_label(container, graph);
        }
        told.insert(names.begin(), names.end());
    }
    for (const auto& engine : seen.engines)
        if (!engine.result) add_engine(engine.name, seen, told, graph);
    for (const auto& prometheus : seen.prometheus)
        if (prometheus.result) add_watchers(*prometheus.result, graph);
    add_fronts(seen, graph);
    add_gateways(seen, graph);
    return graph;
}

} // namespace cause
