// SPDX-License-Identifier: MIT
#include "logs/forms/fields.hpp"

#include "logs/forms/cut.hpp"
#include "logs/forms/request.hpp"
#include "logs/hash.hpp"
#include "logs/stamp.hpp"

#include <cstdint>
#include <unordered_map>

namespace logs {
namespace {

enum class Field : std::uint8_t {
    none,
    time,
    level,
    message,
    logger,
    error,
    client,
    method,
    target,
    request,
    status,
    bytes,
    user,
    agent,
    referer,
    forwarded,
    seconds,
    milliseconds
};

using Names = std::unordered_map<std::string_view, Field, std::size_t (*)(std::string_view)>;

/// What libraries call the same thing.
const Names& field_names() {
    static const Names k_names{
        {{"time", Field::time},
         {"ts", Field::time},
         {"timestamp", Field::time},
         {"@timestamp", Field::time},
         {"t", Field::time},
         {"asctime", Field::time},
         {"datetime", Field::time},
         {"level", Field::level},
         {"lvl", Field::level},
         {"severity", Field::level},
         {"levelname", Field::level},
         {"log.level", Field::level},
         {"loglevel", Field::level},
         {"msg", Field::message},
         {"message", Field::message},
         {"event", Field::message},
         {"logger", Field::logger},
         {"name", Field::logger},
         {"module", Field::logger},
         {"caller", Field::logger},
         {"component", Field::logger},
         {"service", Field::logger},
         {"error", Field::error},
         {"err", Field::error},
         {"exception", Field::error},
         {"remote_addr", Field::client},
         {"client", Field::client},
         {"client_ip", Field::client},
         {"ip", Field::client},
         {"remote_ip", Field::client},
         {"client_addr", Field::client},
         {"remoteAddress", Field::client},
         {"method", Field::method},
         {"request_method", Field::method},
         {"path", Field::target},
         {"uri", Field::target},
         {"url", Field::target},
         {"request_uri", Field::target},
         {"target", Field::target},
         {"request", Field::request},
         {"status", Field::status},
         {"status_code", Field::status},
         {"statusCode", Field::status},
         {"bytes", Field::bytes},
         {"body_bytes_sent", Field::bytes},
         {"size", Field::bytes},
         {"bytes_sent", Field::bytes},
         {"length", Field::bytes},
         {"user", Field::user},
         {"remote_user", Field::user},
         {"user_agent", Field::agent},
         {"http_user_agent", Field::agent},
         {"agent", Field::agent},
         {"referer", Field::referer},
         {"http_referer", Field::referer},
         {"http_x_forwarded_for", Field::forwarded},
         {"request_time", Field::seconds},
         {"duration_s", Field::seconds},
         {"elapsed_s", Field::seconds},
         {"duration_ms", Field::milliseconds},
         {"latency_ms", Field::milliseconds},
         {"elapsed_ms", Field::milliseconds},
         {"responseTime", Field::milliseconds}},
        64,
        [](std::string_view name) { return static_cast<std::size_t>(hash_of(name)); }};
    return k_names;
}

Field field_named(std::string_view name) {
    const auto found = field_names().find(name);
    return found == field_names().end() ? Field::none : found->second;
}

/// The levels of bunyan and pino: 10 trace … 60 fatal.
Level level_numbered(int number) {
    if (number < 10) return Level::none;
    if (number < 20) return Level::trace;
    if (number < 30) return Level::debug;
    if (number < 40) return Level::info;
    if (number < 50) return Level::warning;
    return number < 60 ? Level::error : Level::critical;
}

} // namespace

void FieldReader::add_time(std::string_view value) {
    if (m_event.time) return;
    if (const auto number = number_of<double>(value))
        m_event.time = time_of_number(*number);
    else if (const auto stamp = stamp_at(value, 0, m_now))
        m_event.time = stamp->time;
}

void FieldReader::add_level(std::string_view value) {
    if (const auto number = number_of<int>(value))
        m_event.level = level_numbered(*number);
    else
        m_event.level = level_named(value);
}

void FieldReader::add(std::string_view key, std::string_view value) {
    switch (field_named(key)) {
    case Field::none:
        break;
    case Field::time:
        add_time(value);
        break;
    case Field::level:
        add_level(value);
        break;
    case Field::message:
        if (!m_message) m_event.message = value;
        m_message = true;
        break;
    case Field::error:
        m_error = value;
        break;
    case Field::logger:
        if (m_event.logger.empty()) m_event.logger = value;
        break;
    case Field::client:
        m_request.client = without_port(value);
        break;
    case Field::method:
        m_request.method = value;
        break;
    case Field::target:
        m_request.target = value;
        break;
    case Field::request:
        read_request_line(value, m_request);
        break;
    case Field::status:
        m_request.status = number_of<int>(value).value_or(0);
        break;
    case Field::bytes:
        m_request.bytes = number_of<std::int64_t>(value);
        break;
    case Field::user:
        m_request.user = value;
        break;
    case Field::agent:
        m_request.agent = value;
        break;
    case Field::referer:
        m_request.referer = value;
        break;
    case Field::forwarded:
        m_request.forwarded = value;
        break;
    case Field::seconds:
        m_request.seconds = number_of<double>(value);
        break;
    case Field::milliseconds:
        m_request.seconds = number_of<double>(value);
        if (m_request.seconds) *m_request.seconds /= 1000;
        break;
    }
}

bool FieldReader::finish() {
    const bool request = m_request.status >= 100 && m_request.status <= 599
                         && (!m_request.method.empty() || !m_request.target.empty());
    if (request) m_event.request = m_request;
    if (!m_message && !m_error.empty()) {
        m_event.message = m_error;
        m_message = true;
    }
    const bool level = m_event.level != Level::none;
    return request || (level && (m_message || m_event.time)) || (m_message && m_event.time);
}

} // namespace logs
