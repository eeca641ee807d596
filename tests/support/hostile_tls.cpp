// SPDX-License-Identifier: MIT
#include "support/hostile_tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace hostile {
namespace {

std::shared_ptr<EVP_PKEY> make_key() {
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error{"bad certificate extension " + value};
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

std::string joined(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& name : names)
        all += (all.empty() ? "" : ",") + name;
    return all;
}

Identity make(const CertificateWish& wish, const Identity* issuer) {
    static std::atomic<long> serial{1000};
    Identity made;
    made.key = make_key();
    made.certificate = {X509_new(), X509_free};
    X509* certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    const auto seconds = [](std::chrono::hours span) {
        return std::chrono::duration_cast<std::chrono::seconds>(span).count();
    };
    X509_gmtime_adj(X509_getm_notBefore(certificate), seconds(wish.starts));
    X509_gmtime_adj(X509_getm_notAfter(certificate), seconds(wish.ends));
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.subject.c_str()), -1, -1,
                               0);
    X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    X509_set_pubkey(certificate, made.key.get());
    if (!wish.names.empty())
        add_extension(certificate, signer, NID_subject_alt_name, joined(wish.names));
    add_extension(certificate, signer, NID_basic_constraints,
                  wish.is_ca ? "critical,CA:TRUE" : "CA:FALSE");
    X509_sign(certificate, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
    return made;
}

class TlsConnection : public Connection {
  public:
    TlsConnection(int fd, const std::atomic<bool>& stopping, SSL_CTX* context)
        : Connection(fd, stopping), m_ssl(SSL_new(context)) {
        SSL_set_fd(m_ssl, fd);
    }

    ~TlsConnection() override {
        SSL_shutdown(m_ssl);
        SSL_free(m_ssl);
    }

    TlsConnection(const TlsConnection&) = delete;
    TlsConnection& operator=(const TlsConnection&) = delete;

    void end() override {
        SSL_shutdown(m_ssl);
        Connection::end();
    }

    [[nodiscard]] bool shake_hands() {
        const timeval limit{5, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(m_fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        const bool good = SSL_accept(m_ssl) == 1;
        ERR_clear_error();
        return good;
    }

  protected:
    long raw_read(char* buffer, std::size_t size) override {
        errno = 0;
        const int got = SSL_read(m_ssl, buffer, static_cast<int>(size));
        if (got > 0) return got;
        if (errno == EAGAIN) return -1;
        return 0;
    }

    long raw_write(const char* data, std::size_t size) override {
        const int sent = SSL_write(m_ssl, data, static_cast<int>(size));
        if (sent <= 0) errno = EPIPE;
        return sent;
    }

  private:
    SSL* m_ssl;
};

} // namespace

Authority::Authority(const std::string& name, std::chrono::hours ends) {
    m_identity = make({.subject = name, .names = {}, .ends = ends, .is_ca = true}, nullptr);
    static std::atomic<int> count{0};
    m_file = (std::filesystem::temp_directory_path()
              / ("gallery-ops-ca-" + std::to_string(::getpid()) + "-" + std::to_string(++count)
                 + ".pem"))
                 .string();
    std::FILE* file = std::fopen(m_file.c_str(), "w");
    if (file == nullptr) throw std::runtime_error{"can't write " + m_file};
    PEM_write_X509(file, m_identity.certificate.get());
    std::fclose(file);
}

Authority::~Authority() {
    std::error_code ignored;
    std::filesystem::remove(m_file, ignored);
}

Identity Authority::issue(const CertificateWish& wish) const {
    return make(wish, wish.self_signed ? nullptr : &m_identity);
}

Identity Authority::intermediate(std::chrono::hours ends) const {
    return make({.subject = "Gallery Test Intermediate", .names = {}, .ends = ends, .is_ca = true},
                &m_identity);
}

Identity issue_by(const Identity& issuer, const CertificateWish& wish) {
    auto made = make(wish, &issuer);
    made.chain.push_back(issuer.certificate);
    return made;
}

namespace {

/// Says yes to a PostgreSQL client's question for TLS.
bool agree_to_postgres(int fd) {
    const timeval limit{5, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char question[8];
    return ::recv(fd, question, sizeof question, MSG_WAITALL) == sizeof question
           && ::send(fd, "S", 1, MSG_NOSIGNAL) == 1;
}

} // namespace

Wrap with_tls(const Identity& identity, TlsWish wish) {
    const std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    SSL_CTX_use_certificate(context.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
    for (const auto& certificate : identity.chain) {
        X509_up_ref(certificate.get());
        SSL_CTX_add_extra_chain_cert(context.get(), certificate.get());
    }
    if (wish.client_certificate)
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
    return
        [context, wish](int fd, const std::atomic<bool>& stopping) -> std::unique_ptr<Connection> {
            if (wish.postgres && !agree_to_postgres(fd)) {
                ::close(fd);
                return nullptr;
            }
            auto connection = std::make_unique<TlsConnection>(fd, stopping, context.get());
            if (!connection->shake_hands()) return nullptr;
            return connection;
        };
}

} // namespace hostile
