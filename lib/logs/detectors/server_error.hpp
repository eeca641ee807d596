// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <optional>
#include <string_view>

namespace logs {

/// A request that a web server tells of in its error log.
struct RefusedRequest {
    std::string_view client{};
    std::string_view path{}; ///< of the file that is not there, or of the request
    bool is_http = true;     ///< else what came was none
};

/// Returns the request that an error of nginx or Apache tells of: a file that is not there, one
/// that may not be read, or what is no HTTP. The address is only taken from where the server writes
/// it.
[[nodiscard]] std::optional<RefusedRequest> refused_request(const Event& event);

/// Returns the address that an error of nginx or Apache is about; empty where it is not known.
[[nodiscard]] std::string_view client_of_error(const Event& event);

/// Returns the address that an error of nginx is about: of ", client: ADDRESS, server: NAME,
/// request: …". What stands in quotes before and after it, the client has sent; where that names
/// other addresses the same way, which is the true one can't be known, and there is none.
[[nodiscard]] std::string_view client_of_nginx_error(std::string_view message);

} // namespace logs
