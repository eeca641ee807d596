// SPDX-License-Identifier: MIT
#include "commands/repeated.hpp"

#include "commands/setup.hpp"
#include "core/error.hpp"
#include "net/traffic.hpp"

#include <algorithm>
#include <utility>

namespace commands {

void Repeated::before(probe::GatherOptions& options, const std::stop_token& stop) {
    options.stop = stop;
    options.progress = nullptr; // the screen shows it
    options.remembered = m_discovered;
    m_requests_before = net::requests_sent();
}

void Repeated::after(const probe::Gathered& gathered) {
    m_engines.clear();
    for (const auto& engine : gathered.seen.engines)
        m_engines.push_back({engine.target, engine.result.has_value()});
    const bool any = std::ranges::any_of(m_engines, &watch::EngineAnswer::answered);
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
