// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace report {

/// Who acts on a playbook section, and by when.
struct Section {
    std::string_view id{};          ///< "daily/system-health-check"
    std::string_view owner{};       ///< team
    std::string_view escalation{};  ///< the clock and the next step, one sentence
    std::chrono::minutes respond{}; ///< by when somebody must have answered; 0: no clock
};

/// Returns every section of the playbook, in its order.
[[nodiscard]] std::span<const Section> sections();

/// Returns the playbook's section called `id`, or nothing.
[[nodiscard]] const Section* find_section(std::string_view id);

/// Returns the emergency procedure that a finding falls under, or nothing: a critical one falls
/// under the outage procedure, under the security incident's when a security section found it.
[[nodiscard]] const Section* emergency(const core::Finding& finding);

/// Fills owner, contact and escalation of every finding from its playbook section, once and in one
/// place: a check's author can neither forget nor mistype them. `owners` maps a component or a
/// section to a team, `contacts` a team to an address; both come from the configuration. The
/// escalation of a critical finding is the emergency procedure's, whatever section found it; its
/// `playbook` stays the section that found it.
void enrich(Report& report, const std::map<std::string, std::string>& owners,
            const std::map<std::string, std::string>& contacts);

} // namespace report
