// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "report/render.hpp"
#include "watch/frame.hpp"
#include "watch/view.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace watch {

/// An Engine that could be asked before and now can't.
struct Away {
    std::string url{};
    int tries = 0;            ///< looks that have asked in vain
    core::Time seen{};        ///< when it answered last
    report::Block services{}; ///< as they were then
};

/// All that a frame is made of, besides the view.
struct Scene {
    const report::Report* report =
        nullptr; ///< of the last look; nothing before the first has ended
    std::optional<Away> away{};
    std::deque<std::pair<core::Time, std::string>> changes{}; ///< the last ones, newest first
    core::Duration interval{};
    std::uint64_t looks = 0;
    bool looking = false;       ///< a look is under way
    core::Duration left{};      ///< until the next look
    std::uint64_t requests = 0; ///< that the last look sent to its targets
    std::string explanation{};
    std::string problem{}; ///< what keeps an output from being written; empty: nothing
};

/// How many changes the screen remembers.
inline constexpr std::size_t k_changes_kept = 8;

struct Screen {
    Frame frame{};
    Extent extent{};
};

/// Draws the screen: the verdict, the problems with their consequences, the groups, the last
/// changes, the counts, what the watch does and the keys. Whatever the size, as many lines as rows
/// and none wider than the screen.
[[nodiscard]] Screen draw(const Scene& scene, const View& view, Size size,
                          const report::RenderOptions& options);

/// Returns the view settled to the screen that it draws (view.hpp).
[[nodiscard]] View settle(const Scene& scene, View view, Size size,
                          const report::RenderOptions& options, bool reveal);

} // namespace watch
