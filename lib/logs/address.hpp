// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace logs {

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

} // namespace logs
