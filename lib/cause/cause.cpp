// SPDX-License-Identifier: MIT
//
// Why, not only what. Three things must come together before one finding is said to follow from
// another: an edge (the child needs the parent), a parent that itself fails, and a failure of the
// child that such a parent brings about. Each service gets one *primary* finding, the one that says
// best how it failed: what the Engine says of its container, else what a probe met, else what its
// users see (the error rate). Then
//   1. every other finding of the service follows from its primary, where that is no less grave and
//      more than a figure at its limit, and
//   2. a primary follows from the primaries of the services it needs, unless it failed by itself:
//      a container that was stopped, paused, killed or cut off did not fail because of its
//      neighbours, one
//      that crashed did so only when its last words speak of a connection or of the parent, and
//      what was wrong well before the parent failed is not the parent's fault.
// A circle of services that all fail softly has no known cause within it: edges inside it are
// dropped.
#include "cause/cause.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace cause {
namespace {

using core::Failure;
using core::Finding;
using core::Verdict;

bool is_problem(const Finding& finding) {
    return finding.verdict == Verdict::critical || finding.verdict == Verdict::warning;
}

/// Whether the service failed by itself: no neighbour does this to it.
bool is_own_failure(Failure failure) {
    return failure == Failure::stopped || failure == Failure::paused || failure == Failure::killed
           || failure == Failure::cut;
}

/// Whether a parent that is away can bring this failure about.
bool may_follow(Failure failure) {
    switch (failure) {
    case Failure::unhealthy:
    case Failure::refused:
    case Failure::timeout:
    case Failure::dns:
    case Failure::broken:
    case Failure::slow:
    case Failure::reported:
        return true;
    default:
        return false;
    }
}

std::string_view family_of(const Finding& finding) {
    const std::string_view id = finding.id;
    const auto first = id.find('.');
    const auto second = id.find('.', first + 1);
    return id.substr(0, second);
}

/// How well a finding says how its service failed; higher is better, 0 says nothing of it.
int rank(const Finding& finding) {
    const auto family = family_of(finding);
    if (finding.failure == Failure::cut) return 6; // what its health check says follows from it
    if (family == "health.docker" || family == "health.swarm-service"
        || family == "health.docker-engine")
        return 5;
    static constexpr std::array<std::string_view, 9> k_probes{
        "health.postgres",     "health.redis",   "health.ipfs",
        "health.ethereum",     "health.http",    "health.prometheus",
        "health.alertmanager", "health.grafana", "health.ipfs-content"};
    if (std::ranges::find(k_probes, family) != k_probes.end()) return 4;
    if (family == "health.error-rate") return 3;
    if (finding.failure == Failure::limit || finding.failure == Failure::slow
        || finding.failure == Failure::crashing)
        return 2;
    return 0;
}

using Primaries = std::map<std::string, std::size_t>; // component → index of its primary finding

/// The host and figures without a service of their own take no part.
Primaries primaries_of(const std::vector<Finding>& findings) {
    Primaries primaries;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const auto& finding = findings[i];
        if (!is_problem(finding) || rank(finding) == 0 || finding.component == "host") continue;
        const auto [place, fresh] = primaries.emplace(finding.component, i);
        if (!fresh && rank(finding) > rank(findings[place->second])) place->second = i;
    }
    return primaries;
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Whether `text` names the service `name` (both in lower case) as a word of its own: "redis:6379"
/// and "redis.TimeoutError" name redis, while "feedback", "gallery.db" and the path "/var/db" do
/// not name db.
bool names_service(std::string_view text, std::string_view name) {
    if (name.empty()) return false;
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const auto before = text.substr(0, at);
        const auto after = text.substr(at + name.size());
        const bool begins =
            before.empty() || before.ends_with("//")
            || (!is_name_character(before.back()) && before.back() != '.' && before.back() != '/');
        if (begins && (after.empty() || !is_name_character(after.front()))) return true;
    }
    return false;
}

/// Whether a crash's last words speak of a connection that failed, or name the parent.
bool blames(const Finding& crashed, const std::string& parent) {
    static constexpr std::array<std::string_view, 8> k_words{
        "connection refused",        "could not connect",        "connection to server",
        "name or service not known", "could not translate host", "connection reset",
        "connect timeout",           "temporary failure in name"};
    const auto speaks = [&](const core::Evidence& evidence) {
        const auto text = core::to_lower(evidence.text);
        return names_service(text, core::to_lower(parent))
               || std::ranges::any_of(
                   k_words, [&](auto word) { return text.find(word) != std::string::npos; });
    };
    return std::ranges::any_of(crashed.evidence, speaks);
}

/// Whether the child was in trouble well before the parent was.
bool came_first(const Finding& child, const Finding& parent) {
    using namespace std::chrono_literals;
    return child.since && parent.since && *child.since + 30s < *parent.since;
}

bool follows(const Finding& child, const Finding& parent, const std::string& parent_name) {
    if (came_first(child, parent)) return false;
    // A parent that merely passed a limit takes nobody down, and a report is no failure.
    if (parent.failure == Failure::limit || parent.failure == Failure::reported
        || parent.failure == Failure::slow)
        return false;
    if (parent.verdict != Verdict::critical) return false;
    if (child.failure == Failure::crashing) return blames(child, parent_name);
    return !is_own_failure(child.failure) && may_follow(child.failure);
}

/// component → components whose primaries its own primary follows from.
using Links = std::map<std::string, std::set<std::string>>;

Links links_between(const std::vector<Finding>& findings, const Primaries& primaries,
                    const Graph& graph) {
    Links links;
    for (const auto& [component, index] : primaries) {
        const auto needs = graph.needs.find(component);
        if (needs == graph.needs.end()) continue;
        for (const auto& parent : needs->second) {
            const auto found = primaries.find(parent);
            if (found != primaries.end()
                && follows(findings[index], findings[found->second], parent))
                links[component].insert(parent);
        }
    }
    return links;
}

bool reaches(const Links& links, const std::string& from, const std::string& to) {
    std::set<std::string> visited;
    std::function<bool(const std::string&)> walk = [&](const std::string& at) {
        const auto next = links.find(at);
        if (next == links.end() || !visited.insert(at).second) return false;
        return std::ranges::any_of(next->second,
                                   [&](const auto& name) { return name == to || walk(name); });
    };
    return walk(from);
}

/// Drops every link that lies on a circle.
Links without_circles(const Links& links) {
    Links kept;
    for (const auto& [child, parents] : links) {
        for (const auto& parent : parents) {
            if (!reaches(links, parent, child)) kept[child].insert(parent);
        }
    }
    return kept;
}

/// Links `finding` to the primaries of those `parents` from which it follows.
void link_to(Finding& finding, const std::map<std::string, std::set<std::string>>& edges,
             const std::vector<Finding>& findings, const Primaries& primaries) {
    const auto parents = edges.find(finding.component);
    if (parents == edges.end()) return;
    for (const auto& parent : parents->second) {
        const auto found = primaries.find(parent);
        if (found != primaries.end() && follows(finding, findings[found->second], parent))
            finding.caused_by.push_back(findings[found->second].id);
    }
}

/// Whether an alert says of no service that it is about it: it stands under its Alertmanager, which
/// merely passed it on.
bool is_of_nobody(const Finding& finding) {
    return family_of(finding) == "health.alert" && !finding.id.ends_with("." + finding.component);
}

/// Whether `finding` follows from its own service's primary finding: from one that is no less
/// grave, lest something critical hang under a warning, and more than a figure at its limit.
bool follows_from_own(const Finding& finding, const Finding& primary) {
    return primary.verdict >= finding.verdict && primary.failure != Failure::limit
           && primary.failure != Failure::slow && may_follow(finding.failure);
}

/// Links a finding that is not its service's primary: to the primary where it follows from that,
/// else to those of the services it needs (an exporter's alert about the database behind it), else
/// to the exporter whose silence reads as the service's (a blackbox exporter that is away).
void link_symptom(Finding& finding, const std::vector<Finding>& findings,
                  const Primaries& primaries, const Graph& graph) {
    if (is_of_nobody(finding) || !may_follow(finding.failure)) return;
    const auto own = primaries.find(finding.component);
    if (own != primaries.end() && follows_from_own(finding, findings[own->second])) {
        finding.caused_by.push_back(findings[own->second].id);
        return;
    }
    link_to(finding, graph.needs, findings, primaries);
    if (finding.caused_by.empty() && finding.failure == Failure::reported)
        link_to(finding, graph.watched_by, findings, primaries);
}

} // namespace

void annotate(std::vector<Finding>& findings, const Graph& graph) {
    const auto primaries = primaries_of(findings);
    const auto links = without_circles(links_between(findings, primaries, graph));
    for (std::size_t i = 0; i < findings.size(); ++i) {
        auto& finding = findings[i];
        if (!is_problem(finding)) continue;
        finding.caused_by.clear();
        const auto primary = primaries.find(finding.component);
        if (primary == primaries.end() || primary->second != i) {
            link_symptom(finding, findings, primaries, graph);
            continue;
        }
        const auto found = links.find(finding.component);
        if (found == links.end()) continue;
        for (const auto& parent : found->second)
            finding.caused_by.push_back(findings[primaries.at(parent)].id);
    }
}

} // namespace cause
