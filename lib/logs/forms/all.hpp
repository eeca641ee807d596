// SPDX-License-Identifier: MIT
#pragma once

#include "logs/forms/form.hpp"

// One line a form; each is in a file of its name.
namespace logs {

/// An object a line: bunyan, pino, structlog, logrus, zap, Docker's json-file.
bool parse_json(std::string_view line, FormContext& context, Event& event);

/// Common and Combined Log Format (Apache, mod_log_config), also with a request's time behind them
/// and with X-Forwarded-For as the last text in quotes.
bool parse_access(std::string_view line, FormContext& context, Event& event);

/// "2005/06/14 15:22:35 [error] 31#31: *5 message, client: …, request: "…"".
bool parse_nginx_error(std::string_view line, FormContext& context, Event& event);

/// "[Tue Jun 14 15:22:35.123 2005] [core:error] [pid 31] [client 192.0.2.7:5] message".
bool parse_apache_error(std::string_view line, FormContext& context, Event& event);

/// Any log_line_prefix that begins with a time or a process, then "LOG:  message".
bool parse_postgres(std::string_view line, FormContext& context, Event& event);

/// "31:M 14 Jun 2005 15:22:35.123 * message".
bool parse_redis(std::string_view line, FormContext& context, Event& event);

/// RFC 3164, with and without priority, and RFC 5424.
bool parse_syslog(std::string_view line, FormContext& context, Event& event);

/// key=value pairs with a level and a message, or a time and a message.
bool parse_logfmt(std::string_view line, FormContext& context, Event& event);

/// A time, a level, or both before the message, as the logging of Python, Java, Go and Node writes
/// them; with the request of uvicorn, gunicorn and Werkzeug.
bool parse_levelled(std::string_view line, FormContext& context, Event& event);

} // namespace logs
