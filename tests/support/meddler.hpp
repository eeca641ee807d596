// SPDX-License-Identifier: MIT
#pragma once

#include "support/hostile.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

// A proxy before a sound server, real or made up, that does harm at a chosen byte of what the
// server says: so a fault happens in the middle of a dialogue that is right up to there.

namespace hostile {

enum class Harm : std::uint8_t {
    none,
    cut,    ///< FIN
    reset,  ///< RST
    stall,  ///< says nothing more
    drip,   ///< a byte a second from there on
    garble, ///< noise from there on
};

struct Meddling {
    Harm harm = Harm::none;
    std::size_t after = 0; ///< bytes of the server that pass unharmed, on each connection
    bool of_body = false;  ///< counted from the end of the HTTP header
    int spared = 0;        ///< so many connections pass unharmed first
};

/// Listens on a port of 127.0.0.1 and hands every connection on to `upstream` there.
class Meddler {
  public:
    Meddler(std::uint16_t upstream, Meddling meddling);

    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }

    /// The most that the server has said on one connection, harmed or not.
    [[nodiscard]] std::size_t carried() const { return m_carried; }

  private:
    void pump(Connection& client);

    std::uint16_t m_upstream;
    Meddling m_meddling;
    std::atomic<std::size_t> m_carried{0};
    std::atomic<int> m_connections{0};
    Server m_server;
};

} // namespace hostile
