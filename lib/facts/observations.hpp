// SPDX-License-Identifier: MIT
#pragma once

#include "config/compose.hpp"
#include "core/clock.hpp"
#include "facts/access_log.hpp"
#include "facts/alertmanager.hpp"
#include "facts/docker.hpp"
#include "facts/ethereum.hpp"
#include "facts/gpu.hpp"
#include "facts/host.hpp"
#include "facts/http.hpp"
#include "facts/ipfs.hpp"
#include "facts/observed.hpp"
#include "facts/past.hpp"
#include "facts/postgres.hpp"
#include "facts/prometheus.hpp"
#include "facts/redis.hpp"
#include "facts/self.hpp"

#include <optional>
#include <string>
#include <vector>

namespace facts {

/// Everything that one run has seen, of one moment: what the judges judge.
struct Observations {
    core::Time now{};
    std::vector<Observed<Docker>> engines{};
    std::optional<config::ComposeProject> compose{}; ///< nothing when no compose file can be read
    std::string compose_problem{};                   ///< why it can't
    std::string discovery_problem{}; ///< why no gallery was found to look at; empty when one was
    std::vector<Observed<Http>> endpoints{};
    std::vector<Observed<AccessLog>> access_logs{}; ///< read only when Prometheus has no error rate
    std::vector<Observed<Postgres>> postgres{};
    std::vector<Observed<Redis>> redis{};
    std::vector<Observed<Ipfs>> ipfs{};
    std::vector<Observed<Prometheus>> prometheus{};
    std::vector<Observed<Alertmanager>> alertmanager{};
    std::vector<Observed<std::string>> grafana{};
    std::vector<Observed<Ethereum>> ethereum{};
    std::vector<Observed<Host>> host{};
    std::vector<Observed<Gpus>> gpus{}; ///< of this host
    std::optional<Past> past{};         ///< nothing when there is no history to read
    std::optional<Self> self{};         ///< nothing: the observer did not look at itself

    bool operator==(const Observations&) const = default;
};

} // namespace facts
