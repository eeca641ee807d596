// SPDX-License-Identifier: MIT
#include "health/services.hpp"

#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace health::checks {
namespace {

using core::Failure;
using core::Judgement;
using core::Verdict;

/// Whether something besides the Engines was asked, which tells itself how it is.
bool has_targets(const facts::Observations& seen) {
    return !seen.endpoints.empty() || !seen.postgres.empty() || !seen.redis.empty()
           || !seen.ipfs.empty() || !seen.prometheus.empty() || !seen.alertmanager.empty()
           || !seen.grafana.empty() || !seen.ethereum.empty();
}

Judgement judge_absence(const facts::Observations& seen, const config::Config& config) {
    if (config.project.empty()) return unknown(seen.discovery_problem);
    if (seen.compose && !seen.compose->services.empty() && all_engines_answered(seen))
        return skipped("no container of the project exists: each service that the compose file "
                       "expects is a finding of its own");
    const bool is_open = has_targets(seen) || !all_engines_answered(seen);
    auto made = is_open ? unknown(seen.discovery_problem) : critical(seen.discovery_problem);
    if (!is_open) made.failure = Failure::stopped;
    made.remediation = "docker-compose up -d; or correct the project's name: docker-compose ls";
    return made;
}

std::vector<Judged> judge_discovery(const facts::Observations& seen, const config::Config& config,
                                    const core::CheckSpec& /*spec*/) {
    auto made = seen.discovery_problem.empty() ? ok("found") : judge_absence(seen, config);
    return {{"discovery",
             config.project.empty() ? "gallery" : config.project,
             {},
             {},
             std::move(made)}};
}

Judgement judge_engine(const facts::Docker& engine, const config::Config& /*config*/,
                       core::Time /*now*/) {
    const auto word = engine.server == "podman" ? "Podman" : "Docker";
    return ok(fmt::format(
        "{} {}, API {}, {}", word, engine.engine_version, engine.api_version,
        core::count_of(static_cast<std::int64_t>(engine.containers.size()), "container")));
}

Judgement missing(const ServiceState& service, const facts::Observations& seen) {
    if (is_declared_one_shot(service, seen))
        return skipped("no container: a one-shot, which completed and was removed or never ran");
    auto made = critical(fmt::format("no container: {} expects it", service.declared != nullptr
                                                                        ? "the compose file"
                                                                        : "the configuration"));
    made.failure = Failure::stopped;
    made.remediation = fmt::format("docker-compose up -d {}", service.name);
    return made;
}

/// Joins the judgements of a service's containers: the worst one speaks, with how many are well.
Judgement judge_service(const ServiceState& service, const facts::Observations& seen) {
    if (service.containers.empty()) return missing(service, seen);
    std::vector<Judgement> each;
    each.reserve(service.containers.size());
    for (const auto* container : service.containers)
        each.push_back(judge_container(service, *container, seen));
    const auto well = std::ranges::count(each, Verdict::ok, &Judgement::verdict);
    auto worst = *std::ranges::max_element(each, {}, &Judgement::verdict);
    const auto total = std::max<std::int64_t>(service.wanted, std::ssize(each));
    if (total > 1) {
        const auto others =
            service.elsewhere > 0 ? fmt::format(", {} on other Engines", service.elsewhere) : "";
        worst.message =
            fmt::format("{} of {} containers well{}: {}", well, total, others, worst.message);
        if (well < total && worst.verdict == Verdict::ok) worst.verdict = Verdict::warning;
        if (well > 0 && worst.verdict == Verdict::critical) worst.verdict = Verdict::warning;
    }
    worst.measured =
        core::Measured{.value = well, .unit = "containers", .expected = std::to_string(total)};
    return worst;
}

Judgement unexpected(const ServiceState& service) {
    const bool runs = std::ranges::any_of(service.containers, [](const auto* container) {
        return container->state == facts::ContainerState::running;
    });
    return runs ? warning("it runs, but the configuration expects it to be absent")
                : ok("absent, as expected");
}

std::vector<Judged> judge_services(const facts::Observations& seen, const config::Config& config,
                                   const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& service : services(seen, config)) {
        const bool absent =
            service.settings != nullptr && service.settings->expected == config::Expected::absent;
        all.push_back({service.subject,
                       service.name,
                       service.engine,
                       {},
                       absent ? unexpected(service) : judge_service(service, seen)});
    }
    return all;
}

/// Calls `judge_one` for every running container that is not in trouble anyway.
template <class Judge>
std::vector<Judged> each_container(const facts::Observations& seen, const config::Config& config,
                                   Judge judge_one) {
    std::vector<Judged> all;
    for (const auto& service : services(seen, config)) {
        for (const auto* container : service.containers) {
            std::optional<Judgement> made = judge_one(service, *container);
            if (!made) continue;
            const auto subject = service.containers.size() > 1 ? container->name : service.subject;
            all.push_back({subject, service.name, container->name, {}, std::move(*made)});
        }
    }
    return all;
}

std::vector<Judged> judge_restarts(const facts::Observations& seen, const config::Config& config,
                                   const core::CheckSpec& /*spec*/) {
    using namespace std::chrono_literals;
    return each_container(
        seen, config, [&](const auto&, const auto& container) -> std::optional<Judgement> {
            if (container.state != facts::ContainerState::running || !container.started_at)
                return std::nullopt;
            const auto limit = config.thresholds.restarts;
            const auto up = std::chrono::duration_cast<std::chrono::microseconds>(
                std::max<core::Time::duration>(seen.now - *container.started_at, 0s));
            const auto message =
                fmt::format("{} by the Engine, up {} (limit {} with the last within 1 h)",
                            core::count_of(container.restart_count, "restart"),
                            core::format_duration(up), limit);
            auto made =
                container.restart_count >= limit && up < 1h ? warning(message) : ok(message);
            made.since = container.started_at;
            made.measured = figure(container.restart_count, "count");
            made.measured->warn = limit;
            if (made.verdict == Verdict::warning) made.failure = Failure::crashing;
            return made;
        });
}

Judgement judge_reach(const facts::Container& container) {
    if (container.reach == facts::Reach::answered)
        return ok(fmt::format("it answers at {}", container.reach_address));
    auto made = critical(fmt::format("it runs, but nothing comes back from {}, while others of its "
                                     "network answer",
                                     container.reach_address));
    made.failure = Failure::cut;
    return made;
}

std::vector<Judged> judge_networks(const facts::Observations& seen, const config::Config& config,
                                   const core::CheckSpec& /*spec*/) {
    return each_container(seen, config,
                          [](const auto&, const auto& container) -> std::optional<Judgement> {
                              if (container.reach == facts::Reach::unknown) return std::nullopt;
                              return judge_reach(container);
                          });
}

/// Judges a running container whose usage is not known; nothing about one that does not run.
std::optional<Judgement> unmeasured(const facts::Container& container) {
    if (container.usage_problem.empty()) return std::nullopt;
    return unknown("not measured: " + container.usage_problem);
}

std::vector<Judged> judge_cpu(const facts::Observations& seen, const config::Config& config,
                              const core::CheckSpec& /*spec*/) {
    return each_container(
        seen, config, [&](const auto&, const auto& container) -> std::optional<Judgement> {
            if (!container.usage) return unmeasured(container);
            const auto& usage = *container.usage;
            if (usage.cpu_limit_cores <= 0)
                return unknown("the Engine does not tell how many CPUs it may use");
            const auto what = fmt::format(
                "cpu {{}}, {} of {} cores over {}", core::format_number(usage.cpu_cores, 2),
                core::format_number(usage.cpu_limit_cores, 2), core::format_duration(usage.window));
            return judge_share(share_of(usage.cpu_cores, usage.cpu_limit_cores),
                               {config.thresholds.cpu}, what, {});
        });
}

std::vector<Judged> judge_memory(const facts::Observations& seen, const config::Config& config,
                                 const core::CheckSpec& /*spec*/) {
    return each_container(
        seen, config, [&](const auto&, const auto& container) -> std::optional<Judgement> {
            if (!container.usage) return unmeasured(container);
            const auto& usage = *container.usage;
            if (usage.memory_limit.count == 0)
                return unknown("the Engine tells no memory figures of it");
            const auto share = share_of(static_cast<double>(usage.memory.count),
                                        static_cast<double>(usage.memory_limit.count));
            const auto what = core::format_bytes_of(usage.memory, usage.memory_limit)
                              + (usage.memory_limited ? "" : " of the host");
            auto made = judge_share(share, {config.thresholds.memory, k_nearly_full},
                                    "memory {}, " + what, {});
            if (made.verdict != Verdict::ok)
                made.remediation = fmt::format(
                    "docker-compose restart {} buys time; raise its memory limit, or find the leak",
                    container.service);
            return made;
        });
}

std::vector<Judged> judge_images(const facts::Observations& seen, const config::Config& config,
                                 const core::CheckSpec& /*spec*/) {
    return each_container(
        seen, config, [&](const auto&, const auto& container) -> std::optional<Judgement> {
            const bool drifted = !container.current_image_id.empty() && !container.image_id.empty()
                                 && container.current_image_id != container.image_id;
            if (!drifted) return std::nullopt;
            return ok(fmt::format("runs an older image than the one that {} names now; "
                                  "docker-compose up -d {} takes the new one",
                                  container.image, container.service),
                      fmt::format("{} runs an older image", container.service));
        });
}

} // namespace

const Check k_gallery{
    {.id = "health.gallery",
     .title = "Gallery found",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Says whether there was a gallery to look at: one that the configuration names, or a "
             "compose project on a Docker Engine.",
     .why = "A check that found nothing to look at must not read as success.",
     .threshold =
         "Unknown when neither a target is configured nor one compose project could be chosen, or "
         "when the project that is named has no container; critical when every Engine answered "
         "that and nothing else is looked at.",
     .setting = "project, docker.hosts",
     .remediation = "name the project: COMPOSE_PROJECT_NAME=gallery gallery-ops health, or write a "
                    "configuration: gallery-ops config init",
     .reference = "docs/configuration.md",
     .when_unreachable = core::Verdict::unknown},
    judge_discovery};

const Check k_engine{
    {.id = "health.docker-engine",
     .title = "Docker Engine",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Asks the Engine for its version and for the gallery's containers.",
     .why = "Without the Engine nothing can be said about the services, and nothing restarts them.",
     .threshold =
         "Critical when it can't be reached; unknown when this user may not open its socket.",
     .setting = "docker.hosts",
     .remediation = "systemctl status docker; journalctl -u docker --since -10min",
     .reference = "Docker Engine API, system ping and version"},
    each<&facts::Observations::engines, judge_engine>};

const Check k_service{
    {.id = "health.docker",
     .title = "Service state",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Compares the services that the compose file expects with the containers that exist: "
             "missing, exited, killed for memory, restarting, paused, unhealthy, or completed for "
             "a one-shot.",
     .why = "A service that is down is an outage, whatever its neighbours still answer.",
     .threshold = "Critical when a service is not running and not completed, or its health check "
                  "fails; warning while a health check has not passed yet, or when some of several "
                  "replicas are down; skipped for a one-shot that has no container any more.",
     .setting = "services.NAME.expected, services.NAME.replicas",
     .remediation = "docker-compose ps; docker-compose logs --tail=50 SERVICE",
     .reference = "Docker Engine API, container inspect"},
    judge_services};

const Check k_restarts{
    {.id = "health.docker-restarts",
     .title = "Container restarts",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Counts how often the Engine restarted a container by its restart policy.",
     .why = "A service that dies every quarter of an hour looks healthy in between.",
     .threshold = "Warning from 3 restarts when the last was within an hour.",
     .setting = "thresholds.restarts",
     .remediation = "docker-compose logs --tail=200 SERVICE; look for what it said before each end",
     .reference = "Docker Engine API, container inspect (RestartCount)",
     .by_clock = true},
    judge_restarts};

const Check k_container_network{
    {.id = "health.docker-network",
     .title = "Container network",
     .group = "containers",
     .section = "daily/system-health-check",
     .what = "Tries one TCP connection to each running container's own address, past published "
             "ports and their proxy. A container that is on the network takes it or refuses it.",
     .why = "A container that is cut off still runs, and its own health check, which asks itself, "
            "still passes.",
     .threshold =
         "Critical when nothing comes back within 1.2 s while other containers of the same "
         "network answer. Local Engines only; not judged where no container answers.",
     .remediation = "docker network inspect NETWORK; nft list ruleset, also inside the container: "
                    "nsenter -t PID -n nft list ruleset",
     .reference = "RFC 9293, section 3.10.7"},
    judge_networks};

const Check k_container_cpu{{.id = "health.container-cpu",
                             .title = "Container CPU",
                             .group = "containers",
                             .section = "daily/system-health-check",
                             .what = "Takes the CPU time that a container used between two looks "
                                     "against its quota, or all cores of the host.",
                             .why = "A container at its quota is throttled: every request waits.",
                             .threshold = "Warning from 80 %.",
                             .setting = "thresholds.cpu",
                             .remediation = "docker stats; scale the service or raise its quota",
                             .reference = "Linux kernel, cgroup v1 cpuacct and v2 cpu.stat"},
                            judge_cpu};

const Check k_container_memory{
    {.id = "health.container-memory",
     .title = "Container memory",
     .group = "containers",
     .section = "daily/system-health-check",
     .what = "Takes the working set (without page cache that can be dropped) against the "
             "container's limit, or the host's memory.",
     .why = "At its limit the kernel kills the service.",
     .threshold = "Warning from 85 %, critical from 97 %.",
     .setting = "thresholds.memory",
     .remediation = "docker stats; raise the limit or find the leak",
     .reference = "Linux kernel, cgroup v1 memory.stat and v2 memory.current"},
    judge_memory};

const Check k_image{
    {.id = "health.docker-image",
     .title = "Image drift",
     .group = "services",
     .section = "monthly/dependency-updates",
     .what = "Notes a container that runs an older image than the one its tag names now.",
     .why = "A pulled or built update takes effect only with the next up.",
     .threshold = "Never an alarm: a note.",
     .remediation = "docker-compose up -d SERVICE",
     .reference = "Docker Engine API, image inspect"},
    judge_images};

} // namespace health::checks
