// SPDX-License-Identifier: MIT
#include "probe/docker.hpp"

#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/aside.hpp"
#include "probe/docker_api.hpp"
#include "probe/docker_greeting.hpp"
#include "probe/docker_inspect.hpp"
#include "probe/docker_logs.hpp"
#include "probe/docker_swarm.hpp"
#include "probe/pause.hpp"
#include "probe/proc_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace probe {
namespace {

using core::ErrorKind;
using facts::ContainerState;

/// So many requests are on their way at one time, so that no run takes more than a few descriptors,
/// and one that hangs costs the rest nothing.
constexpr std::size_t k_most_open = 48;

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

core::Result<std::vector<Inspected>> inspect_all(const EngineAddress& engine,
                                                 const std::string& api,
                                                 std::vector<facts::Container> listed,
                                                 core::Deadline deadline,
                                                 const std::stop_token& stop) {
    std::vector<net::HttpRequest> requests;
    requests.reserve(listed.size());
    for (const auto& container : listed)
        requests.push_back(engine.get(
            fmt::format("/v{}/containers/{}/json", api, net::percent_encode(container.id))));
    // One container can hang (its lock is held) while all others answer; that must not cost them.
    const auto answers = net::fetch_all(requests, deadline, stop, k_most_open);
    if (stop.stop_requested()) {
        core::Error error;
        error.kind = ErrorKind::cancelled;
        error.reason = "interrupted";
        return std::unexpected(engine.explain(std::move(error)));
    }
    const auto gone = std::ranges::find_if(
        answers, [](const auto& answer) { return !answer && is_gone(answer.error()); });
    if (gone != answers.end()) return std::unexpected(went_away(engine, gone->error()));
    std::vector<Inspected> all;
    std::size_t silent = 0;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto& answer = answers[i];
        if (answer && answer->status == 404) continue; // it went away meanwhile
        auto inspected = answer && answer->status == 200 ? parse_inspect(answer->body)
                                                         : std::optional<Inspected>{};
        if (!inspected) {
            ++silent;
            inspected = Inspected{std::move(listed[i]), false};
            mark_unseen(inspected->container, answer ? fmt::format("HTTP {}", answer->status)
                                                     : core::brief(answer.error()));
        }
        all.push_back(*std::move(inspected));
    }
    if (silent > 0 && silent == all.size()) {
        // Nothing is known of any of them: then it is the Engine that is in trouble.
        for (const auto& answer : answers)
            if (!answer) return std::unexpected(engine.explain(answer.error()));
    }
    return all;
}

constexpr int k_many_restarts = 3;
constexpr std::size_t k_log_lines = 20;
constexpr std::size_t k_fewer_lines = 4;

/// An Engine cuts lines in pieces of 16 KiB, each of which it counts as a line.
constexpr std::size_t k_log_bytes = k_log_lines * (std::size_t{17} << 10);
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

/// Asks for the last lines of these containers, and returns those whose answer was cut. What is cut
/// off is the end, which matters most.
std::vector<Inspected*> ask_logs(const EngineAddress& engine, const std::string& api,
                                 std::span<Inspected* const> sick, std::size_t lines,
                                 core::Deadline deadline, const std::stop_token& stop) {
    std::vector<net::HttpRequest> requests;
    for (const auto* each : sick) {
        auto request = engine.get(fmt::format("/v{}/containers/{}/logs?stdout=1&stderr=1&tail={}",
                                              api, net::percent_encode(each->container.id), lines));
        request.max_body = k_log_bytes;
        request.truncate_body = true;
        requests.push_back(std::move(request));
    }
    const auto answers = net::fetch_all(requests, deadline, stop, k_most_open);
    std::vector<Inspected*> cut;
    for (std::size_t i = 0; i < sick.size(); ++i) {
        // A driver that can't be read answers 501; then there are no lines, and that is all.
        if (!answers[i] || answers[i]->status != 200) continue;
        const auto form = sick[i]->tty ? LogForm::raw : LogForm::frames;
        sick[i]->container.last_log = last_log_lines(answers[i]->body, form, k_log_lines);
        if (answers[i]->body.size() >= k_log_bytes) cut.push_back(sick[i]);
    }
    return cut;
}

void add_logs(const EngineAddress& engine, const std::string& api, std::vector<Inspected>& all,
              core::Deadline deadline, const std::stop_token& stop) {
    std::vector<Inspected*> sick;
    for (auto& each : all) {
        if (is_well(each.container) || !has_log(each.container) || sick.size() >= k_most_logs)
            continue;
        sick.push_back(&each);
    }
    const auto cut = ask_logs(engine, api, sick, k_log_lines, deadline, stop);
    if (!cut.empty()) (void)ask_logs(engine, api, cut, k_fewer_lines, deadline, stop);
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

using Tags = std::map<std::string, std::string>;
using MaybeSwarm = std::optional<SwarmLook>;

/// Begins to ask what each tag points to now: a note beside the containers, which must not cost
/// them more than a part of the time.
std::future<Tags> begin_tags(const EngineAddress& engine, const std::string& api,
                             core::Deadline deadline, const std::stop_token& stop) {
    const auto most = deadline.within(deadline.remaining() / 4);
    return aside<Tags>([request = engine.get("/v" + api + "/images/json"), most, stop] {
        const auto answer = net::fetch(request, most, stop);
        return answer && answer->status == 200 ? parse_image_tags(answer->body) : Tags{};
    });
}

/// Begins to ask for the swarm. An Engine may answer all but this; that must not cost the rest of
/// what it told.
std::future<MaybeSwarm> begin_swarm(const EngineAddress& engine, const Greeted& server,
                                    const std::string& project,
                                    const std::vector<facts::Container>& listed,
                                    core::Deadline deadline, const std::stop_token& stop) {
    if (server.version.podman || server.swarm.starts_with("inactive")) return {};
    const SwarmHint hint{server.swarm, std::ranges::any_of(listed, is_swarm_task)};
    const auto most = deadline.within(deadline.remaining() * 3 / 4);
    return aside<MaybeSwarm>([engine, api = server.api, project, hint, most, stop] {
        return observe_swarm(engine, api, project, hint, most, stop);
    });
}

void add_swarm(facts::Docker& docker, const std::string& header, std::future<MaybeSwarm>& asked) {
    docker.swarm =
        header.starts_with("active") || std::ranges::any_of(docker.containers, is_swarm_task);
    if (!asked.valid()) return;
    auto look = asked.get();
    if (!look) return;
    docker.swarm = true;
    drop_past_tasks(docker.containers, *look);
    docker.cluster = std::move(look->swarm);
}

/// Looks once at all that the Engine knows: what is not needed for the next question is asked
/// beside it. Errors besides those of any request: restarted, when it answered at first and was
/// gone later.
core::Result<facts::Docker> look(const EngineAddress& engine, const std::string& project,
                                 core::Deadline deadline, const std::stop_token& stop) {
    TRY_ASSIGN(auto server, greet(engine, deadline, stop));
    auto tags = begin_tags(engine, server.api, deadline, stop);
    auto listed = list_containers(engine, server.api, project, deadline, stop);
    if (!listed && listed.error().kind == ErrorKind::protocol && !server.knows_oldest) {
        // It may have dropped the newest API that we know.
        auto again = ask_oldest(engine, server, deadline, stop);
        if (again && again->api != server.api) {
            server = *std::move(again);
            tags = begin_tags(engine, server.api, deadline, stop);
            listed = list_containers(engine, server.api, project, deadline, stop);
        }
    }
    if (!listed) return std::unexpected(std::move(listed).error());
    auto swarm = begin_swarm(engine, server, project, *listed, deadline, stop);

    // Time is kept back for the logs, and so that one silent container leaves the others told.
    const auto most = deadline.within(deadline.remaining() * 3 / 4);
    TRY_ASSIGN(auto seen, inspect_all(engine, server.api, *std::move(listed), most, stop));
    add_logs(engine, server.api, seen, deadline, stop);

    facts::Docker docker;
    docker.server = server.version.podman ? "podman" : "docker";
    docker.engine_version = server.version.engine;
    docker.api_version = server.api;
    docker.local = is_local(engine, seen);
    const auto known_tags = tags.get();
    for (auto& [container, tty] : seen) {
        container.current_image_id = current_image(container, known_tags);
        docker.containers.push_back(std::move(container));
    }
    add_swarm(docker, server.swarm, swarm);
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
