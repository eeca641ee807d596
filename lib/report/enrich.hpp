// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"

#include <map>
#include <string>
#include <string_view>

namespace report {

/// Who acts on a playbook section, and by when.
struct Section {
    std::string_view id{};         ///< "daily/system-health-check"
    std::string_view owner{};      ///< team
    std::string_view escalation{}; ///< the clock and the next step, one sentence
};

/// Returns the playbook's section called `id`, or nothing.
[[nodiscard]] const Section* find_section(std::string_view id);

/// Fills owner, contact and escalation of every finding from its playbook section, once and in one
/// place: a check's author can neither forget nor mistype them. `owners` maps a component or a
/// section to a team, `contacts` a team to an address; both come from the configuration. A critical
/// finding falls under the outage procedure, whatever section found it.
void enrich(Report& report, const std::map<std::string, std::string>& owners,
            const std::map<std::string, std::string>& contacts);

} // namespace report
