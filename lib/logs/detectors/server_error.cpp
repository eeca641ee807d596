// SPDX-License-Identifier: MIT
#include "logs/detectors/server_error.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace logs {
namespace {

constexpr std::string_view k_client = ", client: ";

constexpr auto k_not_there = std::to_array<std::string_view>(
    {"failed (2: No such file or directory)", "is not found (2: No such file or directory)",
     "access forbidden by rule", "File does not exist", "script not found or unable to stat",
     "not found or unable to stat", "client denied by server configuration",
     "attempt to invoke directory as script", "failed (20: Not a directory)"});

constexpr auto k_no_http = std::to_array<std::string_view>(
    {"client sent invalid", "client sent HTTP/1.1 request without", "Invalid method in request",
     "Invalid URI in request", "request failed: error reading the headers",
     "client sent plain HTTP request to HTTPS port", "client sent too long URI",
     "Client sent malformed Host header", "erroneous characters after protocol string"});

bool tells_of(std::string_view message, std::span<const std::string_view> all) {
    return std::ranges::any_of(
        all, [&](auto words) { return message.find(words) != std::string_view::npos; });
}

/// "[client 192.0.2.7:4711] AH00128: …": Apache writes it before all that the client sent.
std::string_view client_of_apache_error(std::string_view message) {
    constexpr std::string_view k_begin = "[client ";
    if (!message.starts_with(k_begin)) return {};
    auto client = message.substr(k_begin.size());
    client = client.substr(0, client.find(']'));
    const auto colon = client.rfind(':');
    const bool has_port = colon != std::string_view::npos && client.find(':') == colon;
    return has_port ? client.substr(0, colon) : client;
}

/// The path behind "File does not exist: ", and in "script '…' not found".
std::string_view path_in_apache_error(std::string_view message) {
    const auto quote = message.find('\'');
    if (quote != std::string_view::npos)
        return message.substr(quote + 1, message.find('\'', quote + 1) - quote - 1);
    const auto colon = message.rfind(": ");
    auto path = colon == std::string_view::npos ? std::string_view{} : message.substr(colon + 2);
    return path.substr(0, path.find(", referer: "));
}

/// "/x" of `request: "GET /x HTTP/1.1"`.
std::string_view path_in_nginx_error(std::string_view message) {
    constexpr std::string_view k_request = ", request: \"";
    const auto at = message.find(k_request);
    if (at == std::string_view::npos) return {};
    auto request = message.substr(at + k_request.size());
    request = request.substr(0, request.find('"'));
    const auto blank = request.find(' ');
    if (blank == std::string_view::npos) return {};
    request.remove_prefix(blank + 1);
    return request.substr(0, request.find(' '));
}

} // namespace

std::string_view client_of_nginx_error(std::string_view message) {
    std::string_view found;
    const auto first = message.find(k_client);
    if (first == std::string_view::npos) return {};
    const bool is_quoted_before = message.substr(0, first).find('"') != std::string_view::npos;
    for (auto at = first; at != std::string_view::npos; at = message.find(k_client, at + 1)) {
        const auto rest = message.substr(at + k_client.size());
        const auto client = rest.substr(0, rest.find(','));
        // Where the server alone wrote what stands before, the first one is its own.
        if (!is_quoted_before) return client;
        if (!found.empty() && client != found) return {};
        found = client;
    }
    return found;
}

std::string_view client_of_error(const Event& event) {
    if (event.logger == "nginx") return client_of_nginx_error(event.message);
    return event.logger == "apache" ? client_of_apache_error(event.message) : std::string_view{};
}

std::optional<RefusedRequest> refused_request(const Event& event) {
    if (event.request || (event.logger != "nginx" && event.logger != "apache")) return std::nullopt;
    const bool is_http = !tells_of(event.message, k_no_http);
    if (is_http && !tells_of(event.message, k_not_there)) return std::nullopt;
    const bool is_nginx = event.logger == "nginx";
    RefusedRequest refused;
    refused.client = client_of_error(event);
    if (refused.client.empty()) return std::nullopt;
    refused.path =
        is_nginx ? path_in_nginx_error(event.message) : path_in_apache_error(event.message);
    refused.is_http = is_http;
    return refused;
}

} // namespace logs
