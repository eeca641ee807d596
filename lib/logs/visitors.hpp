// SPDX-License-Identifier: MIT
#pragma once

#include "core/address.hpp"
#include "logs/event.hpp"

#include <string_view>
#include <vector>

namespace logs {

/// Whose address counts.
struct Visitors {
    std::vector<core::Network> proxies{}; ///< what they say about who asked is believed
    std::vector<core::Network> allowed{}; ///< never listed as suspicious

    /// Returns who made the request: the peer, or where that is one of `proxies`, the last of
    /// X-Forwarded-For that is none of them. What stands before it, the client can have written.
    [[nodiscard]] std::string_view client_of(const Request& request) const;

    /// Returns whether the address is one of the Internet, no proxy and not allowed.
    [[nodiscard]] bool may_be_listed(const core::Address& address) const;
};

} // namespace logs
