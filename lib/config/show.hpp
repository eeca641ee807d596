// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"

#include <string>

namespace config {

/// Returns the effective configuration as YAML with the origin of each value in a comment ("built
/// in", "discovered", "gallery-ops.yaml:12", "${NAME}"); secrets are masked.
[[nodiscard]] std::string show(const Config& config);

/// Returns a configuration file for what was discovered, ready to be saved: secrets stand as
/// ${NAME} references to fill in, never as text.
[[nodiscard]] std::string write_initial(const Config& config);

/// Returns the JSON Schema (draft 2020-12) of the configuration file.
[[nodiscard]] std::string schema();

/// Returns the tables of all keys as Markdown, a section each, as they stand in
/// docs/configuration.md.
[[nodiscard]] std::string reference();

} // namespace config
