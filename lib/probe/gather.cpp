// SPDX-License-Identifier: MIT
#include "probe/gather.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "probe/access_log.hpp"
#include "probe/compose_file.hpp"
#include "probe/cut_off.hpp"
#include "probe/docker.hpp"
#include "probe/docker_swarm.hpp"
#include "probe/ethereum.hpp"
#include "probe/gpu.hpp"
#include "probe/http.hpp"
#include "probe/ipfs.hpp"
#include "probe/load.hpp"
#include "probe/monitoring.hpp"
#include "probe/pending.hpp"
#include "probe/postgres.hpp"
#include "probe/redis.hpp"
#include "probe/self.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <system_error>

namespace probe {
namespace {

using core::Deadline;
using core::Result;
using facts::Observed;

using HttpResults = std::vector<Result<facts::Http>>;

/// All endpoints share one curl loop, and so one thread and one future.
struct Endpoints {
    std::vector<Observed<facts::Http>> observed{};
    std::future<HttpResults> results{};
    std::shared_ptr<Presence> presence{};
};

/// What the one thread of all endpoints goes by when it is left behind.
constexpr const char* k_all_endpoints = "all endpoints";

/// Everything that is under way at one time.
struct Work {
    std::vector<Pending<facts::Docker>> engines{};
    Endpoints endpoints{};
    std::vector<Pending<facts::Postgres>> postgres{};
    std::vector<Pending<facts::Redis>> redis{};
    std::vector<Pending<facts::Ipfs>> ipfs{};
    std::vector<Pending<facts::Prometheus>> prometheus{};
    std::vector<Pending<facts::Alertmanager>> alertmanager{};
    std::vector<Pending<std::string>> grafana{};
    std::vector<Pending<facts::Ethereum>> ethereum{};
};

/// Which sections of the configuration are to be started.
struct Selection {
    bool endpoints = true, postgres = true, redis = true, ipfs = true, prometheus = true,
         alertmanager = true, grafana = true, ethereum = true;
};

/// What was given by the file is started at once, the rest when the Engines have answered.
Selection given(const config::Given& given) {
    return {given.endpoints,  given.postgres,     given.redis,   given.ipfs,
            given.prometheus, given.alertmanager, given.grafana, given.ethereum};
}

Selection not_given(const config::Given& given) {
    return {!given.endpoints,  !given.postgres,     !given.redis,   !given.ipfs,
            !given.prometheus, !given.alertmanager, !given.grafana, !given.ethereum};
}

void start_endpoints(Endpoints& endpoints, const config::Config& config, Deadline deadline,
                     const std::stop_token& stop) {
    if (config.endpoints.empty()) return;
    for (const auto& endpoint : config.endpoints) {
        Observed<facts::Http> observed;
        observed.name = endpoint.name;
        observed.service = endpoint.service;
        observed.target = core::mask_url(endpoint.url);
        endpoints.observed.push_back(std::move(observed));
    }
    if (const auto since = left_behind_since(k_all_endpoints)) {
        for (auto& observed : endpoints.observed)
            observed.result = std::unexpected(still_waiting(observed.target, *since));
        return;
    }
    try {
        endpoints.presence = std::make_shared<Presence>(k_all_endpoints);
        endpoints.results =
            start<HttpResults>([targets = config.endpoints, deadline,
                                stop] { return observe_http(targets, deadline, stop); },
                               endpoints.presence);
    } catch (const std::system_error& failure) {
        for (auto& observed : endpoints.observed)
            observed.result = std::unexpected(start_failure(failure));
    }
}

std::vector<Observed<facts::Http>> finish_endpoints(Endpoints& endpoints, Deadline deadline,
                                                    const std::stop_token& stop) {
    if (!endpoints.results.valid()) return std::move(endpoints.observed);
    HttpResults results;
    if (came(endpoints.results, deadline, stop)) {
        auto all = taken(endpoints.results);
        if (all)
            results = *std::move(all);
        else
            results.assign(endpoints.observed.size(), std::unexpected(std::move(all).error()));
    } else {
        endpoints.presence->leave_behind();
    }
    for (std::size_t i = 0; i < endpoints.observed.size(); ++i) {
        auto& observed = endpoints.observed[i];
        if (i < results.size())
            observed.result = std::move(results[i]);
        else
            observed.result = std::unexpected(left_behind(observed.target, stop));
        observed.duration =
            observed.result ? observed.result->phases.total : observed.result.error().elapsed;
    }
    return std::move(endpoints.observed);
}

/// Starts one probe for each target of a list.
template <class Facts, class Target, class Probe>
void start_each(std::vector<Pending<Facts>>& pending, const std::vector<Target>& targets,
                Probe probe, std::string (*shown)(const Target&), Deadline deadline,
                const std::stop_token& stop) {
    for (const auto& target : targets) {
        pending.push_back(begin<Facts>(
            target.name, target.service, shown(target),
            [probe, target, deadline, stop] { return probe(target, deadline, stop); }));
    }
}

/// Starts the probe of a server that exists at most once.
template <class Facts, class Target, class Probe>
void start_one(std::vector<Pending<Facts>>& pending, const std::optional<Target>& target,
               const char* name, const std::string& url, Probe probe, Deadline deadline,
               const std::stop_token& stop) {
    if (!target) return;
    pending.push_back(
        begin<Facts>(name, target->service, core::mask_url(url),
                     [probe, target, deadline, stop] { return probe(*target, deadline, stop); }));
}

void start_targets(Work& work, const config::Config& config, const Selection& which,
                   Deadline deadline, const std::stop_token& stop) {
    if (which.endpoints) start_endpoints(work.endpoints, config, deadline, stop);
    if (which.postgres)
        start_each<facts::Postgres, config::Postgres>(
            work.postgres, config.postgres, observe_postgres,
            [](const config::Postgres& target) { return core::mask_dsn(target.dsn); }, deadline,
            stop);
    if (which.redis)
        start_each<facts::Redis, config::Redis>(
            work.redis, config.redis, observe_redis,
            [](const config::Redis& target) { return core::mask_url(target.url); }, deadline, stop);
    if (which.ipfs)
        start_each<facts::Ipfs, config::Ipfs>(
            work.ipfs, config.ipfs, observe_ipfs,
            [](const config::Ipfs& target) { return core::mask_url(target.api); }, deadline, stop);
    if (which.prometheus)
        start_one(work.prometheus, config.prometheus, "prometheus",
                  config.prometheus ? config.prometheus->url : "", observe_prometheus, deadline,
                  stop);
    if (which.alertmanager)
        start_one(work.alertmanager, config.alertmanager, "alertmanager",
                  config.alertmanager ? config.alertmanager->url : "", observe_alertmanager,
                  deadline, stop);
    if (which.grafana)
        start_one(work.grafana, config.grafana, "grafana",
                  config.grafana ? config.grafana->url : "", observe_grafana, deadline, stop);
    if (which.ethereum)
        start_one(work.ethereum, config.ethereum, "ethereum",
                  config.ethereum ? config.ethereum->rpc : "", observe_ethereum, deadline, stop);
}

void start_engines(Work& work, const config::Config& config, Deadline deadline,
                   const std::stop_token& stop) {
    for (const auto& host : config.docker.hosts) {
        work.engines.push_back(
            begin<facts::Docker>(host.name, {}, core::mask_url(host.url),
                                 [host, project = config.project, deadline, stop] {
                                     return observe_docker(host, project, deadline, stop);
                                 }));
    }
}

template <class Facts>
std::vector<Observed<Facts>> finish_all(std::vector<Pending<Facts>>& pending, Deadline deadline,
                                        const std::stop_token& stop) {
    std::vector<Observed<Facts>> all;
    all.reserve(pending.size());
    for (auto& one : pending)
        all.push_back(finish(one, deadline, stop));
    return all;
}

/// Keeps only the containers of `project`.
void narrow(facts::Docker& engine, const std::string& project) {
    std::erase_if(engine.containers,
                  [&](const auto& container) { return container.project != project; });
    narrow_swarm(engine, project);
}

std::vector<facts::Docker> answering(const facts::Observations& seen) {
    std::vector<facts::Docker> engines;
    for (const auto& engine : seen.engines) {
        if (engine.result) engines.push_back(*engine.result);
    }
    return engines;
}

/// Whether the configuration itself says what to look at, so that an Engine may have nothing to
/// add.
bool names_targets(const config::Config& config) {
    return config.given.endpoints || config.given.postgres || config.given.redis
           || config.given.ipfs || config.given.prometheus || config.given.alertmanager
           || config.given.ethereum || config.given.grafana;
}

/// Whether the Engines tell anything of a compose project or a stack.
bool tell_of_projects(const std::vector<facts::Docker>& engines) {
    return std::ranges::any_of(engines, [](const facts::Docker& engine) {
        return (engine.cluster && !engine.cluster->services.empty())
               || std::ranges::any_of(engine.containers, [](const auto& container) {
                      return !container.project.empty();
                  });
    });
}

/// Why the project that was named is not there; empty when an Engine has a container or a stack
/// service of it.
std::string absence(const std::string& project, const std::vector<facts::Docker>& narrowed) {
    if (tell_of_projects(narrowed)) return {};
    return fmt::format("no container of the project {} is on {}: it is down, or the name is wrong",
                       core::printable(project),
                       narrowed.size() == 1 ? "the Engine" : "any Engine that answered");
}

/// Waits for the Engines, chooses the project, and completes the configuration from its containers.
void discover_from_engines(Gathered& gathered, Work& work, const GatherOptions& options,
                           Deadline deadline) {
    gathered.seen.engines = finish_all(work.engines, deadline, options.stop);
    const auto engines = answering(gathered.seen);
    if (gathered.seen.engines.empty() && !names_targets(gathered.config))
        gathered.seen.discovery_problem =
            "no Docker Engine runs here and no configuration names a target: "
            "only the host was looked at";
    if (engines.empty()) {
        if (options.remembered) gathered.config = *options.remembered;
        return;
    }
    const auto project = config::choose_project(gathered.config, engines, options.surroundings);
    if (!project) {
        // Where targets are named, an Engine without any project has merely nothing to add.
        if (!names_targets(gathered.config) || tell_of_projects(engines)
            || !options.surroundings.compose_project_name.empty())
            gathered.seen.discovery_problem = core::describe(project.error());
        for (auto& engine : gathered.seen.engines) {
            if (!engine.result) continue;
            engine.result->containers.clear();
            engine.result->cluster.reset();
        }
        return;
    }
    gathered.config.project = *project;
    for (auto& engine : gathered.seen.engines) {
        if (engine.result) narrow(*engine.result, *project);
    }
    const auto narrowed = answering(gathered.seen);
    gathered.seen.discovery_problem = absence(*project, narrowed);
    gathered.config = config::discover(std::move(gathered.config), narrowed);
}

/// Waits for the targets; Prometheus has been waited for.
void finish_targets(facts::Observations& seen, Work& work, Deadline deadline,
                    const std::stop_token& stop) {
    seen.endpoints = finish_endpoints(work.endpoints, deadline, stop);
    seen.postgres = finish_all(work.postgres, deadline, stop);
    seen.redis = finish_all(work.redis, deadline, stop);
    seen.ipfs = finish_all(work.ipfs, deadline, stop);
    seen.alertmanager = finish_all(work.alertmanager, deadline, stop);
    seen.grafana = finish_all(work.grafana, deadline, stop);
    seen.ethereum = finish_all(work.ethereum, deadline, stop);
}

/// How CPU and network are looked at: by the counters of an earlier run, where these still serve.
Looks looks_of(const GatherOptions& options) {
    Looks looks{options.window, {}};
    auto earlier = options.earlier ? options.earlier() : std::nullopt;
    if (earlier && is_usable(*earlier, std::chrono::steady_clock::now()))
        looks.earlier = std::make_shared<const Counters>(*std::move(earlier));
    return looks;
}

} // namespace

Gathered gather(config::Config config, const GatherOptions& options) {
    Gathered gathered{.config = std::move(config)};
    const SelfWatch self;
    gathered.seen.now = std::chrono::system_clock::now();
    const auto tell = [&](std::string_view what) {
        if (options.progress) options.progress(what);
    };

    Work work;
    CutOff cut;
    cut.first = is_cut_off(options.deadline, options.timeout);
    const auto first = options.deadline.within(options.timeout);
    start_engines(work, gathered.config, first, options.stop);
    start_targets(work, gathered.config, given(gathered.config.given), first, options.stop);
    auto gpus = begin<facts::Gpus>("gpu", {}, "NVML", observe_gpus);
    const auto looks = looks_of(options);
    auto host = start_host(looks, first, options.stop);

    tell("asking the Docker Engine");
    discover_from_engines(gathered, work, options, first);
    cut.second = is_cut_off(options.deadline, options.timeout);
    const auto second = options.deadline.within(options.timeout);
    start_targets(work, gathered.config, not_given(gathered.config.given), second, options.stop);
    auto usages = start_usages(gathered.seen, gathered.config, looks, second, options.stop);
    read_compose(gathered.seen, gathered.config, options.environment,
                 second.within(second.remaining() / 2), options.stop);

    tell("waiting for the probes");
    auto& seen = gathered.seen;
    seen.host = {finish(host, second, options.stop)};
    seen.gpus = {finish(gpus, second, options.stop)};
    finish_usages(seen, usages, second, options.stop);
    auto longer = options.longer_look
                      ? look_longer_at_peaks(seen, gathered.config, second, options.stop)
                      : std::nullopt;
    seen.prometheus = finish_all(work.prometheus, second, options.stop);
    // A Prometheus that hangs has used up the time of the others: the logs have one of their own.
    const auto third = options.deadline.within(options.timeout);
    auto logs = begin_access_logs(seen, gathered.config, third, options.stop);
    finish_targets(seen, work, second, options.stop);
    seen.access_logs = finish_all(logs, third, options.stop);
    finish_longer_look(seen, longer, options.stop);
    own_up_to_deadline(seen, gathered.config.given, cut);
    gathered.counters = take_counters(seen);
    seen.self = self.finish(options.outlets, options.deadline, options.stop);
    return gathered;
}

Gathered look_at_engines(config::Config config, const GatherOptions& options) {
    Gathered gathered{.config = std::move(config)};
    Work work;
    const auto deadline = options.deadline.within(options.timeout);
    start_engines(work, gathered.config, deadline, options.stop);
    discover_from_engines(gathered, work, options, deadline);
    return gathered;
}

} // namespace probe
