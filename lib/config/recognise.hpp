// SPDX-License-Identifier: MIT
#pragma once

#include "facts/docker.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// Which server runs in a container.
enum class Server : std::uint8_t {
    unknown,
    other, ///< known, and nothing to ask: exporters, tools, backups
    postgres,
    redis,
    ipfs,
    ethereum,
    prometheus,
    alertmanager,
    grafana,
    proxy, ///< a reverse proxy: any answer but a gateway error is well
    web    ///< an application that answers on /health
};

/// By what one kind of server is known. A word matches a whole part of a name, cut at everything
/// that is no letter or digit; one that ends in "*" matches the beginning of a part.
struct Recogniser {
    Server server = Server::unknown;
    std::vector<std::string_view> image{};   ///< parts of the image's last path component
    std::vector<std::string_view> command{}; ///< parts of the command line
    std::vector<std::string_view> service{}; ///< parts of the compose service's name
    std::vector<std::uint16_t> ports{};      ///< ports inside of the container, the usual one first
};

/// Returns the table of recognisers.
[[nodiscard]] std::span<const Recogniser> recognisers();

/// Returns the server that `container` runs: image, command, port and service name are counted
/// together; a tie, or a single weak sign, is unknown.
[[nodiscard]] Server recognise(const facts::Container& container);

/// Returns the port inside of `container` on which `server` listens: its usual one when the
/// container has it or shows none at all, else the only TCP port. 0: it can't be told.
[[nodiscard]] std::uint16_t server_port(Server server, const facts::Container& container);

/// Returns whether one of `words` matches a part of `text`.
[[nodiscard]] bool has_word(std::string_view text, std::span<const std::string_view> words);

} // namespace config
