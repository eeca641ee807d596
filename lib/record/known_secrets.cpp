// SPDX-License-Identifier: MIT
#include "record/known_secrets.hpp"

#include "core/text.hpp"
#include "record/mask.hpp"

#include <algorithm>

namespace record {
namespace {

constexpr std::size_t k_shortest = 6;

/// The names by which findings are told apart and joined.
std::set<std::string> names_of(const Recording& recording) {
    std::set<std::string> names{recording.config.project, recording.head.run.host};
    for (const auto& engine : recording.seen.engines) {
        names.insert({engine.name, engine.target});
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            names.insert({container.name, container.service, container.project, container.image});
            names.insert(container.aliases.begin(), container.aliases.end());
        }
    }
    if (recording.seen.compose) {
        for (const auto& [name, service] : recording.seen.compose->services)
            names.insert(name);
    }
    for (const auto& endpoint : recording.config.endpoints)
        names.insert(endpoint.name);
    return names;
}

/// Decodes the %XX of a URL's user part.
std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto hex = text.substr(i, 3);
        const auto digit = [](char c) {
            return c >= '0' && c <= '9'                     ? c - '0'
                   : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                            : -1;
        };
        if (hex.size() == 3 && hex[0] == '%' && digit(hex[1]) >= 0 && digit(hex[2]) >= 0) {
            out += static_cast<char>(digit(hex[1]) * 16 + digit(hex[2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

KnownSecrets::KnownSecrets(const Recording& recording) {
    const auto& config = recording.config;
    for (const auto& endpoint : config.endpoints) {
        add_found(endpoint.url);
        for (const auto& [name, value] : endpoint.headers)
            add(value.reveal());
    }
    for (const auto& postgres : config.postgres) {
        add(postgres.password.reveal());
        add_found(postgres.dsn);
    }
    for (const auto& redis : config.redis) {
        add(redis.password.reveal());
        add_found(redis.url);
    }
    const auto add_monitor = [this](const config::Monitor& monitor) {
        add(monitor.password.reveal());
        add(monitor.bearer_token.reveal());
        add_found(monitor.url);
    };
    if (config.prometheus) add_monitor(*config.prometheus);
    if (config.alertmanager) add_monitor(*config.alertmanager);
    if (config.grafana) add_monitor(*config.grafana);
    if (config.ethereum) add_found(config.ethereum->rpc);
    for (const auto& engine : recording.seen.engines) {
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            for (const auto& [name, value] : container.environment) {
                if (names_secret(name)) add(value.reveal());
                add_found(name + "=" + value.reveal());
            }
            add_found(core::join(container.command, " "));
        }
    }
    const auto names = names_of(recording);
    std::erase_if(m_values, [&](const std::string& value) {
        return std::ranges::any_of(
            names, [&](const auto& name) { return name.find(value) != std::string::npos; });
    });
}

void KnownSecrets::add(std::string_view value) {
    value = core::trim(value);
    // What scrubbing itself writes in the place of a variable's value.
    if (value.size() >= k_shortest && !value.starts_with("host=")) m_values.emplace(value);
}

void KnownSecrets::add_found(std::string_view text) {
    for (const auto& span : secrets_in(text)) {
        const auto value = text.substr(span.begin, span.end - span.begin);
        add(value);
        add(decoded(value));
        // A URL's user part: the password alone turns up in messages too.
        if (const auto colon = value.find(':'); colon != std::string_view::npos) {
            add(value.substr(colon + 1));
            add(decoded(value.substr(colon + 1)));
        }
    }
}

std::string KnownSecrets::mask(std::string text) const {
    for (const auto& value : m_values) {
        for (auto at = text.find(value); at != std::string::npos;
             at = text.find(value, at + core::k_masked.size()))
            text.replace(at, value.size(), core::k_masked);
    }
    return text;
}

} // namespace record
