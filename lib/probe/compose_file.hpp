// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "facts/observations.hpp"

#include <map>
#include <stop_token>
#include <string>

namespace probe {

using Variables = std::map<std::string, std::string>;

/// Reads the compose files of the project and fills in what they declare, or why they can't be read
/// (`compose_problem`). They are the configured one, else those that the labels of a local Engine's
/// containers name. `env` fills their variables, after it the .env file beside the configured one,
/// or those by which compose started the project. Ends by the deadline, or when a stop is
/// requested, also where a file system does not answer.
void read_compose(facts::Observations& seen, const config::Config& config, Variables env,
                  core::Deadline deadline, const std::stop_token& stop);

} // namespace probe
