// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "config/discover.hpp"
#include "core/deadline.hpp"
#include "core/units.hpp"
#include "facts/observations.hpp"
#include "probe/counters.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// What a run may spend and what it brings along.
struct GatherOptions {
    core::Duration timeout{std::chrono::seconds{5}};                           ///< of one probe
    core::Deadline deadline = core::Deadline::after(std::chrono::seconds{30}); ///< of all of it
    std::stop_token stop{};
    std::chrono::milliseconds window{250}; ///< between the two looks at CPU and network
    /// Whether the CPU of a host or a container that is at its limit is looked at again, for
    /// longer.
    bool longer_look = true;
    /// Brings the counters of an earlier run, in place of a first look; called while others are
    /// asked.
    std::function<std::optional<Counters>()> earlier{};
    config::Surroundings surroundings{};              ///< of the discovery
    std::map<std::string, std::string> environment{}; ///< fills variables of the compose file
    std::function<void(std::string_view)> progress{}; ///< told what is still awaited
    /// What an earlier look discovered: looked at when no Engine answers that could tell it anew.
    std::optional<config::Config> remembered{};
    std::vector<std::filesystem::path> outlets{}; ///< files that the run is going to write
};

/// What one look at the gallery brought.
struct Gathered {
    config::Config config{}; ///< with everything that was discovered
    facts::Observations seen{};
    std::optional<Counters> counters{}; ///< for the next run
};

/// Looks at everything that the configuration names, all side by side; what its file left out is
/// discovered from the Engines and looked at as soon as they have answered. Returns by the deadline
/// whatever any target does: a probe that does not come back is left alone and reported as a
/// time-out.
[[nodiscard]] Gathered gather(config::Config config, const GatherOptions& options);

/// Asks the Engines only: their containers of the project, and the configuration completed by what
/// was discovered.
[[nodiscard]] Gathered look_at_engines(config::Config config, const GatherOptions& options);

} // namespace probe
