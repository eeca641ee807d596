// SPDX-License-Identifier: MIT
#pragma once

#include "health/catalogue.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string>

/// Facts of a gallery that is well, to be spoilt by each test in its own way.
namespace sample {

using namespace std::chrono_literals;

inline const core::Time k_now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 8h;

template <class Facts>
facts::Observed<Facts> observed(std::string name, Facts facts) {
    facts::Observed<Facts> made;
    made.name = std::move(name);
    made.target = "somewhere";
    made.result = std::move(facts);
    return made;
}

template <class Facts>
facts::Observed<Facts> failed(std::string name, core::ErrorKind kind,
                              core::Phase phase = core::Phase::connect) {
    facts::Observed<Facts> made;
    made.name = std::move(name);
    made.result = std::unexpected(core::Error{.kind = kind, .reason = "it failed", .phase = phase});
    return made;
}

inline facts::Container container(const std::string& service) {
    facts::Container made;
    made.id = service + "-id";
    made.name = "gallery_" + service + "_1";
    made.project = "gallery";
    made.service = service;
    made.state = facts::ContainerState::running;
    made.started_at = k_now - 3h;
    made.restart_policy = "unless-stopped";
    made.health = "healthy";
    return made;
}

inline facts::Observations observations() {
    facts::Observations seen;
    seen.now = k_now;
    return seen;
}

/// Returns observations of one local Engine with these containers.
inline facts::Observations with_containers(std::vector<facts::Container> containers) {
    auto seen = observations();
    facts::Docker engine;
    engine.server = "docker";
    engine.local = true;
    engine.containers = std::move(containers);
    seen.engines.push_back(observed("local", std::move(engine)));
    return seen;
}

/// Returns the finding with this id; the test fails when there is none.
inline core::Finding find(const std::vector<core::Finding>& findings, const std::string& id) {
    const auto found = std::ranges::find(findings, id, &core::Finding::id);
    INFO("looking for " << id);
    REQUIRE(found != findings.end());
    return *found;
}

inline bool has(const std::vector<core::Finding>& findings, const std::string& id) {
    return std::ranges::find(findings, id, &core::Finding::id) != findings.end();
}

inline core::Finding judge_one(const facts::Observations& seen, const std::string& id,
                               const config::Config& config = {}) {
    return find(health::judge(seen, config), id);
}

} // namespace sample
