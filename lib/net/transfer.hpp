// SPDX-License-Identifier: MIT
#pragma once

#include "net/certificate.hpp"
#include "net/http.hpp"
#include "net/lookup.hpp"
#include "net/url.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace net {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using List = std::unique_ptr<curl_slist, FreeList>;

/// One request on its way through curl: from its name lookup to its answer or its error. Lives at a
/// fixed address, because curl's callbacks point at it.
class Transfer {
  public:
    Transfer(const HttpRequest& request, core::Deadline deadline);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() = default;

    /// Whether the name lookup has ended, so that `start` may be called.
    [[nodiscard]] bool looked_up() const;

    /// Builds the handle and adds it to `multi`; a failure ends the transfer.
    void start(CURLM* multi, core::Deadline deadline, const std::stop_token& stop);

    /// Takes the transfer off `multi` with curl's verdict, or because time is up or the run was
    /// interrupted.
    void finish(CURLM* multi, CURLcode code);
    void give_up(CURLM* multi, core::ErrorKind why);

    [[nodiscard]] bool started() const { return m_easy != nullptr; }

    [[nodiscard]] bool finished() const { return m_result.has_value(); }

    [[nodiscard]] core::Result<facts::Http> take_result() { return std::move(*m_result); }

  private:
    friend struct TransferCallbacks;

    enum class Stopped : std::uint8_t { no, body_limit, header_limit, not_http, no_memory };

    void prepare(const HttpRequest& request, core::Deadline deadline);
    [[nodiscard]] bool declares_too_much();
    [[nodiscard]] bool hands_on_body() const;
    void fail(core::Error error);
    void set_up(core::Deadline deadline, const std::vector<std::string>& ips);
    void set_target(const std::vector<std::string>& ips);
    void set_credentials();
    void set_tls();
    [[nodiscard]] bool set_headers();

    [[nodiscard]] bool is_https() const { return m_url.scheme == "https"; }

    [[nodiscard]] facts::Phases phases() const;
    [[nodiscard]] std::chrono::microseconds info(CURLINFO which) const;
    [[nodiscard]] std::chrono::microseconds
    since_start(std::chrono::steady_clock::time_point at) const;
    [[nodiscard]] std::chrono::microseconds elapsed() const;
    [[nodiscard]] core::Phase phase() const;
    [[nodiscard]] core::Error timed_out() const;
    [[nodiscard]] static core::Error out_of_time();
    [[nodiscard]] core::Error error_of(CURLcode code) const;
    [[nodiscard]] core::Error connect_error() const;
    [[nodiscard]] core::Error tls_error(CURLcode code) const;
    [[nodiscard]] core::Error closed_error() const;
    [[nodiscard]] core::Error protocol_error(CURLcode code) const;
    [[nodiscard]] core::Error body_too_large() const;
    [[nodiscard]] core::Error header_too_large() const;
    void succeed();

    const HttpRequest& m_request;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
    Url m_url{};
    std::optional<Lookup> m_lookup{};
    CertificateWatch m_watch{}; ///< before the handle, which points at it
    std::unique_ptr<CURL, FreeEasy> m_easy{};
    List m_headers{};
    List m_resolve{};
    std::string m_error_text{};
    int m_socket_error = 0; ///< errno of a socket that could not be made
    /// When TLS began, which is when the connection stood: curl tells that only after TLS.
    std::optional<std::chrono::steady_clock::time_point> m_tls_began{};
    facts::Http m_answer{};
    std::size_t m_header_bytes = 0;
    bool m_header_done = false; ///< curl takes a header that ends with the connection for whole
    std::optional<std::uint64_t> m_declared{};
    std::string m_first_bytes{}; ///< of an answer, to show what came in place of HTTP
    Stopped m_stopped = Stopped::no;
    bool m_added = false;
    std::optional<core::Result<facts::Http>> m_result{};
};

} // namespace net
