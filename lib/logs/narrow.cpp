// SPDX-License-Identifier: MIT
#include "logs/narrow.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "logs/detectors/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace logs {
namespace {

constexpr std::string_view k_prefix = "logs.";

bool names(const std::vector<std::string>& all, std::string_view name) {
    return std::ranges::find(all, name) != all.end();
}

/// Whether the names hold the check of an id, by its whole id, without "logs.", or by its group.
bool hold(const std::vector<std::string>& all, const core::CheckSpec& spec) {
    return names(all, spec.id) || names(all, spec.id.substr(k_prefix.size()))
           || names(all, spec.group);
}

const core::CheckSpec* spec_of(const core::Finding& finding) {
    for (const auto* detector : detectors())
        if (finding.id.starts_with(fmt::format("{}.", detector->spec.id))) return &detector->spec;
    return nullptr;
}

bool is_asked_for(const core::Finding& finding, const Narrowing& asked) {
    const auto* const spec = spec_of(finding);
    if (spec == nullptr) return true;
    if (!asked.only.empty() && !hold(asked.only, *spec))
        return finding.verdict == core::Verdict::unknown;
    if (hold(asked.skip, *spec)) return false;
    return asked.components.empty() || names(asked.components, finding.component)
           || finding.verdict == core::Verdict::unknown;
}

} // namespace

void check_names(const Narrowing& asked) {
    std::vector<std::string> known;
    for (const auto* detector : detectors()) {
        known.emplace_back(detector->spec.id.substr(k_prefix.size()));
        known.emplace_back(detector->spec.id);
        known.emplace_back(detector->spec.group);
    }
    for (const auto* list : {&asked.only, &asked.skip}) {
        for (const auto& name : *list) {
            if (names(known, name)) continue;
            const auto near = core::nearest(name, known);
            throw core::UsageError(
                fmt::format("no detector '{}'; {}", core::printable(name),
                            near ? fmt::format("did you mean '{}'?", *near)
                                 : "there are errors, requests, sign-in, rate-limit and read"));
        }
    }
}

void narrow(std::vector<core::Finding>& findings, const Narrowing& asked) {
    std::erase_if(findings, [&](const auto& finding) { return !is_asked_for(finding, asked); });
    std::set<std::string> kept;
    for (const auto& finding : findings)
        kept.insert(finding.id);
    for (auto& finding : findings)
        std::erase_if(finding.caused_by, [&](const auto& id) { return !kept.contains(id); });
}

} // namespace logs
