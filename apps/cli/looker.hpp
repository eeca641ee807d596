// SPDX-License-Identifier: MIT
#pragma once

#include "cli/watch.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace cli {

/// Looks in a thread of its own, one look at a time, so that the screen answers keys meanwhile.
class Looker {
  public:
    explicit Looker(LookFunction look);
    ~Looker(); ///< stops the look under way
    Looker(const Looker&) = delete;
    Looker& operator=(const Looker&) = delete;

    /// Starts a look. None may be under way.
    void start();

    [[nodiscard]] bool looking() const { return m_looking; }

    /// Returns a descriptor that is readable when a look has ended.
    [[nodiscard]] int descriptor() const { return m_ended; }

    /// Returns the look that has ended, if any; throws what it threw.
    [[nodiscard]] std::optional<watch::Look> take();

  private:
    void run(const std::stop_token& stop);

    LookFunction m_look;
    int m_ended = -1;
    bool m_looking = false; ///< known to the owner's thread only
    std::mutex m_mutex{};
    std::condition_variable_any m_wake{};
    bool m_asked = false;
    std::optional<watch::Look> m_result{};
    std::exception_ptr m_failure{};
    std::jthread m_thread{};
};

} // namespace cli
