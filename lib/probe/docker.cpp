// SPDX-License-Identifier: MIT
#include "probe/docker.hpp"

#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/docker_api.hpp"
#include "probe/docker_inspect.hpp"
#include "probe/docker_logs.hpp"
#include "probe/docker_swarm.hpp"
#include "probe/mask.hpp"
#include "probe/pause.hpp"
#include "probe/proc_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace probe {
namespace {

using core::ErrorKind;
using facts::ContainerState;
using Answers = std::vector<core::Result<facts::Http>>;

core::Error not_an_engine(const EngineAddress& engine, std::string reason) {
    core::Error error;
    error.kind = ErrorKind::protocol;
    error.phase = core::Phase::query;
    error.reason = std::move(reason);
    return engine.explain(std::move(error));
}

core::Error status_error(const EngineAddress& engine, const facts::Http& answer,
                         std::string_view asked) {
    auto error = not_an_engine(engine, fmt::format("HTTP {} to {}: {}", answer.status, asked,
                                                   quoted_answer(answer.body, core::Secret{})));
    if (answer.status == 401 || answer.status == 403) error.kind = ErrorKind::auth;
    if (answer.status >= 300 && answer.status < 400)
        error.reason =
            fmt::format("HTTP {} to {}: redirects are not followed", answer.status, asked);
    return error;
}

/// Many requests are sent in groups, so that no run takes more than a few descriptors.
Answers fetch_in_groups(std::span<const net::HttpRequest> requests, core::Deadline deadline,
                        const std::stop_token& stop) {
    constexpr std::size_t k_group = 48;
    Answers all;
    while (!requests.empty()) {
        const std::size_t size = std::min(k_group, requests.size());
        for (auto& answer : net::fetch_all(requests.first(size), deadline, stop))
            all.push_back(std::move(answer));
        requests = requests.subspan(size);
    }
    return all;
}

/// Tells trouble with a socket file before a connection is tried: what the connection would fail
/// with is the same errno for several reasons.
core::Result<void> check_socket(const EngineAddress& engine) {
    if (engine.unix_socket.empty()) return {};
    struct stat file{};
    core::Error error;
    error.phase = core::Phase::connect;
    if (::stat(engine.unix_socket.c_str(), &file) != 0) {
        const bool denied = errno == EACCES;
        error.kind = denied ? ErrorKind::permission : ErrorKind::unreachable;
        error.reason = denied ? "no permission to reach the socket" : "no such socket";
    } else if (!S_ISSOCK(file.st_mode)) {
        error.kind = ErrorKind::unreachable;
        error.reason = "the file is not a socket";
    } else if (::access(engine.unix_socket.c_str(), W_OK) != 0) {
        error.kind = ErrorKind::permission;
        error.reason = "no permission to open the socket";
    } else {
        return {};
    }
    return std::unexpected(engine.explain(std::move(error)));
}

struct Server {
    EngineVersion version{};
    std::string api{};
    std::string swarm{}; ///< the header of its /_ping; empty when it sent none
};

core::Result<Server> greet(const EngineAddress& engine, core::Deadline deadline,
                           const std::stop_token& stop) {
    const std::vector requests{engine.get("/version"), engine.get("/_ping")};
    const auto answers = net::fetch_all(requests, deadline, stop);
    if (!answers[0]) return std::unexpected(engine.explain(answers[0].error()));
    if (answers[0]->status != 200)
        return std::unexpected(status_error(engine, *answers[0], "/version"));
    const auto version = parse_engine_version(answers[0]->body);
    if (!version) return std::unexpected(not_an_engine(engine, "its /version is not an Engine's"));
    const auto api = negotiate_api(*version);
    if (!api) {
        auto error = not_an_engine(engine, fmt::format("its API {} is older than 1.24",
                                                       quoted_answer(version->api, {}, 20)));
        error.hint = "Docker 1.12 (2016) and later can be asked";
        return std::unexpected(std::move(error));
    }
    Server server{*version, *api, {}};
    if (answers[1]) {
        const auto found = answers[1]->headers.find("swarm");
        if (found != answers[1]->headers.end()) server.swarm = found->second;
    }
    return server;
}

/// Whether an Engine that has answered before is gone: it restarts, or was stopped.
bool is_gone(const core::Error& error) {
    return error.kind == ErrorKind::refused || error.kind == ErrorKind::reset
           || error.kind == ErrorKind::unreachable;
}

/// What an Engine that answered says of itself by not answering any more.
core::Error went_away(const EngineAddress& engine, core::Error error) {
    if (is_gone(error)) {
        error.kind = ErrorKind::restarted;
        error.reason = "the Engine went away while we looked: " + core::brief(error);
    }
    return engine.explain(std::move(error));
}

/// What we know of a container whose inspect call gave no answer: that it is there.
void mark_unseen(facts::Container& container, const std::string& reason) {
    container.state = ContainerState::unknown;
    container.error = "the Engine did not tell its state: " + reason;
}

struct Inspection {
    std::vector<Inspected> all{};
    std::map<std::string, std::string> tags{};
};

core::Result<Inspection> inspect_all(const EngineAddress& engine, const std::string& api,
                                     std::vector<facts::Container> listed, core::Deadline deadline,
                                     const std::stop_token& stop) {
    const std::string root = "/v" + api;
    std::vector<net::HttpRequest> requests{engine.get(root + "/images/json")};
    for (const auto& container : listed)
        requests.push_back(
            engine.get(root + "/containers/" + net::percent_encode(container.id) + "/json"));
    // One container can hang (its lock is held) while all others answer; that must not cost them.
    const auto answers = fetch_in_groups(requests, deadline, stop);
    if (stop.stop_requested()) {
        core::Error error;
        error.kind = ErrorKind::cancelled;
        error.reason = "interrupted";
        return std::unexpected(engine.explain(std::move(error)));
    }
    const auto gone = std::ranges::find_if(
        answers, [](const auto& answer) { return !answer && is_gone(answer.error()); });
    if (gone != answers.end()) return std::unexpected(went_away(engine, gone->error()));
    Inspection result;
    if (answers[0] && answers[0]->status == 200) result.tags = parse_image_tags(answers[0]->body);
    std::size_t silent = 0;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto& answer = answers[i + 1];
        if (answer && answer->status == 404) continue; // it went away meanwhile
        auto inspected = answer && answer->status == 200 ? parse_inspect(answer->body)
                                                         : std::optional<Inspected>{};
        if (!inspected) {
            ++silent;
            inspected = Inspected{std::move(listed[i]), false};
            mark_unseen(inspected->container, answer ? fmt::format("HTTP {}", answer->status)
                                                     : core::brief(answer.error()));
        }
        result.all.push_back(*std::move(inspected));
    }
    if (silent > 0 && silent == result.all.size()) {
        // Nothing is known of any of them: then it is the Engine that is in trouble.
        for (std::size_t i = 1; i < answers.size(); ++i)
            if (!answers[i]) return std::unexpected(engine.explain(answers[i].error()));
    }
    return result;
}

constexpr int k_many_restarts = 3;
constexpr std::size_t k_log_lines = 20;
constexpr std::size_t k_log_bytes = std::size_t{128} << 10;
constexpr std::size_t k_most_logs = 48;

bool is_well(const facts::Container& container) {
    const bool ended_well = container.state == ContainerState::exited && container.exit_code == 0
                            && !container.oom_killed && container.error.empty();
    const bool runs_well = container.state == ContainerState::running
                           && container.health != "unhealthy" && !container.oom_killed;
    return (ended_well || runs_well) && container.restart_count < k_many_restarts;
}

bool has_log(const facts::Container& container) {
    return container.log_driver != "none" && container.state != ContainerState::created
           && container.state != ContainerState::removing;
}

void add_logs(const EngineAddress& engine, const std::string& api, std::vector<Inspected>& all,
              core::Deadline deadline, const std::stop_token& stop) {
    std::vector<Inspected*> sick;
    std::vector<net::HttpRequest> requests;
    for (auto& each : all) {
        if (is_well(each.container) || !has_log(each.container) || sick.size() >= k_most_logs)
            continue;
        auto request =
            engine.get(fmt::format("/v{}/containers/{}/logs?stdout=1&stderr=1&tail={}", api,
                                   net::percent_encode(each.container.id), k_log_lines));
        request.max_body = k_log_bytes;
        request.truncate_body = true;
        sick.push_back(&each);
        requests.push_back(std::move(request));
    }
    const auto answers = fetch_in_groups(requests, deadline, stop);
    for (std::size_t i = 0; i < sick.size(); ++i) {
        // A driver that can't be read answers 501; then there are no lines, and that is all.
        if (!answers[i] || answers[i]->status != 200) continue;
        const auto form = sick[i]->tty ? LogForm::raw : LogForm::frames;
        sick[i]->container.last_log = last_log_lines(answers[i]->body, form, k_log_lines);
    }
}

/// Whether the processes of the Engine's containers are those of this host's /proc. Without a
/// running container nothing speaks against it.
bool is_local(const EngineAddress& engine, const std::vector<Inspected>& all) {
    if (engine.unix_socket.empty()) return false;
    bool any_running = false;
    for (const auto& [container, tty] : all) {
        if (container.pid <= 0) continue;
        any_running = true;
        const auto cgroup = try_read(fmt::format("/proc/{}/cgroup", container.pid));
        if (cgroup && cgroup->find(container.id) != std::string::npos) return true;
    }
    return !any_running;
}

/// Lists the containers of the project, those of a swarm's stack of this name too. Filters of one
/// list must all be met, so these are two.
core::Result<std::vector<facts::Container>>
list_containers(const EngineAddress& engine, const std::string& api, const std::string& project,
                core::Deadline deadline, const std::stop_token& stop) {
    std::vector requests{engine.get(list_path(api, project))};
    if (!project.empty()) requests.push_back(engine.get(stack_list_path(api, project)));
    std::vector<facts::Container> all;
    for (const auto& answer : net::fetch_all(requests, deadline, stop)) {
        if (!answer) return std::unexpected(went_away(engine, answer.error()));
        if (answer->status != 200)
            return std::unexpected(status_error(engine, *answer, "/containers/json"));
        auto listed = parse_container_list(answer->body);
        if (!listed)
            return std::unexpected(not_an_engine(engine, "its list of containers is none"));
        for (auto& container : *listed)
            if (std::ranges::find(all, container.id, &facts::Container::id) == all.end())
                all.push_back(std::move(container));
    }
    return all;
}

void add_swarm(facts::Docker& docker, const EngineAddress& engine, const std::string& project,
               const std::string& header, core::Deadline deadline, const std::stop_token& stop) {
    const bool has_task = std::ranges::any_of(docker.containers, is_swarm_task);
    docker.swarm = header.starts_with("active") || has_task;
    if (docker.server == "podman") return;
    // An Engine may answer all but this; that must not cost the rest of what it told.
    const auto most = deadline.within(deadline.remaining() * 3 / 4);
    auto look = observe_swarm(engine, docker.api_version, project, {header, has_task}, most, stop);
    if (!look) return;
    docker.swarm = true;
    drop_past_tasks(docker.containers, *look);
    docker.cluster = std::move(look->swarm);
}

/// Looks once at all that the Engine knows. Errors besides those of any request: restarted, when it
/// answered at first and was gone later.
core::Result<facts::Docker> look(const EngineAddress& engine, const std::string& project,
                                 core::Deadline deadline, const std::stop_token& stop) {
    TRY_ASSIGN(const auto server, greet(engine, deadline, stop));

    TRY_ASSIGN(auto listed, list_containers(engine, server.api, project, deadline, stop));

    // Time is kept back for the logs, and so that one silent container leaves the others told.
    const auto most = deadline.within(deadline.remaining() * 3 / 4);
    TRY_ASSIGN(auto seen, inspect_all(engine, server.api, std::move(listed), most, stop));
    add_logs(engine, server.api, seen.all, deadline, stop);

    facts::Docker docker;
    docker.server = server.version.podman ? "podman" : "docker";
    docker.engine_version = server.version.engine;
    docker.api_version = server.api;
    docker.local = is_local(engine, seen.all);
    for (auto& [container, tty] : seen.all) {
        container.current_image_id = current_image(container, seen.tags);
        docker.containers.push_back(std::move(container));
    }
    add_swarm(docker, engine, project, server.swarm, deadline, stop);
    std::ranges::sort(docker.containers, {}, &facts::Container::name);
    return docker;
}

/// Waits until the Engine answers again; false when it does not in time.
bool comes_back(const EngineAddress& engine, core::Deadline deadline, const std::stop_token& stop) {
    constexpr std::chrono::milliseconds k_between{50};
    while (!deadline.passed() && pause(k_between, deadline, stop)) {
        const auto answer = net::fetch(engine.get("/_ping"), deadline, stop);
        if (answer && answer->status == 200) return true;
    }
    return false;
}

} // namespace

core::Result<facts::Docker> observe_docker(
    const config::DockerHost& host, const std::string& project, core::Deadline deadline,
    // NOLINTNEXTLINE(performance-unnecessary-value-param): every probe takes its stop by value
    std::stop_token stop) {
    TRY_ASSIGN(const auto engine, parse_docker_url(host));
    TRY(check_socket(engine));
    auto first = look(engine, project, deadline, stop);
    if (first || first.error().kind != ErrorKind::restarted) return first;
    // What it said before it went is of yesterday: all is asked again.
    if (!comes_back(engine, deadline, stop)) return first;
    auto second = look(engine, project, deadline, stop);
    if (second || (second.error().kind != ErrorKind::restarted && !is_gone(second.error())))
        return second;
    first.error().reason = "the Engine restarted while we looked, more than once";
    return first;
}

} // namespace probe
