// SPDX-License-Identifier: MIT
#include "core/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace core {
namespace {

constexpr std::size_t k_v4_begin = 12;
constexpr int k_v4_bits = 96;

bool is_mapped(const std::array<unsigned char, 16>& bytes) {
    return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto b) { return b == 0; })
           && bytes[10] == 0xff && bytes[11] == 0xff;
}

bool is_public_v4(unsigned a, unsigned b) {
    if (a == 0 || a == 10 || a == 127 || a >= 224) return false;
    if (a == 172 && b >= 16 && b < 32) return false;
    if (a == 192 && b == 168) return false;
    if (a == 169 && b == 254) return false;
    return !(a == 100 && b >= 64 && b < 128);
}

} // namespace

std::optional<Address> parse_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN + 1> copy{};
    if (text.size() < 2 || text.size() >= copy.size()) return std::nullopt;
    std::ranges::copy(text, copy.begin());
    Address address;
    if (text.find(':') == std::string_view::npos) {
        if (::inet_pton(AF_INET, copy.data(), &address.bytes[k_v4_begin]) != 1) return std::nullopt;
        address.bytes[10] = address.bytes[11] = 0xff;
        return address;
    }
    if (::inet_pton(AF_INET6, copy.data(), address.bytes.data()) != 1) return std::nullopt;
    if (is_mapped(address.bytes)) return address;
    address.v6 = true;
    std::fill(address.bytes.begin() + 8, address.bytes.end(), static_cast<unsigned char>(0));
    return address;
}

std::string text_of(const Address& address) {
    std::array<char, INET6_ADDRSTRLEN + 1> text{};
    if (!address.v6)
        return ::inet_ntop(AF_INET, &address.bytes[k_v4_begin], text.data(), text.size());
    return std::string{::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size())}
           + "/64";
}

bool is_public(const Address& address) {
    const auto& bytes = address.bytes;
    if (!address.v6) return is_public_v4(bytes[k_v4_begin], bytes[k_v4_begin + 1]);
    // Unicast of today is 2000::/3; the rest is local, multicast or unused.
    return (bytes[0] & 0xe0U) == 0x20;
}

std::optional<Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    const int most = address->v6 ? 64 : 32;
    int bits = most;
    if (slash != std::string_view::npos) {
        const auto* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data() + slash + 1, last, bits);
        if (error != std::errc{} || end != last || bits < 0 || bits > (address->v6 ? 128 : 32))
            return std::nullopt;
        bits = std::min(bits, most);
    }
    return Network{*address, address->v6 ? bits : k_v4_bits + bits};
}

bool contains(const Network& network, const Address& address) {
    if (network.base.v6 != address.v6) return false;
    const auto whole = static_cast<std::size_t>(network.bits / 8);
    if (!std::equal(address.bytes.begin(),
                    address.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    network.base.bytes.begin()))
        return false;
    const int rest = network.bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<unsigned>(0xff << (8 - rest));
    return (address.bytes.at(whole) & mask) == (network.base.bytes.at(whole) & mask);
}

bool contains(const std::vector<Network>& networks, const Address& address) {
    return std::ranges::any_of(networks,
                               [&](const Network& network) { return contains(network, address); });
}

} // namespace core
