// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "facts/observations.hpp"

#include <map>
#include <string>

namespace probe {

/// Reads the compose files of the project and fills in what they declare, or why they can't be read
/// (`compose_problem`). They are the configured one, else those that the labels of a local Engine's
/// containers name. `env` fills their variables, after it the .env file beside the first of them.
void read_compose(facts::Observations& seen, const config::Config& config,
                  std::map<std::string, std::string> env);

} // namespace probe
