// SPDX-License-Identifier: MIT
#include "net/tls_session.hpp"

#include "net/certificate.hpp"
#include "net/url.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>

namespace net {
namespace {

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct FreeSession {
    void operator()(SSL* session) const { SSL_free(session); }
};

core::Error tls_error(std::string reason, std::string hint) {
    core::Error error;
    error.kind = core::ErrorKind::tls;
    error.phase = core::Phase::tls;
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

core::Result<void> load_client_certificate(SSL_CTX* context, const TlsSettings& settings) {
    if (settings.cert_file.empty()) return {};
    if (SSL_CTX_use_certificate_chain_file(context, settings.cert_file.c_str()) != 1) {
        return std::unexpected(tls_error(fmt::format("the client certificate {} can't be used: {}",
                                                     settings.cert_file, take_openssl_error()),
                                         "it has to be a PEM file"));
    }
    const auto& key = settings.key_file.empty() ? settings.cert_file : settings.key_file;
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1
        || SSL_CTX_check_private_key(context) != 1) {
        return std::unexpected(
            tls_error(fmt::format("the client key {} can't be used: {}", key, take_openssl_error()),
                      "it has to be a PEM file and belong to the certificate"));
    }
    return {};
}

} // namespace

struct TlsSession::Impl {
    CertificateWatch watch{};
    std::unique_ptr<SSL_CTX, FreeContext> context{};
    std::unique_ptr<SSL, FreeSession> session{};
    bool shaken = false;
    bool heard = false; ///< the server has said something after the handshake

    core::Error failure(int system_code) const {
        // A trust store that can't be opened makes every certificate a bad one.
        if (out_of_descriptors()) {
            ERR_clear_error();
            return system_error(EMFILE, core::Phase::tls);
        }
        if (watch.verify && watch.seen && !watch.seen->verify_error.empty()) {
            ERR_clear_error();
            auto error =
                tls_error("certificate: " + watch.seen->verify_error,
                          "renew or replace the certificate, or name its CA in tls.ca_file");
            const auto now = std::chrono::system_clock::now();
            if (now < watch.seen->not_before || now > watch.seen->not_after)
                error.own = core::OwnTrouble::clock;
            return error;
        }
        const auto code = ERR_peek_error();
        const std::string text = take_openssl_error();
        // In TLS 1.3 a server tells only after the handshake that it wants a certificate of ours.
        if (ERR_GET_REASON(code) == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
            return tls_error(std::string{k_wants_certificate}, std::string{k_give_certificate});
        if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER && !shaken)
            return tls_error("the server does not speak TLS on this port",
                             "is it a plain-text port?");
        if (code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            // A reset may overtake the alert that would have told.
            if (shaken && !heard && watch.wanted_ours)
                return tls_error(std::string{k_wants_certificate}, std::string{k_give_certificate});
            auto error =
                system_error(system_code != 0 ? system_code : ECONNRESET, core::Phase::tls);
            if (!shaken && error.kind == core::ErrorKind::reset)
                error.reason = "connection closed in the middle of the TLS handshake";
            return error;
        }
        return tls_error((shaken ? "TLS failed: " : "TLS handshake failed: ") + text,
                         "compare with `openssl s_client`");
    }

    TlsStep step(int result, std::size_t moved) {
        const int system_code = errno;
        if (result == 1) return {TlsStep::done, moved, {}};
        switch (SSL_get_error(session.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {TlsStep::want_read, 0, {}};
        case SSL_ERROR_WANT_WRITE:
            return {TlsStep::want_write, 0, {}};
        case SSL_ERROR_ZERO_RETURN:
            return {TlsStep::done, 0, {}};
        case SSL_ERROR_SYSCALL:
            return {TlsStep::failed, 0, failure(system_code)};
        default:
            return {TlsStep::failed, 0, failure(0)};
        }
    }
};

TlsStep plain_step(long moved, Wanted wanted, core::Phase phase) {
    if (moved >= 0) return {TlsStep::done, static_cast<std::size_t>(moved), {}};
    const int code = errno;
    if (code == EAGAIN || code == EINTR) {
        return {wanted == Wanted::read ? TlsStep::want_read : TlsStep::want_write, 0, {}};
    }
    return {TlsStep::failed, 0, system_error(code, phase)};
}

TlsSession::TlsSession() = default;
TlsSession::TlsSession(TlsSession&&) noexcept = default;
TlsSession& TlsSession::operator=(TlsSession&&) noexcept = default;
TlsSession::~TlsSession() = default;

core::Result<void> TlsSession::open(const TlsSettings& settings, int socket) {
    TRY(check_readable(settings.ca_file, "CA file"));
    TRY(check_readable(settings.cert_file, "client certificate"));
    TRY(check_readable(settings.key_file, "client key"));
    auto impl = std::make_unique<Impl>();
    impl->watch.trust = {settings.ca_file, settings.server_name};
    impl->watch.verify = settings.verify;
    impl->context.reset(SSL_CTX_new(TLS_client_method()));
    if (!impl->context) return std::unexpected(system_error(ENOMEM, core::Phase::tls));
    SSL_CTX_set_verify(impl->context.get(), settings.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                       nullptr);
    // Whoever only looks wants to see a weak certificate too, not to be kept from it.
    if (!settings.verify) SSL_CTX_set_security_level(impl->context.get(), 0);
    watch_certificates(impl->context.get(), impl->watch);
    TRY(load_client_certificate(impl->context.get(), settings));
    impl->session.reset(SSL_new(impl->context.get()));
    if (!impl->session || SSL_set_fd(impl->session.get(), socket) != 1)
        return std::unexpected(system_error(ENOMEM, core::Phase::tls));
    SSL_set_connect_state(impl->session.get());
    // SNI carries names only (RFC 6066, section 3).
    if (!is_numeric(settings.server_name)
        && SSL_set_tlsext_host_name(impl->session.get(), settings.server_name.c_str()) != 1)
        return std::unexpected(system_error(ENOMEM, core::Phase::tls));
    m_impl = std::move(impl);
    return {};
}

bool TlsSession::is_open() const {
    return m_impl != nullptr;
}

TlsStep TlsSession::handshake() {
    ERR_clear_error();
    errno = 0;
    auto step = m_impl->step(SSL_do_handshake(m_impl->session.get()), 0);
    if (step.kind == TlsStep::done) m_impl->shaken = true;
    return step;
}

TlsStep TlsSession::read(std::span<char> buffer) {
    ERR_clear_error();
    errno = 0;
    std::size_t moved = 0;
    const int result = SSL_read_ex(m_impl->session.get(), buffer.data(), buffer.size(), &moved);
    if (result == 1) m_impl->heard = true;
    return m_impl->step(result, moved);
}

TlsStep TlsSession::write(std::string_view bytes) {
    ERR_clear_error();
    errno = 0;
    std::size_t moved = 0;
    const int result = SSL_write_ex(m_impl->session.get(), bytes.data(), bytes.size(), &moved);
    return m_impl->step(result, moved);
}

facts::Certificate TlsSession::certificate() const {
    if (m_impl == nullptr || !m_impl->watch.seen) return {};
    return *m_impl->watch.seen;
}

} // namespace net
