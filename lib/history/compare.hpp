// SPDX-License-Identifier: MIT
#pragma once

#include "history/store.hpp"

#include <string>
#include <vector>

namespace history {

/// What became of a finding between two runs. The order is that of the table.
enum class Change : std::uint8_t {
    worse,
    appeared, ///< it was not there before
    better,
    gone,     ///< it is not there any more
    not_seen, ///< one of the runs did not ask for it, was stopped before, or could not see it
};

struct Difference {
    Change change = Change::worse;
    std::string id{};
    std::optional<core::Verdict> before{};
    std::optional<core::Verdict> after{};
    std::string message{}; ///< of the later run, else of the earlier
};

/// Returns what differs, in the order of the enum and the gravest first; what is as it was is left
/// out. Only verdicts are compared, never figures. What is missing where its component was in grave
/// trouble could not be seen: a database that is down has no figures.
[[nodiscard]] std::vector<Difference> compare(const report::Report& before,
                                              const report::Report& after);

/// Returns the word of the table: "worse", "new", "better", "gone", "not seen".
[[nodiscard]] std::string_view name(Change change);

/// Picks one of `runs` (newest first): "last", "-2" (the one before the last), an id or the
/// beginning of one. Throws core::UsageError that names the nearest id, or those that begin so.
[[nodiscard]] const Run& pick_run(const std::vector<Run>& runs, const std::string& word);

} // namespace history
