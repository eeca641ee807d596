// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/finding.hpp"
#include "facts/observations.hpp"
#include "report/report.hpp"

#include <string>
#include <vector>

namespace health {

/// Returns the report's block "services": service, container, state, health, restarts, since,
/// verdict; a row a container, and one for each service without any.
[[nodiscard]] report::Block services_block(const facts::Observations& seen,
                                           const config::Config& config,
                                           const std::vector<core::Finding>& findings);

/// Returns what was looked at, for the first line: "14 services on 1 host".
[[nodiscard]] std::string scope(const facts::Observations& seen, const config::Config& config);

/// Returns what a reader has to know about the look itself: a compose file that can't be read.
[[nodiscard]] std::vector<std::string> notes(const facts::Observations& seen);

} // namespace health
