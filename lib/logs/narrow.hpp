// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"

#include <string>
#include <vector>

namespace logs {

/// What the command line asks to be judged; empty lists ask for everything.
struct Narrowing {
    std::vector<std::string> components{}; ///< services
    std::vector<std::string> only{};       ///< detectors: "errors", "logs.errors", or their groups
    std::vector<std::string> skip{};
};

/// Throws core::UsageError when a name of `only` or `skip` is no detector: a misspelt --only must
/// not read as success.
void check_names(const Narrowing& asked);

/// Removes the findings that are not asked for, and from the others the causes that are no longer
/// among them. What could not be read stays: it says what was not seen.
void narrow(std::vector<core::Finding>& findings, const Narrowing& asked);

} // namespace logs
