// SPDX-License-Identifier: MIT
#pragma once

#include "facts/docker.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace config {

/// A host and a port at which a container's port can be reached from here.
struct Place {
    std::string host{}; ///< name or address, without brackets
    std::uint16_t port = 0;

    /// Returns "host:port", an IPv6 address in brackets.
    [[nodiscard]] std::string text() const;
};

/// What is known of the Engine that a container runs on.
struct EngineSide {
    std::string host{}; ///< where its published ports are; empty: not known
    bool remote = false;
    bool local = false; ///< its container networks can be reached from here
};

/// Returns the place of a container's TCP port: its published port, else the container's own
/// address when the Engine is local. Nothing when it can't be reached from here.
[[nodiscard]] std::optional<Place> reach(const facts::Container& container, std::uint16_t port,
                                         const EngineSide& engine);

/// Returns the place of a container's published TCP port, or nothing.
[[nodiscard]] std::optional<Place> published(const facts::Container& container, std::uint16_t port,
                                             const EngineSide& engine);

} // namespace config
