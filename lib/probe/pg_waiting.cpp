// SPDX-License-Identifier: MIT
#include "probe/pg_waiting.hpp"

#include "core/units.hpp"

#include <fmt/format.h>

#include <string_view>
#include <sys/ioctl.h>
#include <utility>

namespace probe {
namespace {

using core::ErrorKind;
using core::Phase;

std::string_view silence(Phase phase) {
    if (phase == Phase::connect) return "no answer to the connection attempt";
    if (phase == Phase::tls) return "no TLS handshake";
    return phase == Phase::query ? "no answer to the query" : "no answer";
}

std::string_view hint_for(Phase phase) {
    if (phase == Phase::connect) return "the host may be down, or a firewall drops the packets";
    if (phase == Phase::tls) return "is it a PostgreSQL that listens there, and does it hang?";
    return "the server takes connections and does not answer: it may hang, be paused or overloaded";
}

} // namespace

core::Error pg_failure(ErrorKind kind, Phase phase, std::string reason) {
    core::Error error;
    error.kind = kind;
    error.phase = phase;
    error.reason = std::move(reason);
    return error;
}

core::Error pg_too_much(Phase phase) {
    return pg_failure(ErrorKind::too_large, phase,
                      "the server sends more than any answer can take");
}

std::chrono::microseconds PgWaiting::waited() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now()
                                                                 - began);
}

core::Error PgWaiting::timed_out(Phase phase) const {
    const auto time = waited();
    auto error = pg_failure(ErrorKind::timeout, phase,
                            fmt::format("{} in {}", silence(phase), core::format_duration(time)));
    if (connected)
        error.reason += fmt::format(" (connected after {})", core::format_duration(*connected));
    error.elapsed = time;
    error.hint = hint_for(phase);
    return error;
}

core::Result<void> PgWaiting::wait(const PGconn* connection, net::Wanted wanted, Phase phase) {
    const int fd = PQsocket(connection);
    if (fd < 0) return std::unexpected(pg_failure(ErrorKind::reset, phase, "connection lost"));
    const auto ready = net::wait_ready(fd, wanted, deadline, stop);
    if (ready == net::Ready::cancelled || stop.stop_requested())
        return std::unexpected(net::cancelled_error(phase));
    // A server that never stops talking keeps its socket ready for ever.
    if (ready == net::Ready::timeout || deadline.passed()) return std::unexpected(timed_out(phase));
    int pending = 0;
    if (::ioctl(fd, FIONREAD, &pending) == 0 && pending > 0)
        bytes += static_cast<std::size_t>(pending);
    if (bytes > k_pg_most_bytes) return std::unexpected(pg_too_much(phase));
    return {};
}

} // namespace probe
