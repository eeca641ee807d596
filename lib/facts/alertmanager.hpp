// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace facts {

/// The label, and its value, by which alerts are known that a run of ours has sent.
inline constexpr std::string_view k_source_label = "source";
inline constexpr std::string_view k_own_source = "gallery-ops";

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
