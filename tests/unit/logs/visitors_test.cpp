// SPDX-License-Identifier: MIT
#include "logs/visitors.hpp"
#include "support/catch.hpp"

#include <string>
#include <string_view>

namespace logs_visitors_test {
namespace {

core::Network network(std::string_view text) {
    const auto read = core::parse_network(text);
    if (!read) FAIL("no network: " << text);
    return *read;
}

bool has(std::string_view text, std::string_view address) {
    return core::contains(network(text), *core::parse_address(address));
}

std::string client(const logs::Visitors& visitors, std::string_view peer,
                   std::string_view forwarded) {
    logs::Request request;
    request.client = peer;
    request.forwarded = forwarded;
    return std::string{visitors.client_of(request)};
}

} // namespace

TEST_CASE("networks are read with their bits, and contain what begins alike") {
    CHECK(has("10.0.0.0/8", "10.255.1.2"));
    CHECK_FALSE(has("10.0.0.0/8", "11.0.0.1"));
    CHECK(has("192.0.2.128/25", "192.0.2.200"));
    CHECK_FALSE(has("192.0.2.128/25", "192.0.2.100"));
    CHECK(has("192.0.2.7", "192.0.2.7"));
    CHECK_FALSE(has("192.0.2.7", "192.0.2.8"));
    CHECK(has("2001:db8::/32", "2001:db8:1::7"));
    CHECK_FALSE(has("2001:db8::/32", "2001:db9::7"));
    CHECK(has("0.0.0.0/0", "203.0.113.9"));
    CHECK_FALSE(has("0.0.0.0/0", "2001:db8::1"));
    for (const std::string_view wrong :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "example.org"})
        CHECK_FALSE(core::parse_network(wrong));
}

TEST_CASE("X-Forwarded-For counts from behind, and only as far as proxies wrote it") {
    const logs::Visitors none;
    CHECK(client(none, "192.0.2.1", "203.0.113.7") == "192.0.2.1");
    const logs::Visitors visitors{{network("192.0.2.0/24")}, {}};
    CHECK(client(visitors, "192.0.2.1", "203.0.113.7") == "203.0.113.7");
    CHECK(client(visitors, "192.0.2.1", "198.51.100.66, 203.0.113.7") == "203.0.113.7");
    CHECK(client(visitors, "192.0.2.1", "198.51.100.66, 203.0.113.7, 192.0.2.5") == "203.0.113.7");
    CHECK(client(visitors, "198.51.100.9", "203.0.113.7") == "198.51.100.9");
    CHECK(client(visitors, "192.0.2.1", "") == "192.0.2.1");
    CHECK(client(visitors, "192.0.2.1", "unknown") == "192.0.2.1");
    CHECK(client(visitors, "192.0.2.1", "192.0.2.2") == "192.0.2.2");
}

TEST_CASE("proxies, private and allowed addresses are never listed") {
    const logs::Visitors visitors{{network("192.0.2.0/24")}, {network("203.0.113.7")}};
    const auto listed = [&](std::string_view text) {
        return visitors.may_be_listed(*core::parse_address(text));
    };
    CHECK(listed("198.51.100.1"));
    CHECK_FALSE(listed("192.0.2.9"));
    CHECK_FALSE(listed("203.0.113.7"));
    CHECK_FALSE(listed("10.0.0.1"));
}

} // namespace logs_visitors_test
