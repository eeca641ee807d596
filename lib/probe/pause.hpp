// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace probe {

/// Sleeps for `span`, but not beyond the deadline; returns early, with false, when a stop is
/// requested.
[[nodiscard]] inline bool pause(std::chrono::milliseconds span, core::Deadline deadline,
                                const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    const auto until = deadline.within(std::max(span, std::chrono::milliseconds{0})).at();
    wake.wait_until(lock, stop, until, [] { return false; });
    return !stop.stop_requested();
}

/// Returns `window`, shortened so that the second look still fits before the deadline.
[[nodiscard]] inline std::chrono::milliseconds fitting(std::chrono::milliseconds window,
                                                       core::Deadline deadline) {
    const auto most = deadline.remaining() / 2;
    return std::clamp(window, std::chrono::milliseconds{0}, most);
}

} // namespace probe
