// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace net {

/// Where to knock: an IPv4 or IPv6 address in digits, and a TCP port.
struct Door {
    std::string address{};
    std::uint16_t port = 0;
};

enum class Knock : std::uint8_t {
    not_tried, ///< no socket could be had, no address, no time was left, or it was stopped
    answered,  ///< a packet came back: the connection was taken or refused
    no_route,  ///< this host says that there is no way there
    silent,    ///< nothing came back in the time
};

/// Tries a TCP connection to each door, many side by side, and closes it at once: a host that is on
/// the network takes it or refuses it (RFC 9293, 3.10.7), one that is cut off is silent. A process
/// that is frozen still answers, since its kernel does. Each that is tried is given at least half
/// of the time; where silent ones leave no place for the rest until then, these are not tried. Ends
/// when all have answered, at the deadline or when a stop is requested.
[[nodiscard]] std::vector<Knock> knock(std::span<const Door> doors, core::Deadline deadline,
                                       const std::stop_token& stop);

} // namespace net
