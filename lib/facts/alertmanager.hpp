// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace facts {

struct Alert {
    std::string name{};
    std::string severity{};
    std::string state{}; ///< active, suppressed, unprocessed
    bool silenced = false;
    bool inhibited = false;
    std::optional<core::Time> starts_at{};
    std::string summary{}; ///< annotation summary or description
    std::map<std::string, std::string> labels{};

    bool operator==(const Alert&) const = default;
};

struct Alertmanager {
    bool ready = false;
    std::string version{};
    std::string cluster_status{};
    std::vector<Alert> alerts{};

    bool operator==(const Alertmanager&) const = default;
};

} // namespace facts
