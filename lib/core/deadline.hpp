// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace core {

/// A fixed moment on the steady clock by which an operation has to end, whatever the target does.
/// One deadline is handed through all steps of an observation; none of them starts a new one.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    explicit constexpr Deadline(Clock::time_point at) : m_at(at) {}

    [[nodiscard]] static Deadline after(Clock::duration span) {
        return Deadline(Clock::now() + span);
    }

    [[nodiscard]] Clock::time_point at() const { return m_at; }

    /// Returns the time left, never negative.
    [[nodiscard]] std::chrono::milliseconds remaining() const {
        auto left = std::chrono::ceil<std::chrono::milliseconds>(m_at - Clock::now());
        return std::max(left, std::chrono::milliseconds{0});
    }

    [[nodiscard]] bool passed() const { return Clock::now() >= m_at; }

    /// Returns the earlier of this deadline and `other`.
    [[nodiscard]] Deadline sooner(Deadline other) const {
        return m_at < other.m_at ? *this : other;
    }

    /// Returns the earlier of this deadline and `span` from now.
    [[nodiscard]] Deadline within(Clock::duration span) const { return sooner(after(span)); }

  private:
    Clock::time_point m_at;
};

/// Returns how long ago `start` was.
[[nodiscard]] inline std::chrono::microseconds since(Deadline::Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Deadline::Clock::now() - start);
}

} // namespace core
