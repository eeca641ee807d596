// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/error.hpp"
#include "facts/http.hpp"
#include "net/http.hpp"

#include <string>
#include <string_view>

namespace probe {

/// Where an Engine listens, and how a request to it is built.
struct EngineAddress {
    std::string shown{};       ///< the URL of the configuration
    std::string base{};        ///< "http://docker" or "https://host:2376"
    std::string unix_socket{}; ///< path; empty over TCP
    config::Tls tls{};

    /// Returns a GET request for `path`.
    [[nodiscard]] net::HttpRequest get(std::string_view path) const;

    /// Returns `error` with this Engine as its place and the hint that fits an Engine.
    [[nodiscard]] core::Error explain(core::Error error) const;
};

/// Takes a DOCKER_HOST apart: unix:///path, tcp://host:2376 (TLS when a CA or client certificate is
/// given or the port is 2376), http:// and https://. Empty: the local socket. Errors: protocol, for
/// anything else.
[[nodiscard]] core::Result<EngineAddress> parse_docker_url(const config::DockerHost& host);

/// Returns the path of the container list, narrowed to one compose project unless it is empty.
[[nodiscard]] std::string list_path(std::string_view api, std::string_view project);

/// Returns the path of the list of those containers that a swarm runs here for one stack.
[[nodiscard]] std::string stack_list_path(std::string_view api, std::string_view stack);

} // namespace probe
