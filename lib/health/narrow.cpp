// SPDX-License-Identifier: MIT
#include "health/narrow.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "health/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace health {
namespace {

using core::Finding;

/// The playbook's names of components and the service names that they stand for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> k_playbook_names{
    {{"database", "postgres"},
     {"contracts", "ethereum"},
     {"gan", "gan"},
     {"frontend", "frontend"}}};

bool names_component(std::string_view asked, const Finding& finding) {
    if (asked == finding.component || asked == finding.subject) return true;
    for (const auto& [name, service] : k_playbook_names) {
        if (asked == name)
            return finding.component.starts_with(service) || finding.group == service;
    }
    return false;
}

/// The family without the command: "postgres-connections" of "health.postgres-connections.db".
std::string_view family_of(std::string_view id) {
    const auto first = id.find('.');
    return first == std::string_view::npos
               ? id
               : id.substr(first + 1, id.find('.', first + 1) - first - 1);
}

bool names_check(std::string_view asked, const Finding& finding) {
    return asked == finding.group || asked == family_of(finding.id) || asked == finding.id
           || finding.id.starts_with(std::string{asked} + ".");
}

bool any_names(const std::vector<std::string>& asked, const Finding& finding,
               bool (*names)(std::string_view, const Finding&)) {
    return std::ranges::any_of(asked, [&](const auto& word) { return names(word, finding); });
}

std::vector<std::string> known_components(const std::vector<Finding>& findings) {
    std::set<std::string> names;
    for (const auto& finding : findings)
        names.insert(finding.component);
    for (const auto& entry : k_playbook_names)
        names.emplace(entry.first);
    return {names.begin(), names.end()};
}

/// The lines of the overview: few enough to be told to who misspelt one.
std::vector<std::string> known_groups() {
    std::set<std::string> names;
    for (const auto* check : catalogue())
        names.emplace(check->spec.group);
    return {names.begin(), names.end()};
}

std::vector<std::string> known_checks() {
    std::set<std::string> names;
    for (const auto* check : catalogue()) {
        names.emplace(check->spec.group);
        names.emplace(family_of(check->spec.id));
        names.emplace(check->spec.id);
    }
    return {names.begin(), names.end()};
}

/// `told` are named when nothing among `known` is near.
[[noreturn]] void refuse(std::string_view what, const std::string& word,
                         const std::vector<std::string>& known,
                         const std::vector<std::string>& told) {
    const auto near = core::nearest(word, known);
    throw core::UsageError(
        near ? fmt::format("no {} '{}'; did you mean '{}'?", what, word, *near)
             : fmt::format("no {} '{}'; there are: {}", what, word, core::join(told, ", ")));
}

/// The components asked for that no finding is about.
std::vector<std::string> unseen_components(const std::vector<Finding>& findings,
                                           const Narrowing& asked) {
    std::vector<std::string> unseen;
    for (const auto& word : asked.components) {
        const auto fits = [&](const Finding& finding) { return names_component(word, finding); };
        if (std::ranges::none_of(findings, fits)) unseen.push_back(word);
    }
    return unseen;
}

void check_components(const std::vector<Finding>& findings, const Narrowing& asked) {
    for (const auto& word : unseen_components(findings, asked)) {
        if (std::ranges::find(asked.declared, word) != asked.declared.end()) continue;
        refuse("component", word, known_components(findings), known_components(findings));
    }
}

/// Whether the finding says why nothing is seen of a service.
bool hides_services(const Finding& finding) {
    const auto family = family_of(finding.id);
    return (family == "docker-engine" || family == "gallery")
           && finding.verdict != core::Verdict::ok && finding.verdict != core::Verdict::skipped;
}

Finding unseen_finding(const std::string& component, std::vector<std::string> causes) {
    const auto& spec = find_check("health.gallery")->spec;
    Finding made;
    made.id = fmt::format("{}.{}", spec.id, component);
    made.title = spec.title;
    made.group = spec.group;
    made.playbook = spec.section;
    made.verdict = core::Verdict::unknown;
    made.subject = component;
    made.component = component;
    made.message = "nothing is seen of it: no container, and no server that was asked";
    made.remediation = fmt::format("docker-compose ps {}", component);
    made.caused_by = std::move(causes);
    return made;
}

/// Drops the causes that are not in the report: what follows from nothing there stands for itself.
void drop_lost_causes(std::vector<Finding>& findings) {
    std::set<std::string> ids;
    for (const auto& finding : findings)
        ids.insert(finding.id);
    for (auto& finding : findings)
        std::erase_if(finding.caused_by, [&](const auto& id) { return !ids.contains(id); });
}

bool is_asked_for(const Finding& finding, const Narrowing& asked) {
    if (!asked.components.empty() && !any_names(asked.components, finding, names_component))
        return false;
    return asked.only.empty() || any_names(asked.only, finding, names_check);
}

/// The observer's own troubles that a finding asked for follows from: without them it says nothing.
std::set<std::string> own_causes(const std::vector<Finding>& findings, const Narrowing& asked) {
    std::set<std::string> causes;
    for (const auto& finding : findings) {
        if (!is_asked_for(finding, asked)) continue;
        for (const auto& id : finding.caused_by) {
            if (id.starts_with("health.self.")) causes.insert(id);
        }
    }
    return causes;
}

} // namespace

void check_names(const Narrowing& asked) {
    const auto known = known_checks();
    for (const auto* words : {&asked.only, &asked.skip}) {
        for (const auto& word : *words) {
            const bool is_known =
                std::ranges::find(known, word) != known.end() || find_check(word) != nullptr;
            if (!is_known) refuse("check", word, known, known_groups());
        }
    }
}

bool may_be_asked_for(const Narrowing& asked, std::string_view id) {
    const auto* check = find_check(id);
    if (check == nullptr) return false;
    const auto names_all = [&](const std::string& word) {
        return word == check->spec.group || word == id || word == family_of(id);
    };
    const auto names_some = [&](const std::string& word) {
        return names_all(word) || word.starts_with(std::string{id} + ".");
    };
    return (asked.only.empty() || std::ranges::any_of(asked.only, names_some))
           && std::ranges::none_of(asked.skip, names_all);
}

void narrow(std::vector<Finding>& findings, const Narrowing& asked, Unfit unfit) {
    if (unfit == Unfit::refuse) {
        check_names(asked);
        check_components(findings, asked);
    }
    const auto unseen = unseen_components(findings, asked);
    auto causes = own_causes(findings, asked);
    std::vector<std::string> hidden_by;
    for (const auto& finding : findings) {
        if (!unseen.empty() && hides_services(finding)) hidden_by.push_back(finding.id);
    }
    causes.insert(hidden_by.begin(), hidden_by.end());
    std::erase_if(findings, [&](const Finding& finding) {
        if (!is_asked_for(finding, asked) && !causes.contains(finding.id)) return true;
        return any_names(asked.skip, finding, names_check);
    });
    for (const auto& word : unseen)
        findings.push_back(unseen_finding(word, hidden_by));
    drop_lost_causes(findings);
}

} // namespace health
