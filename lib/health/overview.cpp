// SPDX-License-Identifier: MIT
#include "health/overview.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "health/services.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace health {
namespace {

using facts::ContainerState;

std::string_view state_name(ContainerState state) {
    switch (state) {
    case ContainerState::created:
        return "created";
    case ContainerState::running:
        return "running";
    case ContainerState::paused:
        return "paused";
    case ContainerState::restarting:
        return "restarting";
    case ContainerState::removing:
        return "removing";
    case ContainerState::exited:
        return "exited";
    case ContainerState::dead:
        return "dead";
    case ContainerState::unknown:
        break;
    }
    return "unknown";
}

/// A one-shot that ended well is "completed", not "exited".
std::string shown_state(const ServiceState& service, const facts::Container& container,
                        const facts::Observations& seen) {
    const bool ended_well = container.state == ContainerState::exited && container.exit_code == 0
                            && is_one_shot(service, container, seen);
    return std::string{ended_well ? "completed" : state_name(container.state)};
}

report::Cell since_cell(const facts::Container& container) {
    const auto& time =
        container.state == ContainerState::exited ? container.finished_at : container.started_at;
    if (!time) return {};
    return core::format_utc(*time);
}

std::string verdict_of(const std::string& subject, const std::vector<core::Finding>& findings) {
    const auto found = std::ranges::find(findings, "health.docker." + subject, &core::Finding::id);
    return std::string{
        core::name(found == findings.end() ? core::Verdict::unknown : found->verdict)};
}

} // namespace

report::Block services_block(const facts::Observations& seen, const config::Config& config,
                             const std::vector<core::Finding>& findings) {
    report::Table table;
    table.columns = {"service", "container", "state", "health", "restarts", "since", "verdict"};
    for (const auto& service : services(seen, config)) {
        const auto verdict = verdict_of(service.subject, findings);
        if (service.containers.empty())
            table.rows.push_back(
                {service.subject, {}, std::string{"missing"}, {}, {}, {}, verdict});
        for (const auto* container : service.containers) {
            const report::Cell health =
                container->health.empty() ? report::Cell{} : report::Cell{container->health};
            table.rows.push_back(
                {service.subject, container->name, shown_state(service, *container, seen), health,
                 std::int64_t{container->restart_count}, since_cell(*container), verdict});
        }
    }
    report::Block block;
    block.id = "services";
    block.title = "Services";
    block.content = std::move(table);
    block.verbose = true;
    return block;
}

std::string scope(const facts::Observations& seen, const config::Config& config) {
    const auto answered = std::ranges::count_if(
        seen.engines, [](const auto& engine) { return engine.result.has_value(); });
    const auto found = std::ssize(services(seen, config));
    if (found > 0)
        return fmt::format("{} on {}", core::count_of(found, "service"),
                           core::count_of(answered, "host"));
    const auto targets = seen.endpoints.size() + seen.postgres.size() + seen.redis.size()
                         + seen.ipfs.size() + seen.prometheus.size() + seen.alertmanager.size()
                         + seen.grafana.size() + seen.ethereum.size();
    return targets > 0 ? core::count_of(static_cast<std::int64_t>(targets), "target") : "this host";
}

std::vector<std::string> notes(const facts::Observations& seen) {
    std::vector<std::string> all;
    const bool has_containers = std::ranges::any_of(seen.engines, [](const auto& engine) {
        return engine.result && !engine.result->containers.empty();
    });
    // A swarm's manager knows what is expected without any file.
    const bool knows_services = std::ranges::any_of(seen.engines, [](const auto& engine) {
        return engine.result && engine.result->cluster && !engine.result->cluster->services.empty();
    });
    if (has_containers && !knows_services && !seen.compose_problem.empty())
        all.push_back(fmt::format(
            "a service without any container would not be noticed: {}; set docker.compose_file",
            seen.compose_problem));
    if (seen.compose && !seen.compose->other_files.empty())
        all.push_back(fmt::format("what the compose file takes from {} is not read: a service that "
                                  "only stands there would not be missed; write 'docker-compose "
                                  "config' to a file and set docker.compose_file to that",
                                  core::join(seen.compose->other_files, ", ")));
    return all;
}

} // namespace health
