// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "config/load.hpp"

#include <filesystem>
#include <vector>

namespace probe {

/// Returns the Engine that a docker client would talk to when no configuration names one:
/// DOCKER_HOST (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH), else the socket of Docker, else one
/// of Podman; no host when none of the sockets exists. `root` is where to look for them.
[[nodiscard]] std::vector<config::DockerHost>
local_engines(const config::Environment& env, const std::filesystem::path& root = "/");

} // namespace probe
