// SPDX-License-Identifier: MIT
#include "config/discover.hpp"
#include "config/recognise.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace config {
namespace {

struct Candidate {
    std::set<std::string> services{};
    std::set<std::string> folders{};
};

using Candidates = std::map<std::string, Candidate>;

Candidates candidates_on(const std::vector<facts::Docker>& engines) {
    Candidates all;
    for (const auto& engine : engines) {
        for (const auto& container : engine.containers) {
            if (container.project.empty()) continue;
            auto& candidate = all[container.project];
            candidate.services.insert(container.service);
            const auto folder = container.labels.find("com.docker.compose.project.working_dir");
            if (folder != container.labels.end()) candidate.folders.insert(folder->second);
        }
        if (!engine.cluster) continue;
        for (const auto& service : engine.cluster->services) {
            if (!service.stack.empty()) all[service.stack].services.insert(service.service);
        }
    }
    return all;
}

/// The gallery draws (gan), keeps its art in IPFS or sells it by contract, and has a front: three
/// of its five kinds of services, one of them its own, tell it from any other web shop.
bool is_gallery(const Candidate& candidate) {
    using Words = std::vector<std::string_view>;
    static const std::array<Words, 5> k_kinds{Words{"gan*"}, Words{"ipfs", "kubo"},
                                              Words{"frontend", "web"}, Words{"api", "backend"},
                                              Words{"postgres", "db", "database", "redis"}};
    int found = 0;
    bool own = false;
    for (std::size_t i = 0; i < k_kinds.size(); ++i) {
        const bool has = std::ranges::any_of(candidate.services, [&](const std::string& service) {
            return has_word(service, k_kinds.at(i));
        });
        found += has ? 1 : 0;
        own = own || (has && i < 2);
    }
    return own && found >= 3;
}

template <class Matches>
std::string only_one(const Candidates& candidates, Matches matches) {
    std::string name;
    for (const auto& [project, candidate] : candidates) {
        if (!matches(project, candidate)) continue;
        if (!name.empty()) return {};
        name = project;
    }
    return name;
}

core::Error missing(std::string reason, std::string hint) {
    core::Error error;
    error.kind = core::ErrorKind::missing;
    error.what = "choose the compose project";
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

std::string names_of(const Candidates& candidates) {
    std::string names;
    for (const auto& [project, candidate] : candidates)
        names += (names.empty() ? "" : ", ") + core::printable(project);
    return names;
}

core::Error several(const Candidates& candidates) {
    return missing(fmt::format("{} run here: {}", core::count_of(std::ssize(candidates), "project"),
                               names_of(candidates)),
                   "name the gallery's by 'project:' in the configuration or by "
                   "COMPOSE_PROJECT_NAME");
}

core::Error absent(const std::string& named, const Candidates& candidates) {
    const auto others = candidates.empty() ? std::string{} : "; there is: " + names_of(candidates);
    return missing(fmt::format("no container of the project {} that COMPOSE_PROJECT_NAME names is "
                               "on the Engine{}",
                               core::printable(named), others),
                   "start it with 'docker-compose up -d', or correct COMPOSE_PROJECT_NAME");
}

} // namespace

core::Result<std::string> choose_project(const Config& config,
                                         const std::vector<facts::Docker>& engines,
                                         const Surroundings& surroundings) {
    if (!config.project.empty()) return config.project;
    const auto candidates = candidates_on(engines);
    if (const auto& named = surroundings.compose_project_name; !named.empty()) {
        if (candidates.contains(named)) return named;
        return std::unexpected(absent(named, candidates));
    }
    if (candidates.empty())
        return std::unexpected(missing("no container of a compose project is on the Engine",
                                       "start the gallery with 'docker-compose up -d', or write a "
                                       "configuration with 'endpoints:'"));
    if (candidates.size() == 1) return candidates.begin()->first;
    std::string here = only_one(candidates, [&](const auto&, const Candidate& candidate) {
        return candidate.folders.contains(surroundings.working_folder);
    });
    if (!here.empty()) return here;
    std::string gallery = only_one(
        candidates, [](const auto&, const Candidate& candidate) { return is_gallery(candidate); });
    if (!gallery.empty()) return gallery;
    return std::unexpected(several(candidates));
}

} // namespace config
