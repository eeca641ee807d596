// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

namespace cli {

/// Receives the signals that concern a screen as a descriptor for as long as it lives: a new size,
/// stop and go on (Ctrl-Z and fg), hang-up. They are blocked meanwhile in this thread and in all
/// that it starts, so that no probe is interrupted by them.
class ScreenSignals {
  public:
    ScreenSignals();
    ~ScreenSignals();
    ScreenSignals(const ScreenSignals&) = delete;
    ScreenSignals& operator=(const ScreenSignals&) = delete;

    [[nodiscard]] int descriptor() const { return m_descriptor; }

    /// Returns the next signal that has come; 0 when there is none.
    [[nodiscard]] int next() const;

    /// Stops the process as Ctrl-Z does, and returns when it goes on.
    static void stop_here();

  private:
    sigset_t m_before{};
    int m_descriptor = -1;
};

} // namespace cli
