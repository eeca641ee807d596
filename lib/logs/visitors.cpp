// SPDX-License-Identifier: MIT
#include "logs/visitors.hpp"

namespace logs {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

} // namespace

std::string_view Visitors::client_of(const Request& request) const {
    auto client = request.client;
    if (proxies.empty() || request.forwarded.empty()) return client;
    auto rest = request.forwarded;
    while (true) {
        const auto address = core::parse_address(client);
        if (!address || !core::contains(proxies, *address)) return client;
        if (rest.empty()) return client;
        const auto comma = rest.rfind(',');
        const auto last = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
        // A proxy that hands on no address leaves its own.
        if (!core::parse_address(trimmed(last))) return client;
        client = trimmed(last);
    }
}

bool Visitors::may_be_listed(const core::Address& address) const {
    return core::is_public(address) && !core::contains(proxies, address)
           && !core::contains(allowed, address);
}

} // namespace logs
