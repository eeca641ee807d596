// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/finding.hpp"
#include "facts/observations.hpp"

#include <vector>

namespace record {

/// Masks secrets in what findings say and show: log lines, outputs of health checks, answers and
/// addresses come from targets, which may print their own passwords. Known are the values that the
/// configuration and the containers' environment call secret, and what looks like one
/// (`mask_shown`). Verdicts and ids stay.
void mask_findings(std::vector<core::Finding>& findings, const config::Config& config,
                   const facts::Observations& seen);

} // namespace record
