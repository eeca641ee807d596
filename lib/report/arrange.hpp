// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"

#include <string>
#include <vector>

namespace report {

/// Whether a person has to know of it: neither ok nor skipped.
[[nodiscard]] bool is_problem(const core::Finding& finding);

/// A problem that stands for itself, with everything that follows from it.
struct Problem {
    const core::Finding* finding = nullptr;
    std::vector<const core::Finding*> consequences{}; ///< worst first

    /// Returns the worst verdict of the problem and of all that follows from it.
    [[nodiscard]] core::Verdict worst() const;
};

/// Returns the problems of `report`, first those that are worst with all that follows from them. A
/// problem whose `caused_by` names other problems hangs under the one at the beginning of the
/// chain; a chain that bites its own tail, or leads to something that is no problem, ends where it
/// does. Every problem occurs exactly once.
[[nodiscard]] std::vector<Problem> problems(const Report& report);

/// The findings of one line of the overview, in the order of the report.
struct Group {
    std::string name{};
    std::vector<const core::Finding*> findings{};

    [[nodiscard]] core::Verdict worst() const;
};

/// Returns the groups in the order in which the report first names them. A finding without a group
/// is in one called like its command's family ("http" of "health.http.frontend").
[[nodiscard]] std::vector<Group> groups(const Report& report);

/// Returns what a finding is called on a screen: its subject ("GPU 0" where that is a number
/// alone), else the family of its id.
[[nodiscard]] std::string label(const core::Finding& finding);

/// Returns "1 critical (3 follow from it) · 1 warning · 37 ok · 0 unknown", joined by `dot`
/// (" · "): what follows from another finding is counted with it, by the worst of them all.
[[nodiscard]] std::string count_line(const Report& report, std::string_view dot);

} // namespace report
