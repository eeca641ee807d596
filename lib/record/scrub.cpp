// SPDX-License-Identifier: MIT
#include "record/scrub.hpp"

#include "cause/cause.hpp"
#include "core/mask.hpp"
#include "core/text.hpp"
#include "health/expectation.hpp"
#include "record/each.hpp"
#include "record/known_secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace record {
namespace {

// --- containers

/// Every name by which a service may be reached from another.
std::set<std::string, std::less<>> reachable_names(const facts::Observations& seen) {
    std::set<std::string, std::less<>> names;
    for (const auto& engine : seen.engines) {
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            names.insert({container.name, container.service});
            names.insert(container.aliases.begin(), container.aliases.end());
        }
    }
    if (seen.compose) {
        for (const auto& [name, service] : seen.compose->services)
            names.insert(name);
    }
    return names;
}

/// Keeps of a variable's value the names of other services, in a form that `cause` reads the same.
/// A password that is called like a service leads nowhere.
std::string hosts_only(const std::string& variable, const std::string& value,
                       const std::set<std::string, std::less<>>& names) {
    std::vector<std::string> kept;
    for (auto& host : cause::hosts_in(value)) {
        const bool whole = host.size() == value.size();
        if (names.contains(host) && !(whole && core::names_secret(variable)))
            kept.push_back("host=" + std::move(host));
    }
    return core::join(kept, " ");
}

/// The hash that compose keeps of a service's settings covers its secrets: a weak one could be
/// tried out against it.
bool is_kept_label(std::string_view name) {
    if (name.ends_with(".config-hash")) return false;
    return name.starts_with("com.docker.compose.") || name.starts_with("com.docker.swarm.")
           || name.starts_with("com.docker.stack.");
}

void reduce(facts::Container& container, const std::set<std::string, std::less<>>& names) {
    container.command.clear();
    std::erase_if(container.labels, [](const auto& label) { return !is_kept_label(label.first); });
    for (auto& [variable, value] : container.environment)
        value = core::Secret{hosts_only(variable, value.reveal(), names)};
    std::erase_if(container.environment, [](const auto& entry) { return entry.second.empty(); });
    // A key in PEM takes many lines, and no single one of them tells what it is.
    constexpr std::string_view k_key = "PRIVATE KEY-----";
    const auto joined = core::join(container.last_log, "\n");
    if (joined.find(k_key) == std::string::npos) return;
    const auto masked = core::mask_text(joined);
    container.last_log.clear();
    for (const auto line : core::split(masked, '\n'))
        container.last_log.emplace_back(line);
}

// --- answers over HTTP

constexpr std::array<std::string_view, 12> k_harmless_headers{"age",
                                                              "cache-control",
                                                              "connection",
                                                              "content-encoding",
                                                              "content-length",
                                                              "content-type",
                                                              "date",
                                                              "location",
                                                              "retry-after",
                                                              "strict-transport-security",
                                                              "server",
                                                              "transfer-encoding"};

const config::Endpoint* endpoint_of(const config::Config& config, std::string_view name) {
    const auto found = std::ranges::find(config.endpoints, name, &config::Endpoint::name);
    return found == config.endpoints.end() ? nullptr : &*found;
}

void reduce(facts::Http& answer, const config::Endpoint* endpoint) {
    std::erase_if(answer.headers, [&](const auto& header) {
        const bool expected =
            endpoint != nullptr
            && std::ranges::any_of(endpoint->expect_headers, [&](const auto& wanted) {
                   return core::to_lower(wanted.first) == header.first;
               });
        return !expected
               && std::ranges::find(k_harmless_headers, header.first) == k_harmless_headers.end();
    });
}

/// Which endpoints meet all that is expected of their answer.
std::vector<bool> met(const Recording& recording) {
    std::vector<bool> all;
    for (const auto& observed : recording.seen.endpoints) {
        const auto* endpoint = endpoint_of(recording.config, observed.name);
        all.push_back(endpoint != nullptr && observed.result
                      && health::unmet_expectation(*observed.result, *endpoint).empty());
    }
    return all;
}

/// Takes back an expectation that only what is masked now could meet.
void keep_met(Recording& recording, const std::vector<bool>& before) {
    const auto after = met(recording);
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (!before[i] || after[i]) continue;
        const auto found = std::ranges::find(
            recording.config.endpoints, recording.seen.endpoints[i].name, &config::Endpoint::name);
        found->expect_body.clear();
        found->expect_headers.clear();
    }
}

// --- configuration

void mask(config::Config& config) {
    each_secret({}, config, [](std::string_view, core::Secret& secret) {
        if (!secret.empty()) secret = core::Secret{std::string{core::k_masked}};
    });
    for (auto& postgres : config.postgres)
        postgres.dsn = core::mask_dsn(postgres.dsn);
}

} // namespace

void scrub(Recording& recording) {
    const KnownSecrets known(recording);
    const auto met_before = met(recording);
    const auto names = reachable_names(recording.seen);
    for (auto& engine : recording.seen.engines) {
        if (!engine.result) continue;
        for (auto& container : engine.result->containers)
            reduce(container, names);
    }
    for (auto& observed : recording.seen.endpoints) {
        if (observed.result) reduce(*observed.result, endpoint_of(recording.config, observed.name));
    }
    mask(recording.config);
    const auto masked = [&](std::string text) {
        return core::mask_text(known.mask(std::move(text)));
    };
    each_text(recording.config, masked);
    each_text(recording.seen, masked);
    each_text(recording.head.environment, masked);
    keep_met(recording, met_before);
}

} // namespace record
