// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "facts/past.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// What is usual for a figure, learned from earlier runs, and when a figure is well beyond it.
//
// The middle is the median and the spread the median absolute deviation times 1.4826, which makes
// it comparable with a standard deviation (Rousseeuw and Croux, "Alternatives to the Median
// Absolute Deviation", Journal of the American Statistical Association 88, 1993). Neither is moved
// by a few outliers. Iglewicz and Hoaglin ("How to Detect and Handle Outliers", 1993) call a value
// beyond 3.5 such spreads an outlier; here it takes 6, since dozens of figures are looked at
// hundreds of times a day, and besides the value has to lie clearly beyond what 99 of 100 samples
// were: a figure with two usual levels (a nightly job, traffic in bursts) has a spread that knows
// only one of them.

namespace health {

/// Latencies and rates vary by factors, shares by amounts.
enum class Scale : std::uint8_t { linear, factors };

/// Whether too little is a deviation as well.
enum class Sides : std::uint8_t { above, both };

struct BaselineRules {
    Scale scale = Scale::linear;
    Sides sides = Sides::above;
    double nothing = 0; ///< Scale::factors: below this a figure counts as none (its unit)
    double floor = 0;   ///< the least spread: of the figure, or the power of two of a factor
    double spreads = 6; ///< this many from the median on a value is beyond what is usual
    std::size_t least_samples = 20;
    std::chrono::hours least_span{24};   ///< between the first and the last sample
    std::chrono::hours longest{24 * 28}; ///< older samples are not looked at
};

/// What is usual.
struct Usual {
    double median = 0;
    double low = 0;   ///< one sample in 100 lies below
    double high = 0;  ///< one in 100 lies above
    double upper = 0; ///< from here on a value is beyond, in the figure's unit
    double lower = 0; ///< and down to here; minus infinity when nothing can be too little
    std::size_t samples = 0;
    std::chrono::hours span{};
};

/// What is usual, or why it is not known yet: "no baseline yet: 7 of 20 samples".
struct Learned {
    std::optional<Usual> usual{};
    std::string missing{};
};

/// Learns from the samples at most `rules.longest` before `now`, whatever their verdicts: who makes
/// a figure a sample decides what is fit.
[[nodiscard]] Learned learn(const facts::PastSeries& past, core::Time now,
                            const BaselineRules& rules);

enum class Deviation : std::uint8_t { none, above, below };

[[nodiscard]] Deviation deviation(const Usual& usual, double value);

/// Returns the beginnings of the ids whose series the checks need: what to read of the history.
[[nodiscard]] std::span<const std::string_view> baseline_families();

} // namespace health
