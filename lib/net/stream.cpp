// SPDX-License-Identifier: MIT
#include "net/stream.hpp"

#include "core/units.hpp"
#include "net/certificate.hpp"
#include "net/system.hpp"
#include "net/tls_session.hpp"
#include "net/traffic.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <vector>

namespace net {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view hint_for(core::Phase phase) {
    switch (phase) {
    case core::Phase::tls:
        return "is it a plain-text port, or does the process hang?";
    case core::Phase::body:
        return "the server is slow or hangs in mid-answer";
    default:
        return "the process takes connections and does not answer: it may hang, be paused or "
               "overloaded";
    }
}

core::Error timeout_error(core::Phase phase, std::string reason, std::chrono::microseconds waited) {
    core::Error error;
    error.hint = hint_for(phase);
    error.kind = core::ErrorKind::timeout;
    error.phase = phase;
    error.reason = std::move(reason);
    error.elapsed = waited;
    return error;
}

core::Result<Descriptor> connect_one(const Address& address, core::Deadline deadline,
                                     const std::stop_token& stop) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const auto began = Clock::now();
    if (::getaddrinfo(address.ip.c_str(), std::to_string(address.port).c_str(), &hints, &found)
        != 0)
        return std::unexpected(system_error(EADDRNOTAVAIL, core::Phase::connect));
    Descriptor socket{
        ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)};
    int code = socket.valid() ? 0 : errno;
    if (code == 0 && ::connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0) code = errno;
    ::freeaddrinfo(found);
    if (code == EINPROGRESS) {
        switch (wait_ready(socket.get(), Wanted::write, deadline, stop)) {
        case Ready::cancelled:
            return std::unexpected(cancelled_error(core::Phase::connect));
        case Ready::timeout: {
            const auto waited = core::since(began);
            auto error = system_error(ETIMEDOUT, core::Phase::connect);
            error.reason = fmt::format("no answer to the connection attempt in {}",
                                       core::format_duration(waited));
            error.elapsed = waited;
            return std::unexpected(std::move(error));
        }
        case Ready::yes:
            break;
        }
        socklen_t size = sizeof code;
        if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &code, &size) != 0) code = errno;
    }
    if (code != 0) return std::unexpected(system_error(code, core::Phase::connect));
    return socket;
}

/// Joins the failures of several addresses. The kind is the most telling one: an answer ("refused")
/// before a silence, a silence before "no route" (an IPv6 address on a host without IPv6).
core::Error join_failures(const std::vector<Address>& addresses, std::vector<core::Error> errors) {
    const auto rank = [](const core::Error& error) {
        switch (error.kind) {
        case core::ErrorKind::observer:
            return 0;
        case core::ErrorKind::refused:
            return 1;
        case core::ErrorKind::timeout:
            return 2;
        default:
            return 3;
        }
    };
    core::Error joined = errors.front();
    for (const auto& error : errors) {
        if (rank(error) < rank(joined)) joined = error;
    }
    if (errors.size() == 1) return joined;
    joined.reason.clear();
    for (std::size_t i = 0; i < errors.size(); ++i)
        joined.reason +=
            fmt::format("{}{}: {}", i == 0 ? "" : "; ", addresses[i].ip, errors[i].reason);
    return joined;
}

} // namespace

struct Stream::Impl {
    std::string host{};
    std::string where{};
    Descriptor socket{};
    Address remote{};
    Clock::time_point started = Clock::now();
    facts::Phases phases{};
    bool answered = false;
    TlsSession tls{}; ///< after the socket: it is closed first

    core::Error place(core::Error error, const char* what) const {
        error.what = what;
        error.where = where;
        return error;
    }

    /// Waits for the socket before the next try of `what`.
    core::Result<void> wait(Wanted wanted, Clock::time_point began, core::Deadline deadline,
                            const std::stop_token& stop, core::Phase phase) const {
        switch (wait_ready(socket.get(), wanted, deadline, stop)) {
        case Ready::yes:
            return {};
        case Ready::cancelled:
            return std::unexpected(cancelled_error(phase));
        case Ready::timeout:
            break;
        }
        const auto waited = core::since(began);
        std::string reason = phase == core::Phase::tls ? "no TLS handshake" : "no answer";
        if (phase == core::Phase::body) reason = "the answer stalled: nothing more";
        if (phase == core::Phase::request) reason = "the request was not taken";
        return std::unexpected(timeout_error(
            phase,
            fmt::format("{} in {} (connected after {})", reason, core::format_duration(waited),
                        core::format_duration(phases.dns + phases.connect)),
            waited));
    }
};

Stream::Stream(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

core::Result<Stream> Stream::connect(const std::string& host, std::uint16_t port,
                                     core::Deadline deadline, std::stop_token stop) {
    auto impl = std::make_unique<Impl>();
    impl->host = host;
    impl->where = fmt::format("{}:{}", host, port);
    TRY_ASSIGN(const auto addresses, resolve(host, port, deadline, stop));
    impl->phases.dns = core::since(impl->started);
    const auto began = Clock::now();
    count_request();
    std::vector<core::Error> errors;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto share = deadline.remaining() / static_cast<long>(addresses.size() - i);
        auto socket = connect_one(addresses[i], deadline.within(share), stop);
        if (socket) {
            impl->socket = std::move(*socket);
            impl->remote = addresses[i];
            impl->phases.connect = core::since(began);
            impl->phases.total = core::since(impl->started);
            const int on = 1;
            ::setsockopt(impl->socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            return Stream{std::move(impl)};
        }
        errors.push_back(std::move(socket).error());
        if (errors.back().kind == core::ErrorKind::cancelled) break;
    }
    auto error = errors.back().kind == core::ErrorKind::cancelled
                     ? errors.back()
                     : join_failures(addresses, std::move(errors));
    error.elapsed = core::since(impl->started);
    return std::unexpected(impl->place(std::move(error), "connecting"));
}

core::Result<void> Stream::start_tls(const TlsSettings& settings, core::Deadline deadline,
                                     std::stop_token stop) {
    auto& impl = *m_impl;
    const auto began = Clock::now();
    auto tuned = settings;
    if (tuned.server_name.empty()) tuned.server_name = impl.host;
    TRY(impl.tls.open(tuned, impl.socket.get()));
    while (true) {
        const auto step = impl.tls.handshake();
        if (step.kind == TlsStep::done) break;
        if (step.kind == TlsStep::failed)
            return std::unexpected(impl.place(step.error, "TLS handshake"));
        const auto wanted = step.kind == TlsStep::want_read ? Wanted::read : Wanted::write;
        auto ready = impl.wait(wanted, began, deadline, stop, core::Phase::tls);
        if (!ready) return std::unexpected(impl.place(std::move(ready).error(), "TLS handshake"));
    }
    impl.phases.tls = core::since(began);
    impl.phases.total = core::since(impl.started);
    return {};
}

facts::Certificate Stream::certificate() const {
    return m_impl->tls.certificate();
}

core::Result<void> Stream::write(std::string_view bytes, core::Deadline deadline,
                                 std::stop_token stop) {
    auto& impl = *m_impl;
    const auto began = Clock::now();
    impl.answered = false;
    while (!bytes.empty()) {
        TlsStep step;
        if (impl.tls.is_open()) {
            step = impl.tls.write(bytes);
        } else {
            const auto sent = ::send(impl.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            step = plain_step(sent, Wanted::write, core::Phase::request);
        }
        if (step.kind == TlsStep::failed) return std::unexpected(impl.place(step.error, "sending"));
        if (step.kind == TlsStep::done) {
            bytes.remove_prefix(step.bytes);
            continue;
        }
        const auto wanted = step.kind == TlsStep::want_read ? Wanted::read : Wanted::write;
        auto ready = impl.wait(wanted, began, deadline, stop, core::Phase::request);
        if (!ready) return std::unexpected(impl.place(std::move(ready).error(), "sending"));
    }
    return {};
}

core::Result<std::size_t> Stream::read(std::span<char> buffer, core::Deadline deadline,
                                       std::stop_token stop) {
    auto& impl = *m_impl;
    const auto began = Clock::now();
    const auto phase = impl.answered ? core::Phase::body : core::Phase::first_byte;
    while (!buffer.empty()) {
        TlsStep step;
        if (impl.tls.is_open()) {
            step = impl.tls.read(buffer);
        } else {
            const auto got = ::recv(impl.socket.get(), buffer.data(), buffer.size(), 0);
            step = plain_step(got, Wanted::read, phase);
        }
        if (step.kind == TlsStep::done) {
            if (!impl.answered) impl.phases.first_byte = core::since(began);
            impl.answered = true;
            impl.phases.total = core::since(impl.started);
            return step.bytes;
        }
        if (step.kind == TlsStep::failed) {
            if (step.error.kind != core::ErrorKind::tls) step.error.phase = phase;
            return std::unexpected(impl.place(step.error, "reading the answer"));
        }
        const auto wanted = step.kind == TlsStep::want_read ? Wanted::read : Wanted::write;
        auto ready = impl.wait(wanted, began, deadline, stop, phase);
        if (!ready)
            return std::unexpected(impl.place(std::move(ready).error(), "reading the answer"));
    }
    return std::size_t{0};
}

const facts::Phases& Stream::phases() const {
    return m_impl->phases;
}

const Address& Stream::remote() const {
    return m_impl->remote;
}

} // namespace net
