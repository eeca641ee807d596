// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"
#include "facts/observations.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cause {

/// Which service needs which, and by which it is seen.
struct Graph {
    std::map<std::string, std::set<std::string>> needs{}; ///< child → parents
    /// service → the exporters by which Prometheus looks at it: while one of them is away, what
    /// Prometheus reports of the service says nothing of the service itself
    std::map<std::string, std::set<std::string>> watched_by{};
};

/// Returns what is known of the dependencies: depends_on of the compose file and of the containers'
/// labels, and host names in the services' environment that are another service's name or alias.
[[nodiscard]] Graph dependencies(const facts::Observations& seen);

/// Returns the words of a variable's value that `dependencies` takes for host names: those at the
/// places where a URL, a connection string or a plain name has one.
[[nodiscard]] std::vector<std::string> hosts_in(std::string_view value);

/// Fills `caused_by` of the findings that follow from others; no verdict changes, and no cycle
/// comes out. A finding follows from its own service's failure, or from that of a service that it
/// needs.
void annotate(std::vector<core::Finding>& findings, const Graph& graph);

} // namespace cause
