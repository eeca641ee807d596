// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace cli {

/// Turns SIGINT and SIGTERM into a stop request for as long as it lives. Both are blocked in the
/// creating thread (and so in all that it starts later) and awaited by a thread of their own, where
/// everything may be called; a second one ends the program at once with 130. Make it before any
/// other thread starts. A child process inherits the blocked signals: unblock them between fork and
/// exec.
class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

  private:
    void wait_for_signals();

    std::stop_source m_source;
    sigset_t m_before{};
    int m_signals = -1;
    int m_leave = -1;
    std::thread m_thread;
};

} // namespace cli
