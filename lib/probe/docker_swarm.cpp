// SPDX-License-Identifier: MIT
#include "probe/docker_swarm.hpp"

#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/docker_json.hpp"
#include "probe/mask.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace probe {
namespace {

using nlohmann::json;

constexpr std::size_t k_most_failed = 20;
constexpr std::size_t k_most_waiting = 3;

/// The path of a list, narrowed to one stack unless `project` is empty.
std::string stack_path(const std::string& api, std::string_view list, const std::string& project) {
    auto path = fmt::format("/v{}/{}", api, list);
    if (project.empty()) return path;
    const json filter = {{"label", {"com.docker.stack.namespace=" + project}}};
    return path + "?filters="
           + net::percent_encode(filter.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string message_of(const facts::Http& answer) {
    const auto message = json_text(json_of(answer.body), {"message"});
    return quoted_answer(message.empty() ? answer.body : message, core::Secret{});
}

/// An Engine outside of any swarm says how to begin one.
bool says_no_swarm(const facts::Http& answer) {
    if (answer.status == 404) return true; // no such call: podman
    const auto message = json_text(json_of(answer.body), {"message"});
    return message.find("docker swarm init") != std::string::npos;
}

/// Asks an Engine that told no nodes for its own place in the swarm.
std::optional<SwarmLook> ask_info(const EngineAddress& engine, const std::string& api,
                                  std::string problem, core::Deadline deadline,
                                  const std::stop_token& stop) {
    SwarmLook look;
    look.swarm.problem = std::move(problem);
    const auto answer = net::fetch(engine.get("/v" + api + "/info"), deadline, stop);
    if (!answer || answer->status != 200) return look;
    const json info = json_of(answer->body);
    look.swarm.state = json_text(info, {"Swarm", "LocalNodeState"});
    if (look.swarm.state == "inactive" || look.swarm.state.empty()) return std::nullopt;
    look.swarm.node = json_text(info, {"Swarm", "NodeID"});
    look.swarm.manager = json_flag(info, {"Swarm", "ControlAvailable"});
    if (const auto error = json_text(info, {"Swarm", "Error"}); !error.empty())
        look.swarm.problem = quoted_answer(error, core::Secret{});
    return look;
}

std::string without_stack(const std::string& name, const std::string& stack) {
    return !stack.empty() && name.starts_with(stack + "_") ? name.substr(stack.size() + 1) : name;
}

void read_mode(const json& mode, facts::SwarmService& service) {
    static constexpr std::pair<const char*, const char*> k_modes[] = {
        {"Replicated", "replicated"},
        {"Global", "global"},
        {"ReplicatedJob", "replicated-job"},
        {"GlobalJob", "global-job"}};
    for (const auto& [key, word] : k_modes)
        if (json_at(mode, {key}).is_object()) service.mode = word;
    if (service.mode == "replicated")
        service.desired = json_number(mode, {"Replicated", "Replicas"});
    if (service.mode == "replicated-job")
        service.desired =
            json_maybe_number(mode, {"ReplicatedJob", "TotalCompletions"}).value_or(1);
    service.desired = std::clamp<std::int64_t>(service.desired, 0, std::numeric_limits<int>::max());
}

bool has_ended(std::string_view state) {
    return state == "complete" || state == "shutdown" || state == "failed" || state == "rejected"
           || state == "orphaned" || state == "remove";
}

facts::SwarmTask task_of(const json& entry, const std::map<std::string, std::string>& hostnames) {
    facts::SwarmTask task;
    task.id = json_text(entry, {"ID"});
    const auto node = hostnames.find(json_text(entry, {"NodeID"}));
    if (node != hostnames.end()) task.node = node->second;
    task.slot = json_number(entry, {"Slot"});
    task.state = json_text(entry, {"Status", "State"});
    task.error = json_text(entry, {"Status", "Err"});
    task.time = json_time(entry, {"Status", "Timestamp"});
    const auto code = json_maybe_number(entry, {"Status", "ContainerStatus", "ExitCode"});
    if (code && *code >= -1 && *code <= 255) task.exit_code = static_cast<int>(*code);
    return task;
}

void count(facts::SwarmService& service, facts::SwarmTask task, std::string_view wanted,
           bool node_is_down) {
    const bool is_global = service.mode.starts_with("global");
    if (is_global && wanted != "shutdown" && wanted != "remove" && !node_is_down) ++service.desired;
    if (task.state == "complete") ++service.completed;
    if (task.state == "failed" || task.state == "rejected") {
        service.failed.push_back(std::move(task));
    } else if (task.state == "running") {
        // The tasks of a node that is down still say that they run.
        if (wanted == "running" && !node_is_down) ++service.running;
    } else if (wanted == "running" && !has_ended(task.state)) {
        ++service.starting;
        if (!task.error.empty() && service.waiting.size() < k_most_waiting)
            service.waiting.push_back(std::move(task));
    }
}

} // namespace

bool is_swarm_task(const facts::Container& container) {
    return container.labels.contains("com.docker.swarm.service.id");
}

std::optional<std::vector<facts::SwarmNode>> parse_nodes(std::string_view body) {
    const json answer = json_of(body);
    if (!answer.is_array()) return std::nullopt;
    std::vector<facts::SwarmNode> nodes;
    for (const auto& entry : answer) {
        facts::SwarmNode node;
        node.id = json_text(entry, {"ID"});
        if (node.id.empty()) continue;
        node.hostname = json_text(entry, {"Description", "Hostname"});
        if (node.hostname.empty()) node.hostname = node.id;
        node.role = json_text(entry, {"Spec", "Role"});
        node.availability = json_text(entry, {"Spec", "Availability"});
        node.state = json_text(entry, {"Status", "State"});
        node.message = json_text(entry, {"Status", "Message"});
        node.reachability = json_text(entry, {"ManagerStatus", "Reachability"});
        node.leader = json_flag(entry, {"ManagerStatus", "Leader"});
        nodes.push_back(std::move(node));
    }
    std::ranges::sort(nodes, {}, &facts::SwarmNode::hostname);
    return nodes;
}

std::optional<std::vector<facts::SwarmService>> parse_services(std::string_view body) {
    const json answer = json_of(body);
    if (!answer.is_array()) return std::nullopt;
    std::vector<facts::SwarmService> services;
    for (const auto& entry : answer) {
        facts::SwarmService service;
        service.id = json_text(entry, {"ID"});
        service.name = json_text(entry, {"Spec", "Name"});
        if (service.id.empty() || service.name.empty()) continue;
        service.stack = json_text(entry, {"Spec", "Labels", "com.docker.stack.namespace"});
        service.service = without_stack(service.name, service.stack);
        read_mode(json_at(entry, {"Spec", "Mode"}), service);
        service.update_state = json_text(entry, {"UpdateStatus", "State"});
        service.update_message = json_text(entry, {"UpdateStatus", "Message"});
        service.updated_at = json_time(entry, {"UpdatedAt"});
        services.push_back(std::move(service));
    }
    std::ranges::sort(services, {}, &facts::SwarmService::name);
    return services;
}

bool parse_tasks(std::string_view body, SwarmLook& look) {
    const json answer = json_of(body);
    if (!answer.is_array()) return false;
    std::map<std::string, facts::SwarmService*> by_id;
    for (auto& service : look.swarm.services)
        by_id[service.id] = &service;
    std::map<std::string, std::string> hostnames;
    std::set<std::string> down;
    for (const auto& node : look.swarm.nodes) {
        hostnames[node.id] = node.hostname;
        if (node.state == "down") down.insert(node.id);
    }
    for (const auto& entry : answer) {
        const auto wanted = json_text(entry, {"DesiredState"});
        auto task = task_of(entry, hostnames);
        const auto container = json_text(entry, {"Status", "ContainerStatus", "ContainerID"});
        const bool past = (wanted != "running" && wanted != "complete") || has_ended(task.state);
        if (!container.empty()) look.wanted[container] = !past || task.state == "complete";
        const auto found = by_id.find(json_text(entry, {"ServiceID"}));
        if (found != by_id.end())
            count(*found->second, std::move(task), wanted,
                  down.contains(json_text(entry, {"NodeID"})));
    }
    for (auto& service : look.swarm.services) {
        std::ranges::stable_sort(service.failed, std::greater<>{}, &facts::SwarmTask::time);
        if (service.failed.size() > k_most_failed) service.failed.resize(k_most_failed);
    }
    return true;
}

std::optional<SwarmLook> observe_swarm(const EngineAddress& engine, const std::string& api,
                                       const std::string& project, const SwarmHint& hint,
                                       core::Deadline deadline, const std::stop_token& stop) {
    if (hint.header.starts_with("inactive")) return std::nullopt;
    const bool surely = !hint.header.empty() || hint.has_task;
    const std::vector requests{engine.get("/v" + api + "/nodes"),
                               engine.get(stack_path(api, "services", project)),
                               engine.get(stack_path(api, "tasks", project))};
    const auto answers = net::fetch_all(requests, deadline, stop);
    for (const auto& answer : answers) {
        if (!answer) {
            if (!surely) return std::nullopt;
            SwarmLook silent;
            silent.swarm.problem = core::brief(answer.error());
            return silent;
        }
        if (answer->status == 200) continue;
        if (says_no_swarm(*answer)) return std::nullopt;
        return ask_info(engine, api, message_of(*answer), deadline, stop);
    }
    SwarmLook look;
    look.swarm.state = "active";
    look.swarm.manager = true;
    auto nodes = parse_nodes(answers[0]->body);
    auto services = parse_services(answers[1]->body);
    const bool both_told = nodes && services;
    if (nodes) look.swarm.nodes = *std::move(nodes);
    if (services) look.swarm.services = *std::move(services);
    if (!both_told || !parse_tasks(answers[2]->body, look))
        look.swarm.problem = "its lists of nodes, services and tasks are none";
    return look;
}

void narrow_swarm(facts::Docker& engine, const std::string& project) {
    if (!engine.cluster) return;
    auto& swarm = *engine.cluster;
    std::erase_if(swarm.services, [&](const auto& service) { return service.stack != project; });
    const bool has_task = std::ranges::any_of(engine.containers, is_swarm_task);
    const bool beside = swarm.manager && swarm.problem.empty() ? swarm.services.empty()
                                                               : !engine.containers.empty();
    if (beside && !has_task) engine.cluster.reset();
}

void drop_past_tasks(std::vector<facts::Container>& containers, const SwarmLook& look) {
    std::erase_if(containers, [&](const facts::Container& container) {
        if (!is_swarm_task(container)) return false;
        if (const auto told = look.wanted.find(container.id); told != look.wanted.end())
            return !told->second;
        return container.state == facts::ContainerState::exited
               || container.state == facts::ContainerState::dead
               || container.state == facts::ContainerState::created;
    });
}

} // namespace probe
