// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace cli {

/// A descriptor that becomes readable when a stop is requested, and stays so.
class StopSignal {
  public:
    explicit StopSignal(const std::stop_token& stop)
        : m_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          m_callback(std::in_place, stop, [this] {
              const std::uint64_t one = 1;
              static_cast<void>(::write(m_descriptor, &one, sizeof one) == sizeof one);
          }) {}

    ~StopSignal() {
        m_callback.reset(); // so that it does not write to a closed descriptor
        if (m_descriptor >= 0) ::close(m_descriptor);
    }

    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    /// Returns the descriptor; negative, which poll passes over, when there is none to be had.
    [[nodiscard]] int get() const { return m_descriptor; }

  private:
    int m_descriptor;
    std::optional<std::stop_callback<std::function<void()>>> m_callback;
};

} // namespace cli
