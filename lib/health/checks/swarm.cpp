// SPDX-License-Identifier: MIT
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace health::checks {
namespace {

using namespace std::chrono_literals;
using core::Failure;
using core::Judgement;
using core::Verdict;
using facts::Swarm;
using facts::SwarmNode;
using facts::SwarmService;
using facts::SwarmTask;

/// How long after a change of a service its tasks may still be on their way.
constexpr auto k_settling = 2min;
/// How far back a failed task is "lately".
constexpr auto k_lately = 1h;

/// Calls `visit(engine, swarm)` for every Engine that is in a swarm.
template <class Visit>
void each_swarm(const facts::Observations& seen, Visit visit) {
    for (const auto& engine : seen.engines) {
        if (engine.result && engine.result->cluster) visit(engine, *engine.result->cluster);
    }
}

/// Calls `visit(engine, part)` for every node or service that the swarms' managers tell, once each:
/// several managers of one swarm tell the same.
template <class Part, class Visit>
void each_part(const facts::Observations& seen, std::vector<Part> Swarm::* parts, Visit visit) {
    std::set<std::string> known;
    each_swarm(seen, [&](const auto& engine, const Swarm& swarm) {
        for (const auto& part : swarm.*parts)
            if (known.insert(part.id).second) visit(engine, part);
    });
}

/// Adds "@host" where two swarms have something of the same name.
std::string told_apart(std::set<std::string>& used, const std::string& name,
                       const std::string& engine) {
    return used.insert(name).second ? name : name + "@" + engine;
}

// --- the swarm as an Engine tells of it

/// Whether a manager among the Engines knows this one as a node of its swarm.
bool has_manager(const facts::Observations& seen, const std::string& node) {
    bool found = false;
    each_swarm(seen, [&](const auto&, const Swarm& swarm) {
        found = found
                || (!node.empty()
                    && std::ranges::find(swarm.nodes, node, &SwarmNode::id) != swarm.nodes.end());
    });
    return found;
}

Judgement judge_membership(const facts::Observations& seen, const Swarm& swarm) {
    if (swarm.problem.empty()) {
        const auto managers = std::ranges::count(swarm.nodes, "manager", &SwarmNode::role);
        return ok(fmt::format("manager of {}, {} of them {}, {} of the gallery",
                              core::count_of(std::ssize(swarm.nodes), "node"), managers,
                              managers == 1 ? "a manager" : "managers",
                              core::count_of(std::ssize(swarm.services), "service")));
    }
    if (swarm.state == "active" && !swarm.manager) {
        if (has_manager(seen, swarm.node)) return ok("a worker; its manager tells of the services");
        auto made = unknown("a worker of a swarm: only a manager knows its services, tasks and "
                            "nodes, and none is among docker.hosts");
        made.remediation = "name a manager's Engine under docker.hosts, beside this one";
        return made;
    }
    if (swarm.state.empty())
        return unknown("it is in a swarm, and does not tell of it: " + swarm.problem);
    auto made =
        critical(fmt::format("the swarm can't be asked ({}): {}", swarm.state, swarm.problem));
    if (swarm.state == "locked") made.remediation = "docker swarm unlock";
    made.failure = Failure::broken;
    return made;
}

std::vector<Judged> judge_swarms(const facts::Observations& seen, const config::Config& /*config*/,
                                 const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    each_swarm(seen, [&](const auto& engine, const Swarm& swarm) {
        all.push_back({engine.name, {}, engine.target, {}, judge_membership(seen, swarm)});
    });
    return all;
}

// --- nodes

Judgement judge_swarm_node(const SwarmNode& node) {
    const auto role = node.leader ? std::string{"manager, the leader"} : node.role;
    const auto why = node.message.empty() ? std::string{} : ": " + node.message;
    if (node.state != "ready") {
        auto made = node.state == "unknown"
                        ? unknown(fmt::format("its state is not known to the managers{}", why))
                        : critical(fmt::format("{} ({}){}", node.state, role, why));
        made.failure = Failure::timeout;
        return made;
    }
    if (node.reachability == "unreachable") {
        auto made = critical("the other managers can't reach this manager");
        made.failure = Failure::timeout;
        return made;
    }
    if (node.availability != "active") {
        auto made =
            warning(node.availability == "drain"
                        ? "drained: it takes no tasks, its own were moved"
                        : fmt::format("availability {}: it takes no new tasks", node.availability));
        made.remediation =
            fmt::format("docker node update --availability active {}", node.hostname);
        return made;
    }
    return ok(fmt::format("ready ({})", role));
}

std::vector<Judged> judge_nodes(const facts::Observations& seen, const config::Config& /*config*/,
                                const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    std::set<std::string> used;
    each_part(seen, &Swarm::nodes, [&](const auto& engine, const SwarmNode& node) {
        all.push_back({told_apart(used, node.hostname, node.id),
                       "swarm",
                       engine.target,
                       {},
                       judge_swarm_node(node)});
    });
    return all;
}

// --- services

std::string ago(std::optional<core::Time> then, core::Time now) {
    if (!then || *then > now) return {};
    return core::format_duration(std::chrono::duration_cast<std::chrono::microseconds>(now - *then))
           + " ago";
}

std::string in_words(const SwarmTask& task, core::Time now) {
    auto words = task.state;
    if (!task.node.empty()) words += " on " + task.node;
    if (const auto when = ago(task.time, now); !when.empty()) words += " " + when;
    return task.error.empty() ? words : words + ": " + task.error;
}

void add_evidence(Judgement& made, const std::vector<SwarmTask>& tasks, core::Time now) {
    constexpr std::size_t k_most = 3;
    for (const auto& task : tasks) {
        if (made.evidence.size() >= k_most) return;
        made.evidence.push_back({"task", in_words(task, now)});
    }
}

bool is_job(const SwarmService& service) {
    return service.mode.ends_with("-job");
}

Judgement judge_job(const SwarmService& service) {
    const auto done = fmt::format("{} of {} completed", service.completed, service.desired);
    if (service.completed >= service.desired) return ok(done, "completed");
    if (service.running + service.starting > 0) return ok(done + ", running");
    auto made = critical(done + ", and none is running");
    made.failure = Failure::crashing;
    return made;
}

Judgement judge_replicas(const SwarmService& service, core::Time now) {
    if (service.desired == 0) return ok("scaled to no replica");
    const auto word = service.mode == "global" ? "nodes" : "replicas";
    const auto message = fmt::format("{} of {} {} running", service.running, service.desired, word);
    if (service.running >= service.desired)
        return ok(message, fmt::format("{} of {}", service.running, service.desired));
    const bool settling =
        service.starting > 0 && service.updated_at && now - *service.updated_at < k_settling;
    auto made = service.running > 0 || settling ? warning(message) : critical(message);
    if (service.starting > 0) made.message += fmt::format(", {} on the way", service.starting);
    if (!service.waiting.empty())
        made.message += ": " + service.waiting.front().error;
    else if (!service.failed.empty() && !service.failed.front().error.empty())
        made.message += ": the last task failed, " + service.failed.front().error;
    made.failure = settling                 ? Failure::unhealthy
                   : service.failed.empty() ? Failure::stopped
                                            : Failure::crashing;
    return made;
}

/// An update that the swarm stopped leaves replicas of two versions, whatever their number.
void judge_update(const SwarmService& service, Judgement& made) {
    if (service.update_state != "paused" && service.update_state != "rollback_paused") return;
    made.verdict = worst(made.verdict, Verdict::warning);
    made.message += fmt::format("; its {} stopped: {}",
                                service.update_state == "paused" ? "update" : "rollback",
                                service.update_message);
}

Judgement judge_service(const SwarmService& service, core::Time now) {
    auto made = is_job(service) ? judge_job(service) : judge_replicas(service, now);
    judge_update(service, made);
    made.measured = core::Measured{.value = is_job(service) ? service.completed : service.running,
                                   .unit = "replicas",
                                   .expected = std::to_string(service.desired)};
    if (made.verdict == Verdict::ok) return made;
    add_evidence(made, service.waiting, now);
    add_evidence(made, service.failed, now);
    made.remediation = fmt::format("docker service ps --no-trunc {}", service.name);
    return made;
}

Judgement judge_failures(const SwarmService& service, const config::Config& config,
                         core::Time now) {
    std::vector<SwarmTask> lately;
    std::ranges::copy_if(service.failed, std::back_inserter(lately), [&](const auto& task) {
        return task.time && now - *task.time < k_lately;
    });
    const auto limit = config.thresholds.restarts;
    const auto count = std::ssize(lately);
    if (count == 0) return ok("no task failed within 1 h");
    const auto message =
        fmt::format("{} failed within 1 h, the last {} (limit {})", core::count_of(count, "task"),
                    in_words(lately.front(), now), limit);
    auto made = count >= limit ? warning(message) : ok(message);
    made.measured = figure(static_cast<double>(count), "count");
    made.measured->warn = limit;
    if (made.verdict == Verdict::ok) return made;
    made.failure = Failure::reported; // it follows from the service's own state, where that is bad
    made.since = lately.back().time;
    add_evidence(made, lately, now);
    made.remediation = fmt::format("docker service logs --tail 50 {}", service.name);
    return made;
}

/// Runs `judge_one` for every service of the swarms.
template <class Judge>
std::vector<Judged> each_service(const facts::Observations& seen, Judge judge_one) {
    std::vector<Judged> all;
    std::set<std::string> used;
    each_part(seen, &Swarm::services, [&](const auto& engine, const SwarmService& service) {
        all.push_back({told_apart(used, service.service, engine.name),
                       service.service,
                       engine.target,
                       {},
                       judge_one(service)});
    });
    return all;
}

std::vector<Judged> judge_swarm_services(const facts::Observations& seen,
                                         const config::Config& /*config*/,
                                         const core::CheckSpec& /*spec*/) {
    return each_service(
        seen, [&](const SwarmService& service) { return judge_service(service, seen.now); });
}

std::vector<Judged> judge_swarm_tasks(const facts::Observations& seen, const config::Config& config,
                                      const core::CheckSpec& /*spec*/) {
    return each_service(seen, [&](const SwarmService& service) {
        return judge_failures(service, config, seen.now);
    });
}

} // namespace

const Check k_swarm{
    {.id = "health.swarm",
     .title = "Swarm",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Says what an Engine that belongs to a Docker Swarm can tell of it.",
     .why = "Only a manager knows what the swarm is to run; without one nothing is moved off a "
            "failed node.",
     .threshold = "Critical when the swarm is locked, without a leader or in an error; unknown for "
                  "a worker none of whose managers is asked.",
     .setting = "docker.hosts",
     .remediation = "docker info; docker node ls",
     .reference = "Docker Engine API, info (Swarm)",
     .when_unreachable = core::Verdict::unknown},
    judge_swarms};

const Check k_swarm_node{
    {.id = "health.swarm-node",
     .title = "Swarm node",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Looks at the state and the availability of every node of the swarm.",
     .why = "What ran on a node that is down runs elsewhere or not at all, and there is less room "
            "for the next failure.",
     .threshold = "Critical when a node is down or a manager can't be reached; warning when it is "
                  "drained or paused.",
     .remediation = "docker node ls; docker node inspect NODE --pretty",
     .reference = "Docker Engine API, node list",
     .when_unreachable = core::Verdict::unknown},
    judge_nodes};

const Check k_swarm_service{
    {.id = "health.swarm-service",
     .title = "Swarm service",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Takes the replicas of a service that run anywhere in the swarm against those that "
             "are wanted.",
     .why = "A swarm tries for ever; that it still has not succeeded shows only in the count.",
     .threshold = "Critical when none runs, warning when some do, while a change is not yet two "
                  "minutes old, or when an update was stopped.",
     .remediation = "docker service ps --no-trunc SERVICE",
     .reference = "Docker Engine API, service and task list",
     .when_unreachable = core::Verdict::unknown},
    judge_swarm_services};

const Check k_swarm_task{
    {.id = "health.swarm-task",
     .title = "Failed tasks",
     .group = "services",
     .section = "daily/system-health-check",
     .what = "Counts the tasks of a service that failed or were rejected within the last hour.",
     .why = "A swarm replaces what fails, so a service that dies every quarter of an hour looks "
            "well in between.",
     .threshold = "Warning from 3 failed tasks within an hour.",
     .setting = "thresholds.restarts",
     .remediation = "docker service logs --tail 50 SERVICE",
     .reference = "Docker Engine API, task list",
     .when_unreachable = core::Verdict::unknown},
    judge_swarm_tasks};

} // namespace health::checks
