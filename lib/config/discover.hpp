// SPDX-License-Identifier: MIT
#pragma once

#include "config/compose.hpp"
#include "config/config.hpp"
#include "facts/docker.hpp"

#include <string>
#include <vector>

namespace config {

/// What this host brings to the discovery besides the containers.
struct Surroundings {
    std::string compose_project_name{}; ///< $COMPOSE_PROJECT_NAME
    std::string working_folder{}; ///< the current folder: a project started from it is preferred
};

/// Returns the compose project that `config` is about: its own `project`, which need not exist,
/// else the one that $COMPOSE_PROJECT_NAME names, else the only one on the Engines, else the one
/// started from the current folder, else the only one that has the gallery's services. Errors:
/// missing, naming the projects found, when the named one is not there, or none or several remain.
[[nodiscard]] core::Result<std::string> choose_project(const Config& config,
                                                       const std::vector<facts::Docker>& engines,
                                                       const Surroundings& surroundings);

/// Returns `config` with every section that its file did not give filled in from the containers of
/// the project: published ports (else container addresses, when the Engine is local) and the DSNs
/// and passwords in the services' environment. Recognises a server by image, command, container
/// port and service name together; what is ambiguous is left out. Pure.
[[nodiscard]] Config discover(Config config, const std::vector<facts::Docker>& engines);

} // namespace config
