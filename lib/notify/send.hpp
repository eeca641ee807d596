// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "net/http.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace notify {

/// A call that is to be made.
struct Outgoing {
    std::string target{}; ///< as `Target::text`
    net::HttpRequest request{};
};

/// A call that did not get through.
struct Undelivered {
    std::string target{}; ///< as `Outgoing::target`
    core::Error error{};
};

/// Makes all calls side by side, and those again that may have met a blip (no connection, 429, a
/// 5xx), after a second each time, until the deadline. Any 2xx is well. Returns those that did not
/// get through; their errors name the server, never the path or a header, which may be secret.
[[nodiscard]] std::vector<Undelivered> send(std::vector<Outgoing> calls, core::Deadline deadline,
                                            const std::stop_token& stop);

} // namespace notify
