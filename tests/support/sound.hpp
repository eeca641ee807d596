// SPDX-License-Identifier: MIT
#pragma once

#include "support/faults.hpp"
#include "support/hostile.hpp"
#include "support/hostile_tls.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Servers that are well: the smallest ones that each probe takes for healthy. A fault is then one
// thing that is changed, and all else is right.

namespace sound {

using hostile::Behaviour;
using hostile::Connection;

/// path (the query left out) → the whole answer, header and all.
using Routes = std::map<std::string, std::string>;

/// What a sound HTTP server of this protocol answers.
[[nodiscard]] Routes routes(faults::Protocol protocol);

/// Answers by the routes, 404 for every other path, and closes.
[[nodiscard]] Behaviour serve(Routes routes);

/// Reads a request to its end, its body included; empty when the client is gone.
[[nodiscard]] std::string read_request(Connection& client);

/// A JSON-RPC node: answers every call, alone or in a batch. `refuse` names methods that it does
/// not know.
[[nodiscard]] Behaviour ethereum(std::vector<std::string> refuse = {});

/// What a Redis says of itself, and what it wants.
struct RedisWish {
    std::string info{};       ///< the text of INFO; empty: that of a healthy server
    std::string password{};   ///< empty: none
    std::string info_reply{}; ///< replaces the whole reply to INFO, `info` included
};

[[nodiscard]] Behaviour redis(RedisWish wish = {});

struct PostgresWish {
    std::string version{"15.4"};
    std::string login{};    ///< sent in place of "you are in", then the end
    std::string answer{};   ///< sent in place of the answer to the first query, again and again
    std::string greeting{}; ///< sent after "you are in", again and again
};

[[nodiscard]] Behaviour postgres(PostgresWish wish = {});

/// Messages of PostgreSQL's protocol, version 3.
[[nodiscard]] std::string pg_message(char type, std::string_view body);
[[nodiscard]] std::string pg_number(std::uint32_t value);
[[nodiscard]] std::string pg_error(std::string_view sqlstate, std::string_view text);

/// Returns the sound server of a protocol.
[[nodiscard]] Behaviour server(faults::Protocol protocol);

/// Sends `first` once, then `again` until the client is gone; in place of an answer.
[[nodiscard]] Behaviour floods(std::string first, std::string again);

/// Sends the same bytes in place of every answer, then closes properly.
[[nodiscard]] Behaviour answers(std::string bytes);

} // namespace sound
