// SPDX-License-Identifier: MIT
#include "net/certificate.hpp"

#include "core/text.hpp"
#include "net/trust_store.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <vector>

namespace net {
namespace {

/// More names than these are not listed: a certificate is the other side's to fill.
constexpr int k_most_names = 100;

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freer<X509_STORE_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;

struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

std::string content(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    if (data == nullptr || size <= 0) return {};
    return core::printable({data, static_cast<std::size_t>(size)});
}

std::string text_of(const X509_NAME* name) {
    const Bio bio{BIO_new(BIO_s_mem())};
    if (!bio || name == nullptr) return {};
    constexpr unsigned long k_flags =
        XN_FLAG_SEP_CPLUS_SPC | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_ESC_CTRL;
    X509_NAME_print_ex(bio.get(), name, 0, k_flags);
    return content(bio);
}

core::Time time_of(const ASN1_TIME* value) {
    std::tm parts{};
    if (value == nullptr || ASN1_TIME_to_tm(value, &parts) != 1) return {};
    // "No expiry" is the year 9999 (RFC 5280, 4.1.2.5), which a clock in nanoseconds can't hold.
    constexpr std::time_t k_limit = 9'200'000'000;
    return std::chrono::system_clock::from_time_t(std::clamp(::timegm(&parts), -k_limit, k_limit));
}

std::string day(core::Time time) {
    std::string text = core::format_utc(time); // 2026-01-01T00:00:00Z
    if (text.size() < 16) return text;
    return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 5));
}

std::string text_of_ip(const ASN1_OCTET_STRING* value) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = ASN1_STRING_length(value) == 4 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && ASN1_STRING_length(value) != 16) return {};
    if (::inet_ntop(family, ASN1_STRING_get0_data(value), text.data(), text.size()) == nullptr)
        return {};
    return text.data();
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> all;
    const Names names{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    if (!names) return all;
    for (int i = 0; i < std::min(sk_GENERAL_NAME_num(names.get()), k_most_names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) {
            const auto* data =
                reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
            const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
            all.push_back(core::printable({data, size}));
        } else if (name->type == GEN_IPADD) {
            all.push_back(text_of_ip(name->d.iPAddress));
        }
    }
    return all;
}

std::string key_of(X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return {};
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return fmt::format("RSA {}", bits);
    case EVP_PKEY_RSA_PSS:
        return fmt::format("RSA-PSS {}", bits);
    case EVP_PKEY_EC:
        return fmt::format("EC {}", bits);
    case EVP_PKEY_ED25519:
        return "Ed25519";
    case EVP_PKEY_ED448:
        return "Ed448";
    default:
        return fmt::format("{} bits", bits);
    }
}

std::string problem_text(X509_STORE_CTX* context) {
    const int code = X509_STORE_CTX_get_error(context);
    X509* at = X509_STORE_CTX_get_current_cert(context);
    if (at == nullptr) return X509_verify_cert_error_string(code);
    const std::string whose =
        X509_STORE_CTX_get_error_depth(context) == 0
            ? ""
            : fmt::format("the issuer's certificate ({}) ", text_of(X509_get_subject_name(at)));
    const std::string issuer = text_of(X509_get_issuer_name(at));
    switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return fmt::format("{}expired on {}", whose, day(time_of(X509_get0_notAfter(at))));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return fmt::format("{}not valid before {}", whose, day(time_of(X509_get0_notBefore(at))));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return fmt::format("self-signed (issuer {})", issuer);
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return fmt::format("its root is not trusted (issuer {})", issuer);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return fmt::format("its issuer is unknown (issuer {})", issuer);
    default:
        return whose + X509_verify_cert_error_string(code);
    }
}

/// Notes a problem and lets the verification go on, so that all problems are seen.
int note_problem(int ok, X509_STORE_CTX* context) {
    if (ok == 1) return 1;
    auto* problems = static_cast<std::vector<std::string>*>(X509_STORE_CTX_get_app_data(context));
    auto text = problem_text(context);
    if (std::ranges::find(*problems, text) == problems->end()) problems->push_back(std::move(text));
    return 1;
}

/// What a verification came to.
struct Verified {
    std::vector<std::string> problems{};
    std::optional<core::Time> ends{}; ///< the earliest end in the chain that it went by
};

/// The earliest end of the certificates by which the server's own was held good.
std::optional<core::Time> earliest_end(X509_STORE_CTX* context) {
    const STACK_OF(X509)* used = X509_STORE_CTX_get0_chain(context);
    std::optional<core::Time> earliest;
    for (int i = 0; i < (used == nullptr ? 0 : sk_X509_num(used)); ++i) {
        const auto end = time_of(X509_get0_notAfter(sk_X509_value(used, i)));
        earliest = std::min(earliest.value_or(end), end);
    }
    return earliest;
}

Verified verify(std::span<X509* const> chain, const std::string& ca_file, core::Time now) {
    std::vector<std::string> problems;
    const auto store = trust_store(ca_file);
    if (!store) return {{fmt::format("the CA file {} holds no certificate", ca_file)}, {}};
    const std::unique_ptr<STACK_OF(X509), FreeStack> sent{sk_X509_new_null()};
    for (X509* certificate : chain)
        sk_X509_push(sent.get(), certificate);
    const StoreContext context{X509_STORE_CTX_new()};
    if (!context || !sent
        || X509_STORE_CTX_init(context.get(), store.get(), chain.front(), sent.get()) != 1)
        return {{"it can't be verified: out of memory on this side"}, {}};
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(now));
    // A file that names the server's own certificate or an intermediate one is trust enough.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(parameters, 1);
    X509_STORE_CTX_set_app_data(context.get(), &problems);
    X509_STORE_CTX_set_verify_cb(context.get(), note_problem);
    const int good = X509_verify_cert(context.get());
    if (good != 1 && problems.empty())
        problems.emplace_back(
            X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
    ERR_clear_error();
    const bool sound = good == 1 && problems.empty();
    return {std::move(problems), sound ? earliest_end(context.get()) : std::nullopt};
}

bool has_name(X509* certificate, const std::string& name) {
    if (X509_check_ip_asc(certificate, name.c_str(), 0) == 1) return true;
    ERR_clear_error();
    return X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

std::string wrong_name(const facts::Certificate& certificate, const std::string& name) {
    std::vector<std::string> names = certificate.names;
    if (names.empty()) names.push_back(certificate.subject);
    if (names.size() > 5) {
        const auto more = names.size() - 5;
        names.resize(5);
        names.push_back(fmt::format("{} more", more));
    }
    return fmt::format("it is for {}, not for {}", core::join(names, ", "), name);
}

int on_verify(X509_STORE_CTX* context, void* argument) {
    auto& watch = *static_cast<CertificateWatch*>(argument);
    std::vector<X509*> chain{X509_STORE_CTX_get0_cert(context)};
    STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(context);
    for (int i = 0; i < (sent == nullptr ? 0 : sk_X509_num(sent)); ++i) {
        X509* certificate = sk_X509_value(sent, i);
        if (X509_cmp(certificate, chain.front()) != 0) chain.push_back(certificate);
    }
    watch.seen = judge_chain(chain, watch.trust, std::chrono::system_clock::now());
    const auto* ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    if (ssl != nullptr) watch.seen->protocol = SSL_get_version(ssl);
    const bool good = watch.seen->verify_error.empty();
    X509_STORE_CTX_set_error(context, good ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    return good || !watch.verify ? 1 : 0;
}

int watch_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

/// Called when the server asks for a certificate of ours and none is set.
int on_wanted(SSL* session, X509** /*certificate*/, EVP_PKEY** /*key*/) {
    auto* watch = static_cast<CertificateWatch*>(
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), watch_index()));
    if (watch != nullptr) watch->wanted_ours = true;
    return 0; // we have none: it is the server's turn to mind
}

} // namespace

facts::Certificate judge_chain(std::span<x509_st* const> chain, const Trust& trust,
                               core::Time now) {
    facts::Certificate facts;
    if (chain.empty() || chain.front() == nullptr) {
        facts.verify_error = "the server showed no certificate";
        return facts;
    }
    X509* own = chain.front();
    facts.subject = text_of(X509_get_subject_name(own));
    facts.issuer = text_of(X509_get_issuer_name(own));
    facts.names = names_of(own);
    facts.not_before = time_of(X509_get0_notBefore(own));
    facts.not_after = time_of(X509_get0_notAfter(own));
    facts.key = key_of(own);
    auto [problems, ends] = verify(chain, trust.ca_file, now);
    // What a server sends beyond the chain that is used hurts nobody when it ends.
    for (X509* certificate : chain)
        facts.not_after = std::min(facts.not_after, time_of(X509_get0_notAfter(certificate)));
    if (ends) facts.not_after = *ends;
    if (!trust.server_name.empty() && !has_name(own, trust.server_name))
        problems.push_back(wrong_name(facts, trust.server_name));
    facts.verify_error = core::join(problems, "; ");
    return facts;
}

void watch_certificates(ssl_ctx_st* context, CertificateWatch& watch) {
    SSL_CTX_set_cert_verify_callback(context, on_verify, &watch);
    SSL_CTX_set_ex_data(context, watch_index(), &watch);
    SSL_CTX_set_client_cert_cb(context, on_wanted);
}

std::string take_openssl_error() {
    const unsigned long code = ERR_peek_error();
    ERR_clear_error();
    if (code == 0) return {};
    const char* reason = ERR_reason_error_string(code);
    if (reason != nullptr) return reason;
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

} // namespace net
