// SPDX-License-Identifier: MIT
#include "config/locator.hpp"
#include "config/reader.hpp"
#include "config/walk.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace config {
namespace {

std::string item_path(std::string_view list, std::size_t index) {
    return fmt::format("{}[{}]", list, index);
}

/// Gives the only one of its kind a name, and refuses names that occur twice: findings and history
/// are kept by them.
template <class Item>
void name_items(std::vector<Item>& items, std::string_view list, Reader& reader) {
    std::map<std::string, std::size_t, std::less<>> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string path = item_path(list, i) + ".name";
        if (items[i].name.empty() && reader.line(path) == 0) {
            if (items.size() == 1)
                items[i].name = list;
            else if constexpr (requires { items[i].service; })
                items[i].name = items[i].service;
            if (items[i].name.empty())
                reader.complain(path, path + " is missing", "each of several needs a name");
        }
        if (items[i].name.empty()) continue;
        const auto [first, fresh] = seen.emplace(items[i].name, i);
        if (!fresh)
            reader.complain(path, fmt::format("{}: '{}' is also the name of {} in line {}", path,
                                              core::printable(items[i].name),
                                              item_path(list, first->second),
                                              reader.line(item_path(list, first->second))));
    }
}

void check_tls(const Tls& tls, const std::string& path, Reader& reader) {
    if (!tls.cert_file.empty() && tls.key_file.empty())
        reader.complain(path + ".cert_file", path + ".cert_file needs key_file beside it");
    if (!tls.key_file.empty() && tls.cert_file.empty())
        reader.complain(path + ".key_file", path + ".key_file needs cert_file beside it");
}

/// A password that was found inside of an address, and the address without it.
struct Extracted {
    std::string plain{};
    std::optional<std::string> user{};
    std::optional<std::string> password{};
};

std::optional<Extracted> from_dsn(const std::string& text) {
    auto dsn = parse_dsn(text);
    if (!dsn || !dsn->password) return std::nullopt;
    return Extracted{std::move(dsn->plain), std::nullopt, std::move(dsn->password)};
}

std::optional<Extracted> from_url(const std::string& text) {
    auto url = parse_url(text);
    if (!url || !url->has_user) return std::nullopt;
    Extracted out{url->plain(), std::nullopt, std::move(url->password)};
    if (!url->user.empty()) out.user = std::move(url->user);
    return out;
}

using Extract = std::optional<Extracted> (*)(const std::string&);

/// Moves the password of an address to where passwords belong. `username` may be null.
void move_password(const std::string& path, std::string_view key, std::string& address,
                   core::Secret& password, std::string* username, Extract extract, Reader& reader) {
    const std::string full = join_path(path, key);
    if (!reader.good(full)) return;
    auto found = extract(address);
    if (!found) return;
    const auto open = extract(reader.literal(full));
    if (open && open->password && !open->password->empty()) reader.note_literal_secret(full);
    if (found->password && reader.line(path + ".password") > 0)
        return reader.complain(path + ".password",
                               fmt::format("{0}.password: {1} holds a password too", path, full),
                               "keep one of the two");
    if (found->user && username != nullptr && reader.line(path + ".username") > 0)
        return reader.complain(path + ".username",
                               fmt::format("{0}.username: {1} holds a user too", path, full),
                               "keep one of the two");
    address = std::move(found->plain);
    if (found->password) {
        password = core::Secret{*std::move(found->password)};
        reader.inherit(full, path + ".password");
    }
    if (found->user && username != nullptr) {
        *username = *std::move(found->user);
        reader.inherit(full, path + ".username");
    }
}

/// Where no user can be used, one in the URL would be ignored without a word.
void refuse_user(const std::string& path, const std::string& url, Reader& reader,
                 const std::string& hint = {}) {
    if (!reader.good(path)) return;
    if (const auto parts = parse_url(url); parts && parts->has_user)
        reader.complain(path, path + ": user and password are not used here", hint);
}

void complete_docker(Docker& docker, Reader& reader) {
    for (std::size_t i = 0; i < docker.hosts.size(); ++i) {
        auto& host = docker.hosts[i];
        const std::string path = item_path("docker.hosts", i);
        check_tls(host.tls, path, reader);
        if (!host.name.empty()) continue;
        const auto url = parse_url(host.url);
        if (url)
            host.name = url->host;
        else
            host.name = docker.hosts.size() == 1 ? "local" : host.url;
    }
    name_items(docker.hosts, "docker.hosts", reader);
}

void complete_endpoints(Config& config, Reader& reader) {
    for (std::size_t i = 0; i < config.endpoints.size(); ++i) {
        const auto& endpoint = config.endpoints[i];
        const std::string path = item_path("endpoints", i);
        check_tls(endpoint.tls, path, reader);
        refuse_user(path + ".url", endpoint.url, reader,
                    "write headers: {Authorization: \"${NAME}\"}");
        if (endpoint.method == "HEAD" && !endpoint.expect_body.empty())
            reader.complain(path + ".expect_body",
                            path + ".expect_body: an answer to HEAD has no body", "use method GET");
    }
    name_items(config.endpoints, "endpoints", reader);
}

void complete_stores(Config& config, Reader& reader) {
    for (std::size_t i = 0; i < config.postgres.size(); ++i) {
        auto& postgres = config.postgres[i];
        move_password(item_path("postgres", i), "dsn", postgres.dsn, postgres.password, nullptr,
                      from_dsn, reader);
    }
    for (std::size_t i = 0; i < config.redis.size(); ++i) {
        auto& redis = config.redis[i];
        const std::string path = item_path("redis", i);
        check_tls(redis.tls, path, reader);
        move_password(path, "url", redis.url, redis.password, &redis.username, from_url, reader);
    }
    for (std::size_t i = 0; i < config.ipfs.size(); ++i) {
        refuse_user(item_path("ipfs", i) + ".api", config.ipfs[i].api, reader);
        refuse_user(item_path("ipfs", i) + ".gateway", config.ipfs[i].gateway, reader);
    }
    name_items(config.postgres, "postgres", reader);
    name_items(config.redis, "redis", reader);
    name_items(config.ipfs, "ipfs", reader);
}

void complete_monitor(Monitor& monitor, const std::string& path, Reader& reader) {
    check_tls(monitor.tls, path, reader);
    move_password(path, "url", monitor.url, monitor.password, &monitor.username, from_url, reader);
    if (!monitor.bearer_token.empty() && !monitor.password.empty())
        reader.complain(path + ".bearer_token", path + ".bearer_token: there is a password too",
                        "keep one of the two");
}

void complete_thresholds(const Thresholds& limits, Reader& reader) {
    if (limits.certificate_critical <= limits.certificate_warning) return;
    const std::string given = reader.line("thresholds.certificate_critical") > 0
                                  ? "thresholds.certificate_critical"
                                  : "thresholds.certificate_warning";
    reader.complain(given,
                    fmt::format("thresholds.certificate_critical ({}) must not be longer than "
                                "certificate_warning ({})",
                                core::format_duration_exact(limits.certificate_critical),
                                core::format_duration_exact(limits.certificate_warning)));
}

template <class Target>
void complete_targets(std::vector<Target>& targets, std::string_view list, Reader& reader) {
    for (std::size_t i = 0; i < targets.size(); ++i)
        check_tls(targets[i].tls, item_path(list, i), reader);
    name_items(targets, list, reader);
}

} // namespace

void complete(Config& config, Reader& reader) {
    complete_docker(config.docker, reader);
    complete_endpoints(config, reader);
    complete_stores(config, reader);
    if (config.prometheus) complete_monitor(*config.prometheus, "prometheus", reader);
    if (config.alertmanager) complete_monitor(*config.alertmanager, "alertmanager", reader);
    if (config.grafana) complete_monitor(*config.grafana, "grafana", reader);
    if (config.ethereum) {
        refuse_user("ethereum.rpc", config.ethereum->rpc, reader);
        name_items(config.ethereum->contracts, "ethereum.contracts", reader);
    }
    complete_thresholds(config.thresholds, reader);
    complete_targets(config.notify.webhooks, "notify.webhooks", reader);
    complete_targets(config.notify.pings, "notify.pings", reader);
}

} // namespace config
