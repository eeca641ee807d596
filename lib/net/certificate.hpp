// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"
#include "facts/http.hpp"

#include <optional>
#include <span>
#include <string>

// OpenSSL's own tags, so that its headers stay in the .cpp files.
struct x509_st;
struct ssl_ctx_st;

namespace net {

/// What a server's certificate is held against.
struct Trust {
    std::string ca_file{};     ///< empty: the system's store
    std::string server_name{}; ///< a DNS name or a numeric address
};

/// Returns the facts of a chain (the server's own certificate first). `verify_error` names all that
/// is wrong with it at the time `now`: expired when, which names it has, which issuer is unknown.
[[nodiscard]] facts::Certificate judge_chain(std::span<x509_st* const> chain, const Trust& trust,
                                             core::Time now);

/// Looks at the certificate in the middle of a handshake, whether OpenSSL or curl does it.
struct CertificateWatch {
    Trust trust{};
    bool verify = true; ///< false: the handshake goes on whatever the certificate is
    std::optional<facts::Certificate> seen{};
    bool wanted_ours = false; ///< the server asked for a certificate of ours, and we have none
};

/// Makes every handshake of `context` fill `watch`, and fail when `watch.verify` is set and the
/// certificate is not good. `watch` must outlive the context.
void watch_certificates(ssl_ctx_st* context, CertificateWatch& watch);

/// What is said when a server wants a certificate of ours, and the next step.
inline constexpr std::string_view k_wants_certificate{"the server demands a client certificate"};
inline constexpr std::string_view k_give_certificate{
    "name one that it accepts in tls.cert_file and tls.key_file"};

/// Returns what OpenSSL's error queue of this thread says, as one line, and empties it.
[[nodiscard]] std::string take_openssl_error();

} // namespace net
