// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "facts/observations.hpp"
#include "probe/counters.hpp"
#include "probe/pending.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace probe {

/// How two looks are taken: `window` apart, or at once after those of an earlier run (may be null).
struct Looks {
    std::chrono::milliseconds window{};
    std::shared_ptr<const Counters> earlier{};
};

/// Starts the two looks at the host.
[[nodiscard]] Pending<facts::Host> start_host(const Looks& looks, core::Deadline deadline,
                                              const std::stop_token& stop);

/// For each Engine, in their order, its containers' usage under way; nothing for one that did not
/// answer.
using Usages = std::vector<std::optional<std::future<facts::Docker>>>;

/// Starts the two looks at the containers of each Engine that answered.
[[nodiscard]] Usages start_usages(const facts::Observations& seen, const config::Config& config,
                                  const Looks& looks, core::Deadline deadline,
                                  const std::stop_token& stop);

/// Puts the usages that came into the observations, and says of the running containers without one
/// why.
void finish_usages(facts::Observations& seen, Usages& usages, core::Deadline deadline,
                   const std::stop_token& stop);

/// A second, longer look under way.
struct LongerLook {
    Pending<facts::Host> host{};
    Usages usages{};
    core::Deadline deadline;
};

/// A quarter of a second at the limit is no load: where the first two looks show the CPU of the
/// host or of a container at its limit, both are looked at again over a longer window, and that
/// counts. Nothing when there is no peak or no time left.
[[nodiscard]] std::optional<LongerLook> look_longer_at_peaks(const facts::Observations& seen,
                                                             const config::Config& config,
                                                             core::Deadline deadline,
                                                             const std::stop_token& stop);

/// Puts what came of the longer look into the observations.
void finish_longer_look(facts::Observations& seen, std::optional<LongerLook>& look,
                        const std::stop_token& stop);

} // namespace probe
