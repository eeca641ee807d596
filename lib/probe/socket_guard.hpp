// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <stop_token>
#include <thread>

namespace probe {

/// Watches a TCP socket that a library reads, from a thread of its own, and shuts it down when more
/// than `most` bytes have come: libpq takes in all that a server sends before it hands the control
/// back, which may be a gigabyte. A socket that is not TCP is left alone.
class SocketGuard {
  public:
    SocketGuard() = default;

    /// Keeps a descriptor of its own for the socket. Never fails: without a thread or a descriptor
    /// the socket goes unwatched.
    SocketGuard(int socket, std::size_t most);
    ~SocketGuard();
    SocketGuard(const SocketGuard&) = delete;
    SocketGuard& operator=(const SocketGuard&) = delete;

    /// Whether it had to shut the socket down.
    [[nodiscard]] bool exceeded() const { return m_exceeded; }

  private:
    void watch(const std::stop_token& stop, std::size_t most);

    int m_socket = -1;
    std::atomic<bool> m_exceeded{false};
    std::jthread m_thread{};
};

} // namespace probe
