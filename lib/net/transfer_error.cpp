// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "net/system.hpp"
#include "net/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <sys/mman.h>

// How a transfer failed, in words. curl's codes are coarse (one code for "refused", "no route" and
// "out of descriptors"), so each is narrowed down by errno, by the phase that was reached and by
// what had been received.

namespace net {
namespace {

/// Whether there is far more memory than all answers take, also those that were given back since.
bool has_memory() {
    constexpr std::size_t k_much = std::size_t{64} << 20U;
    auto* const room =
        ::mmap(nullptr, k_much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return false;
    ::munmap(room, k_much);
    return true;
}

core::Error make_error(core::ErrorKind kind, core::Phase phase, std::string reason,
                       std::string hint) {
    core::Error error;
    error.kind = kind;
    error.phase = phase;
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    return error;
}

core::Error unresolved(core::Error error) {
    error.own = core::OwnTrouble::resolver;
    return error;
}

/// Whether a certificate may be refused only because the clock of this side is wrong.
bool is_by_clock(const facts::Certificate& certificate) {
    const auto now = std::chrono::system_clock::now();
    return now < certificate.not_before || now > certificate.not_after;
}

std::string size_text(std::uint64_t count) {
    return core::format_bytes({count});
}

} // namespace

std::chrono::microseconds Transfer::info(CURLINFO which) const {
    curl_off_t value = 0;
    if (!m_easy || curl_easy_getinfo(m_easy.get(), which, &value) != CURLE_OK) return {};
    return std::chrono::microseconds{value};
}

std::chrono::microseconds Transfer::since_start(std::chrono::steady_clock::time_point at) const {
    return std::chrono::duration_cast<std::chrono::microseconds>(at - m_began);
}

std::chrono::microseconds Transfer::elapsed() const {
    return since_start(std::chrono::steady_clock::now());
}

facts::Phases Transfer::phases() const {
    const auto zero = std::chrono::microseconds{0};
    const auto name = info(CURLINFO_NAMELOOKUP_TIME_T);
    const auto connected = info(CURLINFO_CONNECT_TIME_T);
    const auto shaken = info(CURLINFO_APPCONNECT_TIME_T);
    const auto sent = info(CURLINFO_PRETRANSFER_TIME_T);
    const auto first = info(CURLINFO_STARTTRANSFER_TIME_T);
    facts::Phases phases;
    phases.dns = m_lookup ? m_lookup->elapsed() : zero;
    if (connected > zero) {
        phases.connect = std::max(zero, connected - name);
    } else if (m_tls_began) {
        phases.connect = std::max(zero, since_start(*m_tls_began) - phases.dns);
    }
    if (is_https() && shaken > zero) phases.tls = std::max(zero, shaken - connected);
    if (first > zero) phases.first_byte = std::max(zero, first - sent);
    phases.total = elapsed();
    return phases;
}

core::Phase Transfer::phase() const {
    const auto zero = std::chrono::microseconds{0};
    if (!m_easy) return core::Phase::dns;
    if (info(CURLINFO_CONNECT_TIME_T) == zero && !m_tls_began) return core::Phase::connect;
    if (is_https() && info(CURLINFO_APPCONNECT_TIME_T) == zero) return core::Phase::tls;
    return m_header_bytes == 0 ? core::Phase::first_byte : core::Phase::body;
}

core::Error Transfer::timed_out() const {
    const auto took = core::format_duration(elapsed());
    const auto at = phases();
    const auto connected = core::format_duration(at.dns + at.connect);
    const auto kind = core::ErrorKind::timeout;
    switch (const auto reached = phase()) {
    case core::Phase::dns:
        return unresolved(
            make_error(kind, reached,
                       fmt::format("the name '{}' could not be looked up in {}",
                                   core::printable(m_url.host), took),
                       "the resolver does not answer: look at /etc/resolv.conf and whether its"
                       " name servers answer"));
    case core::Phase::connect:
        return make_error(kind, reached,
                          fmt::format("no answer to the connection attempt in {}", took),
                          "the host may be down, or a firewall drops the packets");
    case core::Phase::tls:
        return make_error(
            kind, reached,
            fmt::format("no TLS handshake in {} (connected after {})", took, connected),
            "is it a plain-text port, or does the process hang?");
    case core::Phase::first_byte:
        return make_error(kind, reached,
                          fmt::format("no answer in {} (connected after {})", took, connected),
                          "the process takes connections and does not answer: it may hang, be"
                          " paused or overloaded");
    default:
        break;
    }
    const auto got = size_text(m_answer.body.size());
    return make_error(kind, core::Phase::body,
                      m_declared
                          ? fmt::format("the answer was not complete in {}: {} of {}", took, got,
                                        size_text(*m_declared))
                          : fmt::format("the answer was not complete in {}: {} so far", took, got),
                      "the server is slow or hangs in mid-answer");
}

core::Error Transfer::out_of_time() {
    return make_error(core::ErrorKind::timeout, core::Phase::request, "no time was left to ask it",
                      "others took the time: raise --timeout or --deadline");
}

core::Error Transfer::connect_error() const {
    long code = m_socket_error;
    if (code == 0) curl_easy_getinfo(m_easy.get(), CURLINFO_OS_ERRNO, &code);
    if (code == 0 || code == EINPROGRESS) code = EHOSTUNREACH;
    return system_error(static_cast<int>(code), core::Phase::connect);
}

core::Error Transfer::tls_error(CURLcode code) const {
    const auto kind = core::ErrorKind::tls;
    // A trust store that can't be opened makes every certificate a bad one.
    if (out_of_descriptors()) return system_error(EMFILE, core::Phase::tls);
    if (m_watch.verify && m_watch.seen && !m_watch.seen->verify_error.empty()) {
        auto error =
            make_error(kind, core::Phase::tls, "certificate: " + m_watch.seen->verify_error,
                       "renew or replace the certificate, or name its CA in tls.ca_file");
        if (is_by_clock(*m_watch.seen)) error.own = core::OwnTrouble::clock;
        return error;
    }
    const std::string text{core::trim(m_error_text.c_str())};
    if (text.find("certificate required") != std::string::npos)
        return make_error(kind, core::Phase::tls, std::string{k_wants_certificate},
                          std::string{k_give_certificate});
    if (text.find("wrong version number") != std::string::npos
        || text.find("packet length too long") != std::string::npos) {
        return make_error(kind, core::Phase::tls, "the server does not speak TLS on this port",
                          "is it a plain-text port (http://)?");
    }
    long system_code = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_OS_ERRNO, &system_code);
    if (system_code == ECONNRESET || text.find("SSL_ERROR_SYSCALL") != std::string::npos
        || text.find("unexpected eof") != std::string::npos) {
        return make_error(core::ErrorKind::reset, core::Phase::tls,
                          "connection closed in the middle of the TLS handshake",
                          "it may have crashed or been restarted: look at its log");
    }
    // "OpenSSL/3.0: error:0A000410:SSL routines::handshake failure": the last part is for people.
    const std::size_t colons = text.rfind("::");
    const std::string words = colons == std::string::npos ? text : text.substr(colons + 2);
    return make_error(kind, core::Phase::tls,
                      "TLS handshake failed: "
                          + core::printable(words.empty() ? curl_easy_strerror(code) : words),
                      "compare with `openssl s_client`");
}

core::Error Transfer::closed_error() const {
    // A reset may overtake the alert that would have told.
    if (m_header_bytes == 0 && m_watch.wanted_ours)
        return make_error(core::ErrorKind::tls, core::Phase::tls, std::string{k_wants_certificate},
                          std::string{k_give_certificate});
    const std::string hint = "it may have crashed or been restarted: look at its log";
    const auto kind = core::ErrorKind::reset;
    if (m_header_bytes == 0)
        return make_error(kind, core::Phase::first_byte, "connection closed without an answer",
                          is_https() ? hint : hint + "; or is it a TLS port (https://)?");
    if (!m_header_done)
        return make_error(kind, core::Phase::first_byte,
                          "connection closed in the middle of the answer's header", hint);
    const auto got = size_text(m_answer.body.size());
    if (m_declared)
        return make_error(
            kind, core::Phase::body,
            fmt::format("connection closed after {} of {}", got, size_text(*m_declared)), hint);
    return make_error(kind, core::Phase::body,
                      fmt::format("connection closed in mid-answer, after {}", got), hint);
}

core::Error Transfer::protocol_error(CURLcode code) const {
    const auto phase = m_header_bytes == 0 ? core::Phase::first_byte : core::Phase::body;
    const std::string hint = "does something else listen on this port?";
    if (m_stopped == Stopped::not_http && m_first_bytes.starts_with("\x15\x03"))
        return make_error(core::ErrorKind::protocol, phase,
                          "the answer is not HTTP: the server speaks TLS on this port",
                          "use https:// for it");
    if (m_stopped == Stopped::not_http) {
        const std::string_view line = core::trim(
            std::string_view{m_first_bytes}.substr(0, m_first_bytes.find_first_of("\r\n")));
        return make_error(core::ErrorKind::protocol, phase,
                          fmt::format("the answer is not HTTP: it begins with '{}'",
                                      core::cut_end(core::printable(line), 40)),
                          hint);
    }
    const std::string text{core::trim(m_error_text.c_str())};
    return make_error(core::ErrorKind::protocol, phase,
                      "the answer is not sound HTTP: "
                          + core::printable(text.empty() ? curl_easy_strerror(code) : text),
                      hint);
}

core::Error Transfer::body_too_large() const {
    const auto limit = size_text(m_request.max_body);
    return make_error(core::ErrorKind::too_large, core::Phase::body,
                      m_declared && *m_declared > m_request.max_body
                          ? fmt::format("the answer is {}, more than the {} that are read",
                                        size_text(*m_declared), limit)
                          : fmt::format("the answer is larger than the {} that are read", limit),
                      "");
}

core::Error Transfer::header_too_large() const {
    return make_error(core::ErrorKind::too_large, core::Phase::first_byte,
                      "the answer's headers do not end",
                      "does something else listen on this port?");
}

core::Error Transfer::error_of(CURLcode code) const {
    if (m_stopped == Stopped::body_limit) return body_too_large();
    if (m_stopped == Stopped::no_memory) return system_error(ENOMEM, phase());
    if (m_stopped == Stopped::header_limit) {
        return make_error(
            core::ErrorKind::too_large, core::Phase::first_byte,
            fmt::format("the answer's headers are larger than {}", size_text(m_header_bytes)), "");
    }
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return timed_out();
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        return connect_error();
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return tls_error(code);
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        // In TLS 1.3 a server tells only after the handshake that it wants a certificate of ours.
        if (is_https() && std::string_view{m_error_text}.find("alert") != std::string_view::npos)
            return tls_error(code);
        return closed_error();
    case CURLE_OK: // but the header was not whole
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        return closed_error();
    case CURLE_OUT_OF_MEMORY:
        // curl's word for a header line beyond its own limit, too.
        if (info(CURLINFO_PRETRANSFER_TIME_T).count() > 0 && has_memory())
            return header_too_large();
        [[fallthrough]];
    case CURLE_FAILED_INIT:
        return shortage_error(core::Phase::request);
    default:
        return protocol_error(code);
    }
}

} // namespace net
