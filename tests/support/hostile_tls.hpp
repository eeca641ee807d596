// SPDX-License-Identifier: MIT
#pragma once

#include "support/hostile.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

// Certificates made on the spot, good and bad, and TLS for the hostile bed.

struct x509_st;
struct evp_pkey_st;

namespace hostile {

/// What a certificate is to look like.
struct CertificateWish {
    std::string subject{"localhost"};
    std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1"};
    std::chrono::hours starts{-24}; ///< from now
    std::chrono::hours ends{24 * 61};
    bool self_signed = false;
    bool is_ca = false;
};

/// A certificate with its key.
struct Identity {
    std::shared_ptr<x509_st> certificate{};
    std::shared_ptr<evp_pkey_st> key{};
    std::vector<std::shared_ptr<x509_st>> chain{}; ///< sent along
};

/// A certificate authority of the tests' own, with its certificate in a file.
class Authority {
  public:
    explicit Authority(const std::string& name = "Gallery Test CA",
                       std::chrono::hours ends = std::chrono::hours{24 * 365});
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    [[nodiscard]] Identity issue(const CertificateWish& wish) const;

    /// Returns an authority below this one.
    [[nodiscard]] Identity intermediate(std::chrono::hours ends) const;

    [[nodiscard]] const std::string& file() const { return m_file; }

    [[nodiscard]] const Identity& identity() const { return m_identity; }

  private:
    Identity m_identity{};
    std::string m_file{};
};

/// Issues a certificate by `issuer`, an authority below another one, and sends its chain along.
Identity issue_by(const Identity& issuer, const CertificateWish& wish);

struct TlsWish {
    bool client_certificate = false; ///< none of ours, no conversation
    bool postgres = false;           ///< asked for first, as PostgreSQL's clients do
};

/// Makes a server speak TLS with this identity.
Wrap with_tls(const Identity& identity, TlsWish wish = {});

} // namespace hostile
