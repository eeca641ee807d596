// SPDX-License-Identifier: MIT
#include "logs/address.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace logs {
namespace {

constexpr std::size_t k_v4_begin = 12;

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

} // namespace logs
