// SPDX-License-Identifier: MIT
#pragma once

#include "cli/watch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// What both kinds of a watch do with a look: write the files, tell the changes, know the code.
class WatchSession {
  public:
    WatchSession(const Context& context, const WatchPlan& plan);

    /// Takes the next look and returns the changes that are to be told.
    [[nodiscard]] std::vector<watch::Change> take(watch::Look look, core::Time now);

    [[nodiscard]] const std::optional<watch::Look>& last() const { return m_last; }

    [[nodiscard]] std::uint64_t looks() const { return m_looks; }

    [[nodiscard]] const std::optional<watch::Away>& away() const { return m_engines.away(); }

    /// Returns why a file could not be written after the last look; empty when all were.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    /// Returns the code to end with: that of the last look, unknown without any, 70 when a file
    /// could not be written, 130 after a stop.
    [[nodiscard]] int exit_code() const;

    /// As above, of the last look alone: for show.
    [[nodiscard]] int code_of_last() const;

  private:
    const Context& m_context;
    watch::Hysteresis m_hysteresis;
    watch::EngineMemory m_engines{};
    std::optional<watch::Look> m_last{};
    std::uint64_t m_looks = 0;
    std::string m_problem{};
};

/// Watches line by line, until the reader goes away, a stop, or the deadline.
[[nodiscard]] int watch_lines(Context& context, const WatchPlan& plan);

/// Watches on the whole screen of the terminal `keys` and the one that is standard output. Nothing
/// when the terminal can't be put into the mode that it needs.
[[nodiscard]] std::optional<int> watch_screen(Context& context, const WatchPlan& plan, int keys);

/// Returns until when a watch may go on: --deadline, else for ever.
[[nodiscard]] core::Deadline end_of_watch(const Context& context);

} // namespace cli
