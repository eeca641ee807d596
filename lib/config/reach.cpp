// SPDX-License-Identifier: MIT
#include "config/reach.hpp"

#include <fmt/format.h>

namespace config {
namespace {

bool is_any(const std::string& address) {
    return address.empty() || address == "0.0.0.0" || address == "::";
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1" || address == "localhost";
}

/// Where a port bound to `address` of the Engine's host is from here.
std::string seen_from_here(const std::string& address, const EngineSide& engine) {
    if (is_any(address)) return engine.host;
    // Another host's loopback is out of reach.
    if (is_loopback(address) && engine.remote) return {};
    return address;
}

std::optional<Place> own_address(const facts::Container& container, std::uint16_t port) {
    if (container.addresses.contains("host")) return Place{"127.0.0.1", port};
    const std::string preferred = container.project + "_default";
    if (const auto found = container.addresses.find(preferred);
        found != container.addresses.end() && !found->second.empty())
        return Place{found->second, port};
    for (const auto& [network, address] : container.addresses) {
        if (!address.empty()) return Place{address, port};
    }
    return std::nullopt;
}

} // namespace

std::string Place::text() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::optional<Place> published(const facts::Container& container, std::uint16_t port,
                               const EngineSide& engine) {
    std::optional<Place> found;
    for (const auto& each : container.ports) {
        if (each.container != port || each.protocol != "tcp" || each.host == 0) continue;
        const std::string host = seen_from_here(each.host_ip, engine);
        if (host.empty()) continue;
        const bool ipv6 = each.host_ip.find(':') != std::string::npos;
        if (!found || !ipv6) found = Place{host, each.host};
        if (!ipv6) return found;
    }
    return found;
}

std::optional<Place> reach(const facts::Container& container, std::uint16_t port,
                           const EngineSide& engine) {
    if (auto place = published(container, port, engine)) return place;
    if (!engine.local || port == 0) return std::nullopt;
    return own_address(container, port);
}

} // namespace config
