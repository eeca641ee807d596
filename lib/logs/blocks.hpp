// SPDX-License-Identifier: MIT
#pragma once

#include "logs/summary.hpp"
#include "report/report.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace logs {

/// Which kinds of messages are listed.
struct Listing {
    std::size_t most = 50; ///< the most frequent ones
    bool only_new = false; ///< only what no earlier run has seen
};

/// Returns the blocks of a report about logs (docs/logs.md lists their columns): templates,
/// suspicious addresses, lines by source.
[[nodiscard]] std::vector<report::Block> blocks(const Summary& summary, const Listing& listing);

/// Returns what was looked at, for the first line: "1204331 lines, 212 templates".
[[nodiscard]] std::string scope(const Summary& summary);

/// Returns the table of assignments: "LineId,EventId,EventTemplate", one row a line that was read,
/// as CSV (RFC 4180). A line without a template has an empty id.
[[nodiscard]] std::string assignments(const Summary& summary);

} // namespace logs
