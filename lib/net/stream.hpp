// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/http.hpp"
#include "facts/observed.hpp"
#include "net/address.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace net {

struct TlsSettings {
    std::string ca_file{}; ///< empty: the system's store
    std::string cert_file{};
    std::string key_file{};
    std::string server_name{};
    bool verify = true; ///< false: the handshake goes on, the verdict stands in the certificate
};

/// A connection whose every step ends by the deadline or when a stop is requested: non-blocking
/// socket, poll in short slices. Tries all addresses of a name one after the other, each with its
/// share of the time that is left, so that one dead address can't hide a living one.
class Stream {
  public:
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    ~Stream();

    /// Connects over TCP. Errors: unreachable, refused, timeout, cancelled; the phase is dns or
    /// connect.
    [[nodiscard]] static core::Result<Stream> connect(const std::string& host, std::uint16_t port,
                                                      core::Deadline deadline,
                                                      std::stop_token stop);

    /// Starts TLS on the connection. Errors: tls, timeout, reset.
    [[nodiscard]] core::Result<void> start_tls(const TlsSettings& settings, core::Deadline deadline,
                                               std::stop_token stop);

    /// Returns the server's certificate; only after start_tls.
    [[nodiscard]] facts::Certificate certificate() const;

    [[nodiscard]] core::Result<void> write(std::string_view bytes, core::Deadline deadline,
                                           std::stop_token stop);

    /// Reads at least one byte; 0 means that the peer closed the connection.
    [[nodiscard]] core::Result<std::size_t> read(std::span<char> buffer, core::Deadline deadline,
                                                 std::stop_token stop);

    [[nodiscard]] const facts::Phases& phases() const;
    [[nodiscard]] const Address& remote() const;

  private:
    struct Impl;
    explicit Stream(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace net
