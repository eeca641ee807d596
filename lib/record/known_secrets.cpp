// SPDX-License-Identifier: MIT
#include "record/known_secrets.hpp"

#include "config/secrets.hpp"
#include "core/mask.hpp"
#include "core/text.hpp"
#include "record/each.hpp"

#include <algorithm>

namespace record {
namespace {

constexpr std::size_t k_shortest = 6;

/// The names by which findings are told apart and joined.
std::set<std::string> names_of(const config::Config& config, const facts::Observations& seen) {
    std::set<std::string> names{config.project};
    for (const auto& engine : seen.engines) {
        names.insert({engine.name, engine.target});
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            names.insert({container.name, container.service, container.project, container.image});
            names.insert(container.aliases.begin(), container.aliases.end());
        }
    }
    if (seen.compose) {
        for (const auto& [name, service] : seen.compose->services)
            names.insert(name);
    }
    for (const auto& endpoint : config.endpoints)
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

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether text[begin, end) is no part of a longer word.
bool is_whole_word(std::string_view text, std::size_t begin, std::size_t end) {
    const bool open =
        begin > 0 && is_word_character(text[begin - 1]) && is_word_character(text[begin]);
    return !open
           && (end >= text.size() || !is_word_character(text[end])
               || !is_word_character(text[end - 1]));
}

/// Whether it is one that prose may have: such a password can be guessed, and masking "password"
/// would spoil messages.
bool is_prose(std::string_view value) {
    constexpr std::size_t k_longest = 11;
    return value.size() <= k_longest
           && std::ranges::all_of(value, [](char c) { return c >= 'a' && c <= 'z'; });
}

} // namespace

KnownSecrets::KnownSecrets(const Recording& recording) {
    const auto& config = recording.config;
    each_secret({}, config, [this](std::string_view, const core::Secret& secret) {
        add(secret.reveal());
        add_found(secret.reveal());
    });
    for (const auto& endpoint : config.endpoints)
        add_found(endpoint.url);
    for (const auto& postgres : config.postgres)
        add_found(postgres.dsn);
    for (const auto& redis : config.redis)
        add_found(redis.url);
    const auto add_monitor = [this](const config::Monitor& monitor) { add_found(monitor.url); };
    if (config.prometheus) add_monitor(*config.prometheus);
    if (config.alertmanager) add_monitor(*config.alertmanager);
    if (config.grafana) add_monitor(*config.grafana);
    if (config.ethereum) add_found(config.ethereum->rpc);
    for (const auto& engine : recording.seen.engines) {
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            for (const auto& [name, value] : container.environment) {
                if (core::names_secret(name)) add(value.reveal());
                add_found(name + "=" + value.reveal());
            }
            add_found(core::join(container.command, " "));
        }
    }
    leave_out_names(config, recording.seen, recording.head.run.host);
}

KnownSecrets::KnownSecrets(const config::Config& config, const facts::Observations& seen) {
    each_secret({}, config, [this](std::string_view name, const core::Secret& secret) {
        // A header that says what is accepted is none.
        if (!core::names_secret(name) && !config::is_secret_name(name) && !name.ends_with("url"))
            return;
        const std::string_view value = secret.reveal();
        add(value);
        add(value.substr(value.rfind(' ') + 1)); // "Bearer …"; npos + 1 is 0
    });
    for (const auto& engine : seen.engines) {
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            for (const auto& [name, value] : container.environment) {
                if (core::names_secret(name)) add(value.reveal());
                add_user_part(value.reveal());
            }
            for (std::size_t i = 1; i < container.command.size(); ++i) {
                if (core::names_secret(container.command[i - 1])) add(container.command[i]);
            }
        }
    }
    std::erase_if(m_values, is_prose);
    leave_out_names(config, seen, {});
}

void KnownSecrets::leave_out_names(const config::Config& config, const facts::Observations& seen,
                                   std::string_view host) {
    const auto names = names_of(config, seen);
    std::erase_if(m_values, [&](const std::string& value) {
        return host.find(value) != std::string_view::npos
               || std::ranges::any_of(
                   names, [&](const auto& name) { return name.find(value) != std::string::npos; });
    });
}

/// The password of "scheme://user:password@host".
void KnownSecrets::add_user_part(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return;
    auto user = url.substr(scheme + 3);
    user = user.substr(0, user.find_first_of("/?#"));
    const auto at = user.rfind('@');
    const auto colon = user.find(':');
    if (at == std::string_view::npos || colon >= at) return;
    const auto password = user.substr(colon + 1, at - colon - 1);
    add(password);
    add(decoded(password));
}

void KnownSecrets::add(std::string_view value) {
    value = core::trim(value);
    // What scrubbing itself writes in the place of a variable's value.
    if (value.size() >= k_shortest && !value.starts_with("host=")) m_values.emplace(value);
}

void KnownSecrets::add_found(std::string_view text) {
    for (const auto& span : core::secrets_in(text)) {
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

std::string KnownSecrets::mask_words(std::string text) const {
    for (const auto& value : m_values) {
        for (auto at = text.find(value); at != std::string::npos;) {
            const bool whole = is_whole_word(text, at, at + value.size());
            if (whole) text.replace(at, value.size(), core::k_masked);
            at = text.find(value, at + (whole ? core::k_masked.size() : 1));
        }
    }
    return text;
}

} // namespace record
