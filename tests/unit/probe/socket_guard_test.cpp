// SPDX-License-Identifier: MIT
#include "probe/socket_guard.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace probe_socket_guard_test {

using namespace std::chrono_literals;

namespace {

/// Two ends of a TCP connection over loopback.
class Pair {
  public:
    Pair() {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener, plain, size) == 0);
        REQUIRE(::listen(listener, 1) == 0);
        REQUIRE(::getsockname(listener, plain, &size) == 0);
        m_ends[0] = ::socket(AF_INET, SOCK_STREAM, 0);
        REQUIRE(::connect(m_ends[0], plain, size) == 0);
        m_ends[1] = ::accept(listener, nullptr, nullptr);
        ::close(listener);
    }

    ~Pair() {
        for (const int end : m_ends)
            ::close(end);
    }

    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    [[nodiscard]] int ours() const { return m_ends[0]; }

    [[nodiscard]] int theirs() const { return m_ends[1]; }

  private:
    std::array<int, 2> m_ends{-1, -1};
};

} // namespace

TEST_CASE("a guard of a silent socket ends at once") {
    const Pair pair;
    std::array<std::chrono::steady_clock::duration, 15> took{};
    for (auto& each : took) {
        auto guard = std::make_unique<probe::SocketGuard>(pair.ours(), 1000);
        std::this_thread::sleep_for(40ms); // its naps are at their longest by now: 16 ms
        const auto began = std::chrono::steady_clock::now();
        guard.reset();
        each = std::chrono::steady_clock::now() - began;
    }
    std::ranges::sort(took);
    CHECK(took[took.size() / 2] < 4ms); // the machine may be busy now and then
}

TEST_CASE("a guard shuts a socket down that brings too much") {
    const Pair pair;
    const probe::SocketGuard guard{pair.ours(), 1000};
    const std::array<char, 4000> bytes{};
    REQUIRE(::send(pair.theirs(), bytes.data(), bytes.size(), 0) == std::ssize(bytes));
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!guard.exceeded() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    CHECK(guard.exceeded());
}

} // namespace probe_socket_guard_test
