// SPDX-License-Identifier: MIT
#pragma once

#include "core/secret.hpp"
#include "facts/docker.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the containers of a project tell about how to sign in to its servers.
namespace config {

using Containers = std::vector<const facts::Container*>;

struct Credentials {
    std::string user{};
    std::string database{};
    core::Secret password{};
    bool tls = false; ///< a client reaches it by rediss://
};

/// Returns user, database and password of a Postgres: from the server's own variables (those of the
/// official and of Bitnami's image), else from a client's connection URL or variables.
[[nodiscard]] Credentials postgres_credentials(const facts::Container& server,
                                               const Containers& clients);

/// Returns the password of a Redis: from its own variables or --requirepass, else from a client's
/// URL.
[[nodiscard]] Credentials redis_credentials(const facts::Container& server,
                                            const Containers& clients);

/// Returns the keys of job queues that the services name (GAN_QUEUE, QUEUE_KEY).
[[nodiscard]] std::vector<std::string> queue_keys(const Containers& clients);

/// Returns the value of a flag ("--chain-id 31337", "--chain-id=31337") in a command line, also
/// inside of `sh -c "…"`, shell variables taken from the container's environment.
[[nodiscard]] std::optional<std::string> command_flag(const facts::Container& container,
                                                      std::string_view flag);

/// Returns the value of the first of `names` that the container's environment has, not empty.
[[nodiscard]] std::optional<std::string> variable(const facts::Container& container,
                                                  std::initializer_list<std::string_view> names);

} // namespace config
