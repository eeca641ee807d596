// SPDX-License-Identifier: MIT
#include "logs/forms/fields.hpp"

#include "logs/forms/cut.hpp"
#include "logs/forms/request.hpp"
#include "logs/stamp.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace logs {
namespace {

using Names = std::span<const std::string_view>;

bool is_one_of(std::string_view key, Names names) {
    return std::ranges::find(names, key) != names.end();
}

constexpr std::array<std::string_view, 7> k_time{"time", "ts",      "timestamp", "@timestamp",
                                                 "t",    "asctime", "datetime"};
constexpr std::array<std::string_view, 6> k_level{"level",     "lvl",       "severity",
                                                  "levelname", "log.level", "loglevel"};
constexpr std::array<std::string_view, 3> k_message{"msg", "message", "event"};
constexpr std::array<std::string_view, 6> k_logger{"logger", "name",      "module",
                                                   "caller", "component", "service"};
constexpr std::array<std::string_view, 3> k_error{"error", "err", "exception"};
constexpr std::array<std::string_view, 7> k_client{
    "remote_addr", "client", "client_ip", "ip", "remote_ip", "client_addr", "remoteAddress"};
constexpr std::array<std::string_view, 2> k_method{"method", "request_method"};
constexpr std::array<std::string_view, 5> k_target{"path", "uri", "url", "request_uri", "target"};
constexpr std::array<std::string_view, 3> k_status{"status", "status_code", "statusCode"};
constexpr std::array<std::string_view, 5> k_bytes{"bytes", "body_bytes_sent", "size", "bytes_sent",
                                                  "length"};
constexpr std::array<std::string_view, 2> k_user{"user", "remote_user"};
constexpr std::array<std::string_view, 3> k_agent{"user_agent", "http_user_agent", "agent"};
constexpr std::array<std::string_view, 2> k_referer{"referer", "http_referer"};
constexpr std::array<std::string_view, 3> k_seconds{"request_time", "duration_s", "elapsed_s"};
constexpr std::array<std::string_view, 4> k_milliseconds{"duration_ms", "latency_ms", "elapsed_ms",
                                                         "responseTime"};

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

bool FieldReader::add_request(std::string_view key, std::string_view value) {
    if (is_one_of(key, k_client))
        m_request.client = without_port(value);
    else if (is_one_of(key, k_method))
        m_request.method = value;
    else if (is_one_of(key, k_target))
        m_request.target = value;
    else if (key == "request")
        read_request_line(value, m_request);
    else if (is_one_of(key, k_status))
        m_request.status = number_of<int>(value).value_or(0);
    else if (is_one_of(key, k_bytes))
        m_request.bytes = number_of<std::int64_t>(value);
    else if (is_one_of(key, k_user))
        m_request.user = value;
    else if (is_one_of(key, k_agent))
        m_request.agent = value;
    else if (is_one_of(key, k_referer))
        m_request.referer = value;
    else if (key == "http_x_forwarded_for")
        m_request.forwarded = value;
    else if (is_one_of(key, k_seconds))
        m_request.seconds = number_of<double>(value);
    else if (is_one_of(key, k_milliseconds)) {
        const auto milliseconds = number_of<double>(value);
        if (milliseconds) m_request.seconds = *milliseconds / 1000;
    } else
        return false;
    return true;
}

void FieldReader::add(std::string_view key, std::string_view value) {
    if (is_one_of(key, k_time))
        add_time(value);
    else if (is_one_of(key, k_level))
        add_level(value);
    else if (is_one_of(key, k_message) && !m_message) {
        m_event.message = value;
        m_message = true;
    } else if (is_one_of(key, k_error))
        m_error = value;
    else if (is_one_of(key, k_logger) && m_event.logger.empty())
        m_event.logger = value;
    else
        add_request(key, value);
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
