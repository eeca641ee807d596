// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>

namespace net {

/// The longest time that any wait in this layer lasts before it looks at the stop token again.
inline constexpr std::chrono::milliseconds k_slice{50};

/// Owns a file descriptor.
class Descriptor {
  public:
    Descriptor() = default;

    explicit Descriptor(int fd) : m_fd(fd) {}

    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }

    ~Descriptor();

    [[nodiscard]] int get() const { return m_fd; }

    [[nodiscard]] bool valid() const { return m_fd >= 0; }

  private:
    int m_fd = -1;
};

enum class Ready : std::uint8_t { yes, timeout, cancelled };
enum class Wanted : std::uint8_t { read, write };

/// Waits in slices until `fd` is ready, the deadline passes or a stop is requested. An error
/// condition of the descriptor counts as ready: the next call on it tells which.
[[nodiscard]] Ready wait_ready(int fd, Wanted wanted, core::Deadline deadline,
                               const std::stop_token& stop);

/// Returns the typed error for a system call's errno: refused, reset, timeout, unreachable,
/// permission, missing, or observer when this process lacks descriptors or memory.
[[nodiscard]] core::Error system_error(int code, core::Phase phase);

/// Whether this process can't open another descriptor now. A library that can't open one often
/// says something else: "no such certificate", "out of memory".
[[nodiscard]] bool out_of_descriptors();

/// Returns the observer error of a library that could not get what it needs: descriptors or memory.
[[nodiscard]] core::Error shortage_error(core::Phase phase);

/// Returns the error for a run that was interrupted.
[[nodiscard]] core::Error cancelled_error(core::Phase phase);

/// Checks that a file named in the configuration can be read; `role` says what it is for ("CA
/// file"). Errors: missing, permission, observer, all naming the file. An empty path is fine.
[[nodiscard]] core::Result<void> check_readable(const std::string& path, const std::string& role);

} // namespace net
