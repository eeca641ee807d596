// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <string_view>

namespace logs {

/// Fills in method and target of a request line: "GET /x?y HTTP/1.1". Anything else that stood in
/// its place (nothing, "-", the bytes of a TLS greeting) has no method and is the target.
void read_request_line(std::string_view line, Request& request);

/// Returns the address of "192.0.2.7:5123" and "[2001:db8::1]:5123", without the port.
[[nodiscard]] std::string_view without_port(std::string_view address);

/// Returns whether `text` is an IPv4 or IPv6 address.
[[nodiscard]] bool is_address(std::string_view text);

/// Reads what uvicorn, gunicorn and Werkzeug log of a request: `192.0.2.7:5123 - "GET / HTTP/1.1"
/// 200 OK`.
[[nodiscard]] bool read_short_access(std::string_view message, Request& request);

} // namespace logs
