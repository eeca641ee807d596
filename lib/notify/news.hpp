// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
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

/// What one run has to tell, held against the run before it. Points into both reports.
struct News {
    std::vector<const core::Finding*> problems{}; ///< all that stand and are told, the worst first
    std::vector<const core::Finding*> fresh{};    ///< those of them that are new, or worse
    std::vector<const core::Finding*> over{}; ///< of the run before: told then, well or gone now
    std::vector<const core::Finding*> replaced{}; ///< of it too: told then with another verdict

    [[nodiscard]] bool changed() const { return !fresh.empty() || !over.empty(); }
};

/// Compares `now` with `before`, the last run that looked at as much; nothing where there is none:
/// then every problem is new, however long it has lasted. Consequences are not told: their cause
/// is. Of a run that looked at a part, or was interrupted, what is missing is not over. A state of
/// its own is not needed: what was told before follows from the run before and its time.
[[nodiscard]] News news_of(const report::Report& now, const std::optional<report::Report>& before,
                           const Rules& rules);

} // namespace notify
