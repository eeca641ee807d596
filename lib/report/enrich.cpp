// SPDX-License-Identifier: MIT
#include "report/enrich.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace report {
namespace {

using std::chrono::minutes;

constexpr std::string_view k_operations = "Operations Team";
constexpr std::string_view k_security = "Security Team";
constexpr std::string_view k_development = "Development Team";
constexpr std::string_view k_infrastructure = "Infrastructure Team";
constexpr std::string_view k_performance = "Performance Team";
constexpr std::string_view k_blockchain = "Blockchain Team";

constexpr std::array k_sections{
    Section{"daily/system-health-check", k_operations,
            "service down: emergency/service-outage; over a limit: find out why, scale if needed; "
            "alert firing: check its rule and the root cause"},
    Section{"daily/log-review", k_operations,
            "critical errors: at once; repeated warnings: plan a deeper analysis; slowness: review "
            "the resources"},
    Section{
        "weekly/performance-analysis", k_performance,
        "more than 10 % slower: at once; objective missed: emergency optimisation; memory leak: "
        "plan a hotfix"},
    Section{"weekly/security-review", k_security,
            "critical vulnerability: patch at once; incident: emergency/security-incident; "
            "suspicious activity: look into it, block if needed"},
    Section{"weekly/backup-verification", k_operations,
            "failed backup: at once; failed restore: mend the backup process; odd size: look for "
            "corrupt data"},
    Section{"monthly/capacity-planning", k_infrastructure,
            "limit near: plan scaling now; cost over plan: review; bottleneck: plan an upgrade"},
    Section{"monthly/dependency-updates", k_development,
            "critical security update: apply at once; breaking change: plan the migration; failed "
            "update: roll back and find out why"},
    Section{
        "monthly/smart-contract-maintenance", k_blockchain,
        "security concern: at once; gas cost high: optimise; unusual activity: look into it and "
        "respond"},
    Section{"quarterly/disaster-recovery-testing", k_operations,
            "test failed: review the procedure at once; recovery too slow: improve it; too much "
            "data lost: improve the backups"},
    Section{"quarterly/security-audit", k_security,
            "critical vulnerability: mend at once; compliance failure: urgent; incident: "
            "emergency/security-incident"},
    Section{"emergency/service-outage", "On-call Engineer",
            "on-call responds within 15 min; no fix within 1 h: senior team; several services: "
            "major incident; data loss suspected: data recovery team",
            minutes{15}},
    Section{"emergency/security-incident", k_security,
            "Security Team responds within 10 min; data breach: notify the authorities; critical "
            "systems taken: external experts; user data exposed: notify the users",
            minutes{10}},
    Section{"component/frontend", k_operations, "as in daily/system-health-check"},
    Section{"component/gan-service", k_operations, "as in daily/system-health-check"},
    Section{"component/smart-contracts", k_blockchain, "as in monthly/smart-contract-maintenance"},
    Section{"component/database", k_operations, "as in daily/system-health-check"},
    Section{"change-management", k_operations,
            "emergency change: verbal approval, carry out, document at once, review afterwards"},
};

/// The addresses of the playbook; a configuration replaces them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> k_contacts{
    {{k_operations, "ops-team@company.com"},
     {k_security, "security-team@company.com"},
     {k_development, "dev-team@company.com"},
     {"Management", "management@company.com"}}};

/// "Operations Team" and "operations" are the same team.
std::string team_key(std::string_view team) {
    std::string key = core::to_lower(core::trim(team));
    constexpr std::string_view k_suffix = " team";
    if (key.ends_with(k_suffix)) key.resize(key.size() - k_suffix.size());
    return key;
}

std::string contact_of(std::string_view team, const std::map<std::string, std::string>& contacts) {
    const std::string key = team_key(team);
    for (const auto& [name, address] : contacts) {
        if (team_key(name) == key) return address;
    }
    for (const auto& [name, address] : k_contacts) {
        if (team_key(name) == key) return std::string{address};
    }
    return {};
}

std::string owner_of(const core::Finding& finding, const Section* section,
                     const std::map<std::string, std::string>& owners) {
    for (const auto& key : {finding.component, finding.playbook}) {
        const auto at = owners.find(key);
        if (!key.empty() && at != owners.end()) return at->second;
    }
    return section == nullptr ? std::string{} : std::string{section->owner};
}

bool is_security(std::string_view section) {
    return section.find("security") != std::string_view::npos;
}

} // namespace

std::span<const Section> sections() {
    return k_sections;
}

const Section* find_section(std::string_view id) {
    const auto* at = std::ranges::find(k_sections, id, &Section::id);
    return at == k_sections.end() ? nullptr : at;
}

const Section* emergency(const core::Finding& finding) {
    if (finding.verdict != core::Verdict::critical) return nullptr;
    return find_section(is_security(finding.playbook) ? "emergency/security-incident"
                                                      : "emergency/service-outage");
}

void enrich(Report& report, const std::map<std::string, std::string>& owners,
            const std::map<std::string, std::string>& contacts) {
    for (auto& finding : report.findings) {
        const auto* section = find_section(finding.playbook);
        const auto* procedure = emergency(finding);
        finding.owner = owner_of(finding, section, owners);
        if (finding.owner.empty() && procedure != nullptr) finding.owner = procedure->owner;
        finding.contact = contact_of(finding.owner, contacts);
        const auto* clock = procedure != nullptr ? procedure : section;
        finding.escalation = clock == nullptr ? std::string{} : std::string{clock->escalation};
    }
}

} // namespace report
