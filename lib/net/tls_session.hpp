// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "facts/http.hpp"
#include "net/stream.hpp"
#include "net/system.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace net {

/// What one non-blocking call came to.
struct TlsStep {
    enum Kind : std::uint8_t { done, want_read, want_write, failed };

    Kind kind = failed;
    std::size_t bytes = 0; ///< moved, when done; 0 from a read: the other side closed
    core::Error error{};   ///< when failed
};

/// Returns the step that a plain send or recv (its return value and errno) came to.
[[nodiscard]] TlsStep plain_step(long moved, Wanted wanted, core::Phase phase);

/// TLS on a non-blocking socket, one step at a time; the waiting is the caller's.
class TlsSession {
  public:
    TlsSession();
    TlsSession(TlsSession&&) noexcept;
    TlsSession& operator=(TlsSession&&) noexcept;
    ~TlsSession();

    /// Prepares the handshake on `socket`. Errors: missing, permission (a file that can't be read),
    /// tls (a file that holds no certificate or key), observer.
    [[nodiscard]] core::Result<void> open(const TlsSettings& settings, int socket);

    [[nodiscard]] bool is_open() const;
    [[nodiscard]] TlsStep handshake();
    [[nodiscard]] TlsStep read(std::span<char> buffer);
    [[nodiscard]] TlsStep write(std::string_view bytes);
    [[nodiscard]] facts::Certificate certificate() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace net
