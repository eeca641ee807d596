// SPDX-License-Identifier: MIT
#include "probe/socket_guard.hpp"

#include "probe/pause.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <linux/tcp.h> // not netinet/tcp.h, whose tcp_info ends before the bytes
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace probe {
namespace {

using namespace std::chrono_literals;

/// Returns how many bytes have come over the socket; nothing when the kernel does not tell.
std::optional<std::uint64_t> received(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    if (size < offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
        return std::nullopt;
    return info.tcpi_bytes_received;
}

} // namespace

SocketGuard::SocketGuard(int socket, std::size_t most) {
    if (!received(socket)) return;
    m_socket = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (m_socket < 0) return;
    try {
        m_thread = std::jthread{[this, most](const std::stop_token& stop) { watch(stop, most); }};
    } catch (const std::system_error&) {
        m_thread = {};
    }
}

SocketGuard::~SocketGuard() {
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
    if (m_socket >= 0) ::close(m_socket);
}

void SocketGuard::watch(const std::stop_token& stop, std::size_t most) {
    constexpr auto k_shortest = 1ms;
    constexpr auto k_longest = 16ms;
    auto nap = std::chrono::milliseconds{k_shortest};
    std::uint64_t before = 0;
    while (!stop.stop_requested()) {
        const auto now = received(m_socket).value_or(before);
        if (now > most) {
            m_exceeded = true;
            ::shutdown(m_socket, SHUT_RDWR);
            return;
        }
        // Close behind a server that talks, far behind one that is silent.
        nap = now != before ? std::chrono::milliseconds{k_shortest}
                            : std::min<std::chrono::milliseconds>(2 * nap, k_longest);
        before = now;
        if (!pause(nap, core::Deadline::after(nap), stop)) return;
    }
}

} // namespace probe
