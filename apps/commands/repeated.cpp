// SPDX-License-Identifier: MIT
#include "commands/repeated.hpp"

#include "cli/watch.hpp"
#include "commands/look.hpp"
#include "commands/setup.hpp"
#include "core/error.hpp"
#include "health/baseline.hpp"
#include "health/explain.hpp"
#include "net/traffic.hpp"

#include <algorithm>
#include <utility>

namespace commands {
namespace {

/// Looks once more.
watch::Look look_again(const cli::Context& context, config::Config& config, Repeated& repeated,
                       const std::stop_token& stop) {
    Repeated::find_engine(config, context.options());
    auto options =
        gather_options(context, core::Deadline::after(default_deadline(context.options())));
    repeated.before(options, stop);
    auto [report, gathered] = observe(context, config, options);
    repeated.after(gathered);
    gathered.seen.past = repeated.past(report, options.deadline);
    judge(report, gathered.config, gathered.seen, context.options(),
          repeated.first() ? health::Unfit::refuse : health::Unfit::ignore);
    return repeated.finish(std::move(report));
}

} // namespace

int watch(const cli::Context& context, config::Config config, core::Duration interval,
          std::optional<int> hold) {
    Repeated repeated(context);
    cli::WatchPlan plan;
    plan.interval = interval;
    if (hold) plan.hold = *hold;
    plan.look = [&](const std::stop_token& stop) {
        return look_again(context, config, repeated, stop);
    };
    plan.explain = [](const std::string& id) {
        return health::explain(id, report::ExplainFormat::text);
    };
    return cli::watch_on(context, plan);
}

Repeated::Repeated(const cli::Context& context) : m_memory(context) {}

std::optional<facts::Past> Repeated::past(const report::Report& run, core::Deadline deadline) {
    constexpr std::chrono::minutes k_fresh{1};
    const auto now = core::Deadline::Clock::now();
    if (!m_recalled || now - *m_recalled >= k_fresh) {
        m_past = m_memory.recall(run, deadline, health::baseline_families());
        m_recalled = now;
    }
    return m_past;
}

void Repeated::before(probe::GatherOptions& options, const std::stop_token& stop) {
    options.stop = stop;
    options.progress = nullptr; // the screen shows it
    options.remembered = m_discovered;
    options.earlier = [this] { return m_counters; };
    m_requests_before = net::requests_sent();
}

void Repeated::after(const probe::Gathered& gathered) {
    m_engines.clear();
    for (const auto& engine : gathered.seen.engines)
        m_engines.push_back({engine.target, engine.result.has_value()});
    const bool any = std::ranges::any_of(m_engines, &watch::EngineAnswer::answered);
    m_counters = gathered.counters;
    if (any && gathered.seen.discovery_problem.empty()) m_discovered = gathered.config;
}

watch::Look Repeated::finish(report::Report report) {
    ++m_looks;
    return {std::move(report), m_engines, net::requests_sent() - m_requests_before};
}

void Repeated::find_engine(config::Config& config, const cli::GlobalOptions& options) {
    if (!config.docker.hosts.empty()) return;
    try {
        config = load_config(options);
    } catch (const core::ConfigError&) {
        return; // somebody is writing the file: what was read when the watch began holds
    }
}

} // namespace commands
