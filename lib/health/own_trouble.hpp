// SPDX-License-Identifier: MIT
#pragma once

#include "facts/observations.hpp"

#include <string>
#include <vector>

namespace health {

/// Something that is wrong with the observer, and what it kept from being seen.
struct Ailment {
    std::string name{}; ///< last part of its finding's id: "descriptors"
    std::string message{};
    std::string remediation{};
    std::size_t hidden = 0; ///< so many observations failed for it
};

/// Returns the id of the finding about the trouble `name`.
[[nodiscard]] std::string own_finding(std::string_view name);

/// Returns the observations with every error that is the observer's own fault typed as such (kind
/// observer, `own` saying which), and every other one free of that suspicion. An error alone does
/// not tell: "network unreachable" is the target's when others are reached and ours when none is.
[[nodiscard]] facts::Observations own_up(facts::Observations seen);

/// Returns what is wrong with the observer, of observations that went through `own_up`.
[[nodiscard]] std::vector<Ailment> ailments(const facts::Observations& seen);

/// Returns why the wall clock of this side can't be trusted; empty when nothing speaks against it.
[[nodiscard]] std::string clock_trouble(const facts::Observations& seen);

} // namespace health
