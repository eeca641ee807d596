// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "commands/memory.hpp"
#include "config/config.hpp"
#include "core/units.hpp"
#include "probe/gather.hpp"
#include "watch/look.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace commands {

/// Watches the gallery until it is told to stop. Returns the exit code.
[[nodiscard]] int watch(const cli::Context& context, config::Config config, core::Duration interval,
                        std::optional<int> hold);

/// What the looks of a watch hand on to each other.
class Repeated {
  public:
    explicit Repeated(const cli::Context& context);

    /// Prepares the next look.
    void before(probe::GatherOptions& options, const std::stop_token& stop);

    /// Notes what the look has brought.
    void after(const probe::Gathered& gathered);

    /// Returns what the history holds of runs before the watch and beside it, read once a minute.
    /// The looks of a watch are not written into it.
    [[nodiscard]] std::optional<facts::Past> past(const report::Report& run,
                                                  core::Deadline deadline);

    /// Returns whether no look has ended yet: only then a name that fits nothing is a mistake.
    [[nodiscard]] bool first() const { return m_looks == 0; }

    /// Returns the look as the watch takes it.
    [[nodiscard]] watch::Look finish(report::Report report);

    /// Returns `config` with the Engine that has come up since the watch began, where there was
    /// none.
    static void find_engine(config::Config& config, const cli::GlobalOptions& options);

  private:
    Memory m_memory;
    std::optional<facts::Past> m_past{};
    std::optional<core::Deadline::Clock::time_point> m_recalled{};
    std::uint64_t m_looks = 0;
    std::uint64_t m_requests_before = 0;
    std::optional<config::Config> m_discovered{};
    std::optional<probe::Counters> m_counters{};
    std::vector<watch::EngineAnswer> m_engines{};
};

} // namespace commands
