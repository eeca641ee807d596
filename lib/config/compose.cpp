// SPDX-License-Identifier: MIT
#include "config/compose.hpp"

#include "config/locator.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace config {
namespace {

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
           || c == '-' || c == '_';
}

/// Returns the host of "user:password@host:port/path?query"; the first of several.
std::string host_of_authority(std::string_view text) {
    text = text.substr(0, text.find_first_of("/?#"));
    if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
    text = text.substr(0, text.find_first_of(":,"));
    return std::ranges::all_of(text, is_host_character) ? std::string{text} : std::string{};
}

std::string host_with_port(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return {};
    const auto port = text.substr(colon + 1, text.find_first_of("/,?", colon) - colon - 1);
    const bool number = !port.empty() && port.size() <= 5
                        && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    const auto host = text.substr(0, colon);
    if (!number || !std::ranges::all_of(host, is_host_character)) return {};
    return std::string{host};
}

/// This host and plain addresses are no service's name.
bool names_a_service(std::string_view host) {
    const bool digits_only =
        std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return !host.empty() && host != "localhost" && !digits_only;
}

bool leads_nowhere(std::string_view name) {
    const std::string lower = core::to_lower(name);
    return std::ranges::any_of(
        std::array<std::string_view, 4>{"origin", "cors", "allowed", "no_proxy"},
        [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

void lay_over(ComposeService& base, const ComposeService& over) {
    const auto gives = [&](const char* key) { return over.given.contains(key); };
    if (gives("image")) base.image = over.image;
    if (gives("restart")) base.restart = over.restart;
    if (gives("healthcheck")) base.has_healthcheck = over.has_healthcheck;
    if (gives("replicas")) base.replicas = over.replicas;
    if (gives("memory_limit")) base.memory_limit = over.memory_limit;
    if (gives("!depends_on")) base.depends_on.clear();
    if (gives("!profiles")) base.profiles.clear();
    if (gives("!environment")) base.environment_hosts.clear();
    for (const auto& [service, condition] : over.depends_on)
        base.depends_on[service] = condition;
    for (const auto& profile : over.profiles) {
        if (std::ranges::find(base.profiles, profile) == base.profiles.end())
            base.profiles.push_back(profile);
    }
    // A variable that no longer leads to a host must not keep the base file's.
    std::erase_if(base.environment_hosts, [&](const auto& variable) {
        return over.given.contains("environment." + variable.first);
    });
    base.environment_hosts.insert(over.environment_hosts.begin(), over.environment_hosts.end());
    base.given.insert(over.given.begin(), over.given.end());
}

} // namespace

bool ComposeProject::waited_for_completion(std::string_view service) const {
    return std::ranges::any_of(services, [service](const auto& entry) {
        return std::ranges::any_of(entry.second.depends_on, [service](const auto& need) {
            return need.first == service && need.second == "service_completed_successfully";
        });
    });
}

void merge(ComposeProject& base, const ComposeProject& over) {
    if (!over.name.empty()) base.name = over.name;
    for (const auto& [name, service] : over.services) {
        if (service.given.contains("!")) {
            base.services.erase(name);
            continue;
        }
        const auto [found, fresh] = base.services.emplace(name, service);
        if (!fresh) lay_over(found->second, service);
    }
    base.other_files.insert(base.other_files.end(), over.other_files.begin(),
                            over.other_files.end());
}

std::string host_in_variable(std::string_view name, std::string_view value,
                             const std::set<std::string>& services) {
    value = core::trim(value);
    if (leads_nowhere(name) || value.empty()) return {};
    std::string host;
    if (const auto scheme = value.find("://"); scheme != std::string_view::npos) {
        host = host_of_authority(value.substr(scheme + 3));
    } else if (value.find("host=") != std::string_view::npos) {
        if (const auto dsn = parse_dsn(value)) {
            const auto found = dsn->values.find("host");
            if (found != dsn->values.end()) host = host_of_authority(found->second);
        }
    } else if (services.contains(std::string{value})) {
        host = value;
    } else {
        host = host_with_port(value);
    }
    return names_a_service(host) ? host : std::string{};
}

} // namespace config
