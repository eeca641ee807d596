// SPDX-License-Identifier: MIT
//
// What is told of a watch is not what each look says. A target that is slow once in a while would
// fill a screen with pairs of "new" and "resolved" that nobody reads twice; so a verdict has to
// hold before it is told, and what swings to and fro is told once as flapping. This delays words
// only: the verdict of a look, and with it the exit code, knows nothing of it.
#pragma once

#include "watch/change.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace watch {

struct Patience {
    int looks = 2;                   ///< how many in a row must agree before a change is told
    int flaps = 6;                   ///< so many changes within `window` are flapping
    std::chrono::minutes window{10}; ///< half of it without a change settles it
};

/// Whether what is missing in a look may be taken for gone.
enum class Missing : std::uint8_t {
    gone,
    unseen ///< whoever knows of it (the Engine) did not answer: what is missing stays as it was
};

/// Remembers what was told of each finding and tells what has to be told next. Its size is bounded
/// by the number of findings in a report.
class Hysteresis {
  public:
    explicit Hysteresis(Patience patience = {}) : m_patience(patience) {}

    /// Takes the next look and returns what is to be told now, causes before consequences. The
    /// first look is told at once, as `initial`.
    [[nodiscard]] std::vector<Change> take(const report::Report& report, core::Time now,
                                           Missing missing = Missing::gone);

    /// Returns how many findings are remembered.
    [[nodiscard]] std::size_t size() const { return m_tracks.size(); }

  private:
    /// What is known of one finding. Nothing as a verdict: not looked at.
    struct Track {
        std::optional<core::Verdict> told{};
        core::Time told_at{};
        std::optional<core::Verdict> seen{};
        int looks = 0; ///< that have seen it in a row
        std::deque<core::Time> changes{};
        bool flapping = false;
        core::Finding last{};
        std::uint64_t visit = 0; ///< the look that updated it last
    };

    void begin(const report::Report& report, core::Time now);
    [[nodiscard]] std::optional<Change> update(Track& track, std::optional<core::Verdict> verdict,
                                               core::Time now);
    [[nodiscard]] std::optional<Change> flap(Track& track, core::Time now);
    void update_missing(std::vector<Change>& changes, core::Time now);
    [[nodiscard]] Change told(Track& track, ChangeKind kind, core::Time now) const;

    Patience m_patience;
    std::map<std::string, Track> m_tracks;
    std::uint64_t m_looks = 0;
};

} // namespace watch
