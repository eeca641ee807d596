// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "notify/told.hpp"
#include "report/report.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace notify {

/// What is worth telling.
struct Rules {
    /// Whether a verdict is a problem, as the exit code has it (--fail-on, --allow-unknown).
    std::function<bool(core::Verdict)> is_problem{};
    core::Duration after{0}; ///< a problem is told once it has lasted so long
};

/// What one run has to tell one target, held against what that was told before.
struct News {
    std::vector<core::Finding> problems{}; ///< all that stand and are told, the worst first;
                                           ///< `since` is the beginning of the trouble
    std::vector<core::Finding> fresh{};    ///< those of them that are new, or worse
    std::vector<core::Finding> over{};     ///< as they were told: well or gone now
    std::vector<core::Finding> replaced{}; ///< as they were told: told with another verdict now
    std::vector<core::Finding> standing{}; ///< as they were told: neither told again nor over
    std::vector<Told> told{};              ///< what is told once this has got through

    [[nodiscard]] bool changed() const { return !fresh.empty() || !over.empty(); }
};

/// Compares `now` with what was told before; nothing where nobody remembers that: then every
/// problem is new, however long it has lasted. Consequences are not told as long as their cause is
/// a problem in the same report. What was told is over when it is well, and when it is missing from
/// a run that saw everything. Until then it stands, at most a day beyond the last run that saw it.
[[nodiscard]] News news_of(const report::Report& now,
                           const std::optional<std::vector<Told>>& before, const Rules& rules);

} // namespace notify
