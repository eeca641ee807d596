// SPDX-License-Identifier: MIT
#include "support/meddler.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace hostile {
namespace {

using namespace std::chrono_literals;

/// A connection of our own to a port of 127.0.0.1.
class Upstream {
  public:
    explicit Upstream(std::uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        m_connected = ::connect(m_fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    }

    ~Upstream() { ::close(m_fd); }

    Upstream(const Upstream&) = delete;
    Upstream& operator=(const Upstream&) = delete;

    [[nodiscard]] int get() const { return m_fd; }

    [[nodiscard]] bool connected() const { return m_connected; }

  private:
    int m_fd;
    bool m_connected = false;
};

/// Where the harm begins, as far as that can be told from what has been said so far.
std::size_t harm_at(const Meddling& meddling, const std::string& said) {
    if (!meddling.of_body) return meddling.after;
    const auto header = said.find("\r\n\r\n");
    return header == std::string::npos ? std::string::npos : header + 4 + meddling.after;
}

/// Does the harm, in place of `rest`, which is the remainder of what the server said.
void harm(Connection& client, Harm kind, std::string_view rest) {
    switch (kind) {
    case Harm::none:
        return;
    case Harm::cut:
        return client.end();
    case Harm::reset:
        return client.reset();
    case Harm::stall:
        return client.hold();
    case Harm::drip:
        // All but the last byte: who waits long enough would see the end of a short answer.
        client.drip(rest.substr(0, rest.size() - std::min<std::size_t>(1, rest.size())), 1s);
        return client.hold();
    case Harm::garble:
        for (unsigned value = 12345, left = 4096; left > 0; --left) {
            value = value * 1103515245U + 12345U;
            const char byte = static_cast<char>(value >> 16U);
            if (!client.send({&byte, 1})) return;
        }
        return client.end();
    }
}

} // namespace

Meddler::Meddler(std::uint16_t upstream, Meddling meddling)
    : m_upstream(upstream), m_meddling(meddling),
      m_server([this](Connection& client) { pump(client); }) {}

void Meddler::pump(Connection& client) {
    const bool spared = m_connections++ < m_meddling.spared;
    const Harm kind = spared ? Harm::none : m_meddling.harm;
    const Upstream server{m_upstream};
    if (!server.connected()) return client.reset();
    if (kind != Harm::none && m_meddling.after == 0 && !m_meddling.of_body) {
        (void)client.read_some(); // the harm comes instead of an answer, not of a request
        return harm(client, kind, {});
    }
    std::string said;
    std::size_t passed = 0;
    std::array<pollfd, 2> waiting{pollfd{client.descriptor(), POLLIN, 0},
                                  pollfd{server.get(), POLLIN, 0}};
    while (!client.stopping()) {
        if (::poll(waiting.data(), waiting.size(), 10) <= 0) continue;
        char buffer[16384];
        if (waiting[0].revents != 0) {
            const auto got = ::recv(client.descriptor(), buffer, sizeof buffer, MSG_DONTWAIT);
            if (got == 0 || (got < 0 && errno != EAGAIN)) return;
            if (got > 0)
                (void)!::send(server.get(), buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL);
        }
        if (waiting[1].revents == 0) continue;
        const auto got = ::recv(server.get(), buffer, sizeof buffer, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) continue;
        if (got <= 0) return client.end();
        said.append(buffer, static_cast<std::size_t>(got));
        std::size_t before = m_carried;
        while (before < said.size() && !m_carried.compare_exchange_weak(before, said.size())) {
        }
        const std::size_t limit = kind == Harm::none ? said.size() : harm_at(m_meddling, said);
        const std::size_t until = std::min(limit, said.size());
        if (!client.send(std::string_view{said}.substr(passed, until - passed))) return;
        passed = until;
        if (kind != Harm::none && said.size() >= limit)
            return harm(client, kind, std::string_view{said}.substr(passed));
    }
}

} // namespace hostile
