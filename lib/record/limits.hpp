// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>

// A recording may have been edited by anyone, and the judges reckon with what stands in it: the
// difference of any two values within these limits can be had without overflow. Real values are far
// inside; what a lying server sent is brought within before it is written.

namespace record {

inline constexpr core::Time k_first_time = std::chrono::sys_days{std::chrono::year{1950} / 1 / 1};
inline constexpr core::Time k_last_time = std::chrono::sys_days{std::chrono::year{2225} / 1 / 1};

/// A hundred years, whatever the unit.
template <class Span>
constexpr std::int64_t k_longest =
    std::chrono::duration_cast<Span>(std::chrono::hours{100 * 365 * 24}).count();

template <std::integral Number>
constexpr Number k_most =
    sizeof(Number) == 8 && std::is_signed_v<Number> ? static_cast<Number>(4'000'000'000'000'000'000)
    : sizeof(Number) == 4                           ? static_cast<Number>(1'000'000'000)
                                                    : std::numeric_limits<Number>::max();
template <std::integral Number>
constexpr Number k_least = std::is_signed_v<Number> ? static_cast<Number>(-k_most<Number>) : 0;

/// How large a file of a recording may be, and how deep its JSON.
inline constexpr std::size_t k_most_bytes = std::size_t{32} << 20;
inline constexpr int k_deepest = 32;

} // namespace record
