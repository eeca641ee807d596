// SPDX-License-Identifier: MIT
#pragma once

#include "config/compose.hpp"
#include "core/clock.hpp"
#include "facts/alertmanager.hpp"
#include "facts/docker.hpp"
#include "facts/ethereum.hpp"
#include "facts/host.hpp"
#include "facts/http.hpp"
#include "facts/ipfs.hpp"
#include "facts/observed.hpp"
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
    std::vector<Observed<Postgres>> postgres{};
    std::vector<Observed<Redis>> redis{};
    std::vector<Observed<Ipfs>> ipfs{};
    std::vector<Observed<Prometheus>> prometheus{};
    std::vector<Observed<Alertmanager>> alertmanager{};
    std::vector<Observed<std::string>> grafana{};
    std::vector<Observed<Ethereum>> ethereum{};
    std::vector<Observed<Host>> host{};
    std::optional<Self> self{}; ///< nothing: the observer did not look at itself
};

} // namespace facts
