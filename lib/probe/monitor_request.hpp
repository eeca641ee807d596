// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "net/http.hpp"

#include <string_view>

namespace probe {

/// Returns a GET of `path` below the server's URL, with its credentials and TLS settings.
[[nodiscard]] net::HttpRequest monitor_request(const config::Monitor& target,
                                               std::string_view path);

/// Returns the server's address as it may be shown.
[[nodiscard]] std::string shown_address(const std::string& url);

} // namespace probe
