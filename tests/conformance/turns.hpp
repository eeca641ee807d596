// SPDX-License-Identifier: MIT
#pragma once

#include "support/hostile.hpp"

#include <string>
#include <utility>
#include <vector>

namespace conformance {

/// Answers each request of a client in its turn, then keeps silent.
inline hostile::Behaviour answers(std::vector<std::string> turns) {
    return [turns = std::move(turns)](hostile::Connection& client) {
        for (const auto& turn : turns) {
            if (client.read_request().empty()) return;
            client.send(turn);
        }
        client.hold();
    };
}

/// A bulk string of the Redis protocol.
inline std::string bulk(const std::string& text) {
    return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

} // namespace conformance
