// SPDX-License-Identifier: MIT
//
// What the Engine says of a container has to be read in one order, or it misleads: a paused
// container is also "running", a stopped one still carries its last health ("unhealthy"), a crash
// loop is "running" in its short runs, and a one-shot that ended well is "exited" like a server
// that was stopped. So: state first, then why it ended, then restarts, and health only of what
// runs.
#include "health/services.hpp"

#include "core/text.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace health {
namespace {

using namespace std::chrono_literals;
using core::Failure;
using core::Judgement;
using facts::Container;
using facts::ContainerState;

constexpr std::size_t k_log_lines = 3;

std::string ago(std::optional<core::Time> then, core::Time now) {
    if (!then) return {};
    const auto span = std::chrono::duration_cast<std::chrono::microseconds>(now - *then);
    return span.count() < 0 ? " just now" : fmt::format(" {} ago", core::format_duration(span));
}

/// Picks the lines that a person would have looked for: the last ones that speak of trouble, else
/// simply the last ones.
std::vector<core::Evidence> log_evidence(const Container& container) {
    static constexpr std::string_view k_words[] = {"error",     "fatal",  "panic",
                                                   "exception", "killed", "refused",
                                                   "denied",    "failed", "traceback"};
    std::vector<core::Evidence> telling;
    for (const auto& line : container.last_log) {
        const auto lower = core::to_lower(line);
        if (std::ranges::any_of(k_words,
                                [&](auto word) { return lower.find(word) != std::string::npos; }))
            telling.push_back({"log", line});
    }
    if (telling.empty()) {
        for (const auto& line : container.last_log)
            telling.push_back({"log", line});
    }
    if (telling.size() > k_log_lines) telling.erase(telling.begin(), telling.end() - k_log_lines);
    return telling;
}

/// Whether the Engine starts it again whenever it ends by itself: then it has been stopped by hand.
bool would_be_restarted(const Container& container) {
    return container.state == ContainerState::exited && container.error.empty()
           && (container.restart_policy == "always"
               || container.restart_policy == "unless-stopped");
}

core::Failure failure_of(const Container& container) {
    if (container.oom_killed || container.exit_code == 137) return Failure::killed;
    const bool as_asked = container.exit_code == 0 || container.exit_code == 143;
    return as_asked || would_be_restarted(container) ? Failure::stopped : Failure::crashing;
}

Judgement stopped_judgement(const ServiceState& service, const Container& container,
                            const facts::Observations& seen) {
    if (container.exit_code == 0 && !container.oom_killed
        && container.state == ContainerState::exited && is_one_shot(service, container, seen))
        return ok(fmt::format("completed{}, exit code 0", ago(container.finished_at, seen.now)),
                  "completed");
    auto made = critical(fmt::format("exited{}, {}", ago(container.finished_at, seen.now),
                                     exit_in_words(container)));
    made.failure = failure_of(container);
    if (container.oom_killed && container.memory_limit.count > 0)
        made.message +=
            fmt::format(" · memory limit {}", core::format_bytes(container.memory_limit));
    if (!container.error.empty()) made.message += fmt::format(": {}", container.error);
    made.since = container.finished_at;
    return made;
}

/// A container in a crash loop: the Engine calls it "restarting" between the tries and "running"
/// during them, so restarts that go on count, not the word.
bool in_crash_loop(const Container& container, core::Time now) {
    constexpr auto k_young = 60s;
    return container.restart_count >= 3 && container.started_at
           && now - *container.started_at < k_young && container.finished_at
           && *container.started_at - *container.finished_at < 2min;
}

/// Returns since when the health check fails; nothing when that was before the runs in the log: an
/// Engine keeps the last five.
std::optional<core::Time> failing_since(const Container& container) {
    const auto& log = container.health_log;
    const auto last_good =
        std::find_if(log.rbegin(), log.rend(), [](const auto& run) { return run.exit_code == 0; });
    const auto bad = std::distance(log.rbegin(), last_good);
    const bool whole = last_good != log.rend() || container.failing_streak <= bad;
    if (bad == 0 || !whole) return std::nullopt;
    return (log.end() - bad)->ended;
}

Judgement unhealthy_judgement(const Container& container) {
    auto made = critical(fmt::format("health check fails, {} in a row",
                                     core::count_of(container.failing_streak, "time")));
    made.failure = Failure::unhealthy;
    if (container.health_log.empty()) return made;
    const auto& last = container.health_log.back();
    if (last.exit_code == -1)
        made.message += ": it timed out";
    else if (last.exit_code == 127)
        made.message += ": its command does not exist in the image (127)";
    else
        made.message += fmt::format(": exit code {}", last.exit_code);
    const auto output = core::trim(last.output);
    if (!output.empty())
        made.evidence.push_back({"health-check", std::string{output.substr(0, 300)}});
    made.since = failing_since(container);
    return made;
}

/// Podman has no process of its own that runs health checks: systemd's timers do, and where there
/// is none a check stays "starting" for ever, or "healthy" as it last was.
std::optional<Judgement> unrun_check(const Container& container, core::Time now) {
    if (container.health != "starting" && container.health != "healthy") return std::nullopt;
    const bool never = container.health_log.empty();
    const auto last = never ? container.started_at : container.health_log.back().ended;
    const auto patience = never ? 2min : 15min;
    if (!last || now - *last < patience) return std::nullopt;
    const auto span =
        core::format_duration(std::chrono::duration_cast<std::chrono::microseconds>(now - *last));
    auto made =
        unknown(fmt::format("it runs, but Podman has {}: it needs systemd's timers for that",
                            never ? fmt::format("not run its health check in {}", span)
                                  : fmt::format("last run its health check {} ago", span)));
    made.remediation = fmt::format("podman healthcheck run {}", container.name);
    return made;
}

Judgement running_judgement(const ServiceState& service, const Container& container,
                            const facts::Observations& seen) {
    if (service.on_podman) {
        if (auto unrun = unrun_check(container, seen.now)) return *std::move(unrun);
    }
    if (in_crash_loop(container, seen.now)) {
        auto made =
            critical(fmt::format("crash loop: {} restarts, the last one{}", container.restart_count,
                                 ago(container.started_at, seen.now)));
        made.failure = container.oom_killed ? Failure::killed : Failure::crashing;
        return made;
    }
    if (container.health == "unhealthy") return unhealthy_judgement(container);
    if (container.health == "starting") {
        auto made = warning(fmt::format("started{}, its health check has not passed yet",
                                        ago(container.started_at, seen.now)));
        made.failure = Failure::unhealthy;
        made.since = container.started_at;
        return made;
    }
    // It may have started since this run began.
    const auto up = container.started_at
                        ? std::max<core::Time::duration>(seen.now - *container.started_at, 0s)
                        : 0s;
    const auto message = fmt::format(
        "up {}{}", core::format_duration(std::chrono::duration_cast<std::chrono::microseconds>(up)),
        container.health.empty() ? ", no health check" : ", healthy");
    return ok(message, container.health.empty() ? "running" : "healthy");
}

Judgement state_judgement(const ServiceState& service, const Container& container,
                          const facts::Observations& seen) {
    switch (container.state) {
    case ContainerState::running:
        return running_judgement(service, container, seen);
    case ContainerState::exited:
    case ContainerState::dead:
        return stopped_judgement(service, container, seen);
    case ContainerState::paused: {
        auto made = critical("paused: its processes are frozen");
        made.failure = Failure::paused;
        made.remediation = fmt::format("docker unpause {}", container.name);
        return made;
    }
    case ContainerState::restarting: {
        auto made = critical(fmt::format("restarting, {} so far; last end: {}",
                                         core::count_of(container.restart_count, "restart"),
                                         exit_in_words(container)));
        made.failure = container.oom_killed ? Failure::killed : Failure::crashing;
        return made;
    }
    case ContainerState::created: {
        auto made = critical("created but never started");
        if (!container.error.empty()) made.message += ": " + container.error;
        made.failure = Failure::stopped;
        return made;
    }
    case ContainerState::removing:
        return warning("being removed");
    case ContainerState::unknown:
        break;
    }
    return unknown(container.error.empty()
                       ? "the Engine reports a state that this version does not know"
                       : container.error);
}

bool depended_on(const ServiceState& service, const facts::Observations& seen) {
    if (!seen.compose) return false;
    return std::ranges::any_of(seen.compose->services, [&](const auto& entry) {
        const auto found = entry.second.depends_on.find(service.name);
        return found != entry.second.depends_on.end()
               && found->second != "service_completed_successfully";
    });
}

using ByPlace = std::map<std::pair<std::string, std::string>, ServiceState>; // service, engine

/// Whether a manager of a swarm tells of the service, with its replicas wherever they run.
bool told_by_swarm(const std::string& name, const facts::Observations& seen) {
    return std::ranges::any_of(seen.engines, [&](const auto& engine) {
        if (!engine.result || !engine.result->cluster) return false;
        const auto& told = engine.result->cluster->services;
        return std::ranges::find(told, name, &facts::SwarmService::service) != told.end();
    });
}

/// How many containers of the service are expected on all Engines together.
std::int64_t wanted_of(const ServiceState& service) {
    if (service.settings != nullptr && service.settings->replicas)
        return *service.settings->replicas;
    return service.declared != nullptr ? service.declared->replicas : 1;
}

ByPlace existing_services(const facts::Observations& seen) {
    ByPlace by_place;
    for (const auto& engine : seen.engines) {
        if (!engine.result) continue;
        for (const auto& container : engine.result->containers) {
            if (container.one_off) continue;
            auto& state = by_place[{container.service, engine.name}];
            state.name = container.service;
            state.engine = engine.target;
            state.on_podman = engine.result->server == "podman";
            state.containers.push_back(&container);
        }
    }
    return by_place;
}

/// Adds the services that are expected and missing: when every Engine answered and none has them.
void add_missing(ByPlace& by_place, const facts::Observations& seen, const config::Config& config) {
    // Without a project no container was kept, so that none can be missed.
    const bool no_project = config.project.empty() && !seen.discovery_problem.empty();
    if (!all_engines_answered(seen) || no_project) return;
    std::set<std::string> names;
    for (const auto& [place, state] : by_place)
        names.insert(place.first);
    const auto expect = [&](const std::string& name) {
        const auto settings = config.services.find(name);
        const bool none =
            settings != config.services.end() && settings->second.replicas.value_or(1) == 0;
        if (none || names.contains(name) || told_by_swarm(name, seen)) return;
        auto& state = by_place[{name, ""}];
        state.name = name;
        state.engine = seen.engines.front().target;
    };
    if (seen.compose) {
        for (const auto& [name, service] : seen.compose->services) {
            if (service.profiles.empty() && service.replicas > 0) expect(name);
        }
    }
    for (const auto& [name, service] : config.services) {
        if (service.expected != config::Expected::absent) expect(name);
    }
}

} // namespace

std::string exit_in_words(const Container& container) {
    const int code = container.exit_code;
    if (container.oom_killed) return fmt::format("OOM-killed ({})", code);
    switch (code) {
    case 0:
        return "exit code 0";
    case 125:
        return "the Engine could not start it (125)";
    case 126:
        return "command not executable (126)";
    case 127:
        return "command not found (127)";
    case 134:
        return "aborted, SIGABRT (134)";
    case 137:
        return "killed, SIGKILL (137)";
    case 139:
        return "segmentation fault, SIGSEGV (139)";
    case 143:
        return "terminated, SIGTERM (143)";
    default:
        return fmt::format("exit code {}", code);
    }
}

bool is_one_shot(const ServiceState& service, const Container& container,
                 const facts::Observations& seen) {
    if (service.settings != nullptr && service.settings->expected)
        return *service.settings->expected == config::Expected::completed;
    if (seen.compose && seen.compose->waited_for_completion(service.name)) return true;
    const bool never_restarted =
        container.restart_policy.empty() || container.restart_policy == "no";
    const bool publishes =
        std::ranges::any_of(container.ports, [](const auto& port) { return port.host != 0; });
    const bool declared_server = service.declared != nullptr && service.declared->has_healthcheck;
    return never_restarted && container.health.empty() && !publishes && !declared_server
           && !depended_on(service, seen);
}

Judgement judge_container(const ServiceState& service, const Container& container,
                          const facts::Observations& seen) {
    auto made = state_judgement(service, container, seen);
    if (made.verdict == core::Verdict::ok) return made;
    for (auto& line : log_evidence(container))
        made.evidence.push_back(std::move(line));
    if (const auto task = container.labels.find("com.docker.swarm.service.name");
        task != container.labels.end() && made.failure != Failure::paused)
        made.remediation = fmt::format("docker service ps --no-trunc {}", task->second);
    if (made.remediation.empty())
        made.remediation = made.failure == Failure::stopped || made.failure == Failure::killed
                               ? fmt::format("docker-compose up -d {}", service.name)
                               : fmt::format("docker-compose logs --tail=50 {}", service.name);
    return made;
}

bool is_declared_one_shot(const ServiceState& service, const facts::Observations& seen) {
    if (service.settings != nullptr && service.settings->expected)
        return *service.settings->expected == config::Expected::completed;
    if (service.declared == nullptr) return false;
    if (seen.compose && seen.compose->waited_for_completion(service.name)) return true;
    return service.declared->given.contains("restart") && service.declared->restart == "no"
           && !service.declared->has_healthcheck && !depended_on(service, seen);
}

bool all_engines_answered(const facts::Observations& seen) {
    return !seen.engines.empty() && std::ranges::all_of(seen.engines, [](const auto& engine) {
        return engine.result.has_value();
    });
}

std::vector<ServiceState> services(const facts::Observations& seen, const config::Config& config) {
    auto by_place = existing_services(seen);
    add_missing(by_place, seen, config);
    std::map<std::string, std::int64_t> counts;
    for (const auto& [place, state] : by_place)
        counts[state.name] += std::ssize(state.containers);
    std::vector<ServiceState> all;
    for (auto& [place, state] : by_place) {
        state.subject = seen.engines.size() > 1 && !place.second.empty()
                            ? state.name + "@" + place.second
                            : state.name;
        if (seen.compose) {
            const auto declared = seen.compose->services.find(state.name);
            if (declared != seen.compose->services.end()) state.declared = &declared->second;
        }
        const auto settings = config.services.find(state.name);
        if (settings != config.services.end()) state.settings = &settings->second;
        state.elsewhere = counts[state.name] - std::ssize(state.containers);
        if (all_engines_answered(seen) && !told_by_swarm(state.name, seen))
            state.wanted = wanted_of(state) - state.elsewhere;
        all.push_back(std::move(state));
    }
    return all;
}

} // namespace health
