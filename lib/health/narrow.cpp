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

void check_components(const std::vector<Finding>& findings, const Narrowing& asked) {
    for (const auto& word : asked.components) {
        const auto fits = [&](const Finding& finding) { return names_component(word, finding); };
        if (std::ranges::none_of(findings, fits))
            refuse("component", word, known_components(findings), known_components(findings));
    }
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

void narrow(std::vector<Finding>& findings, const Narrowing& asked, Unfit unfit) {
    if (unfit == Unfit::refuse) {
        check_names(asked);
        check_components(findings, asked);
    }
    const auto causes = own_causes(findings, asked);
    std::erase_if(findings, [&](const Finding& finding) {
        if (!is_asked_for(finding, asked) && !causes.contains(finding.id)) return true;
        return any_names(asked.skip, finding, names_check);
    });
}

} // namespace health
