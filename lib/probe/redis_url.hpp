// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace probe {

/// The parts of a Redis URL (https://www.iana.org/assignments/uri-schemes/prov/redis): redis:// or
/// rediss:// (TLS), host, port, database. A user and password in it are taken where the
/// configuration brings none.
struct RedisUrl {
    bool tls = false;
    std::string host{"127.0.0.1"};
    std::uint16_t port = 6379;
    std::uint32_t database = 0;
    std::string username{};
    std::string password{};
};

/// Takes `url` apart; "host:port" without a scheme is fine too. Errors: protocol, when it is no
/// such URL.
[[nodiscard]] core::Result<RedisUrl> parse_redis_url(std::string_view url);

} // namespace probe
