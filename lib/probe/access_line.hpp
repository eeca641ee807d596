// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace probe {

/// Returns the status with which a request was answered, when `line` is a line of an access log;
/// nothing for any other line. Understood are the request in quotes followed by the status (the
/// Common Log Format of Apache and all that follow it: nginx, uvicorn, gunicorn, Werkzeug), and
/// JSON objects with a member "status", "status_code" or "statusCode" beside a request's method,
/// path or URI (nginx's log_format escape=json, Caddy, pino, structlog).
[[nodiscard]] std::optional<int> answered_status(std::string_view line);

} // namespace probe
