// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace net {

/// A numeric address and a port.
struct Address {
    std::string ip{}; ///< "127.0.0.1", "::1"
    std::uint16_t port = 0;
    bool operator==(const Address&) const = default;
};

/// Resolves `host` within the deadline. getaddrinfo can't be stopped, so it runs in a thread that
/// is left alone when the deadline passes or a stop is requested; a numeric address is returned as
/// it is. All addresses are returned, IPv4 and IPv6, in the resolver's order, without duplicates.
/// Errors: unreachable (no such name; the hint says whether the resolver answered), timeout,
/// cancelled.
[[nodiscard]] core::Result<std::vector<Address>>
resolve(const std::string& host, std::uint16_t port, core::Deadline deadline, std::stop_token stop);

} // namespace net
