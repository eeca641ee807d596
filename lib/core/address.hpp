// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// An IP address as who is behind it: an IPv4 address, or the /64 of an IPv6 address, which one
/// customer has to himself (RFC 6177). An IPv4 address that is written as IPv6 is IPv4.
struct Address {
    std::array<unsigned char, 16> bytes{}; ///< IPv4 in the last four, behind ::ffff
    bool v6 = false;

    auto operator<=>(const Address&) const = default;
};

/// Reads an address; nothing for any other text.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

/// Returns "192.0.2.7", or "2001:db8:1:2::/64".
[[nodiscard]] std::string text_of(const Address& address);

/// Returns whether the address is one of the Internet: not private, loopback, link-local, shared
/// (RFC 6598), multicast or unspecified. Sources: the IANA special-purpose address registries. The
/// ranges for documentation count as the Internet's.
[[nodiscard]] bool is_public(const Address& address);

/// The addresses that begin alike.
struct Network {
    Address base{};
    int bits = 128; ///< how many of the 128 count; an IPv4 address has 96 before its own
};

/// Reads "10.0.0.0/8", "2001:db8::/32" or an address alone; nothing for any other text. Of IPv6 at
/// most 64 bits count.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

[[nodiscard]] bool contains(const Network& network, const Address& address);

/// Returns whether one of the networks has the address.
[[nodiscard]] bool contains(const std::vector<Network>& networks, const Address& address);

} // namespace core
