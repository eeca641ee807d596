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

#include <optional>
#include <string>
#include <vector>

namespace health {

/// Everything that one run has seen, of one moment: what the judges judge.
struct Observations {
    core::Time now{};
    std::vector<facts::Observed<facts::Docker>> engines{};
    std::optional<config::ComposeProject> compose{}; ///< nothing when no compose file can be read
    std::string compose_problem{};                   ///< why it can't
    std::vector<facts::Observed<facts::Http>> endpoints{};
    std::vector<facts::Observed<facts::Postgres>> postgres{};
    std::vector<facts::Observed<facts::Redis>> redis{};
    std::vector<facts::Observed<facts::Ipfs>> ipfs{};
    std::vector<facts::Observed<facts::Prometheus>> prometheus{};
    std::vector<facts::Observed<facts::Alertmanager>> alertmanager{};
    std::vector<facts::Observed<std::string>> grafana{};
    std::vector<facts::Observed<facts::Ethereum>> ethereum{};
    std::vector<facts::Observed<facts::Host>> host{};
};

} // namespace health
