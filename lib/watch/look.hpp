// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"
#include "watch/hysteresis.hpp"
#include "watch/screen.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watch {

/// What one Engine answered in a look.
struct EngineAnswer {
    std::string url{}; ///< printable
    bool answered = false;
};

/// One look of a watch: its report and what the report does not say.
struct Look {
    report::Report report{};
    std::vector<EngineAnswer> engines{};
    std::uint64_t requests = 0; ///< sent to the targets: HTTP requests and other conversations
    bool is_last = false;       ///< nothing new can come
};

/// Remembers what the Engines told last, for the time in which one of them is away.
class EngineMemory {
  public:
    /// Takes the next look, made at `now`.
    void take(const Look& look, core::Time now);

    /// Returns what is known of an Engine that could be asked before and now can't.
    [[nodiscard]] const std::optional<Away>& away() const { return m_away; }

    /// Returns whether what is missing in the look is only unseen, since an Engine does not answer.
    [[nodiscard]] Missing missing() const { return m_silent ? Missing::unseen : Missing::gone; }

  private:
    std::optional<Away> m_away{};
    report::Block m_services{};
    core::Time m_seen{};
    bool m_ever = false;
    bool m_silent = false;
};

} // namespace watch
