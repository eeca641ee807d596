// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "core/units.hpp"
#include "watch/look.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace cli {

/// Looks once, and ends soon after a stop.
using LookFunction = std::function<watch::Look(const std::stop_token& stop)>;

/// What a command that looks again and again brings along.
struct WatchPlan {
    core::Duration interval{};           ///< from the start of one look to the start of the next
    int hold = 2;                        ///< looks that a change must last before it is told
    LookFunction look{};                 ///< may run in another thread; never two at a time
    std::string_view option = "--watch"; ///< that asked for it
    std::function<std::string(const std::string& id)> explain{}; ///< of a finding's id
};

/// Throws core::UsageError for outputs that a watch by this `option` can't write: on standard
/// output only text and ndjson go on without an end.
void check_watch_outputs(const GlobalOptions& options, std::string_view option);

/// Looks until it is told to stop: as a whole screen on a terminal that can be drawn on, else line
/// by line. Returns the exit code of the last look, 130 when it was interrupted.
[[nodiscard]] int watch_on(const Context& context, const WatchPlan& plan);

} // namespace cli
