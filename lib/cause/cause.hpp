// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/finding.hpp"
#include "health/observations.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cause {

/// Which service needs which: child → parents.
struct Graph {
    std::map<std::string, std::set<std::string>> needs{};
};

/// Returns what is known of the dependencies: depends_on of the compose file and of the labels, and
/// host names in the services' environment that are another service's name or alias.
[[nodiscard]] Graph dependencies(const health::Observations& seen);

/// Fills `caused_by` of the findings that follow from others. A finding follows from one of a
/// parent service when the parent's own failure is its cause (it is stopped, killed, paused,
/// crashing) and the child's failure is of a kind that such a parent brings about (refused,
/// timeout, name not found, unhealthy, 5xx, reported by a monitor). A child that failed by itself
/// keeps its own cause. No verdict changes.
void annotate(std::vector<core::Finding>& findings, const Graph& graph);

} // namespace cause
