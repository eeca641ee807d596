// SPDX-License-Identifier: MIT
#include "net/transfer.hpp"

#include "core/text.hpp"
#include "net/system.hpp"
#include "net/traffic.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <new>
#include <sys/socket.h>
#include <sys/un.h>

namespace net {
namespace {

/// Headers of all kinds together; a sound answer stays far below.
constexpr std::size_t k_most_header_bytes = std::size_t{128} << 10;

/// So many bytes of an answer are kept to show what came in place of HTTP.
constexpr std::size_t k_most_first_bytes = 64;

core::Error observer_error(std::string reason) {
    core::Error error;
    error.kind = core::ErrorKind::observer;
    error.reason = std::move(reason);
    return error;
}

bool append(List& list, const std::string& text) {
    curl_slist* longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr) return false;
    (void)list.release();
    list.reset(longer);
    return true;
}

bool breaks_line(std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos;
}

} // namespace

/// What curl calls back; no exception may pass through it.
struct TransferCallbacks {
    /// Calls `take`, which keeps what came; without memory for it the transfer ends.
    template <class Take>
    static std::size_t guarded(Transfer& transfer, Take take) noexcept {
        try {
            return take();
        } catch (const std::bad_alloc&) {
            transfer.m_stopped = Transfer::Stopped::no_memory;
            return 0;
        }
    }

    static std::size_t on_header(char* data, std::size_t one, std::size_t count, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        return guarded(transfer, [&] { return take_header(transfer, {data, one * count}); });
    }

    static std::size_t on_body(char* data, std::size_t one, std::size_t count, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        return guarded(transfer, [&] { return take_body(transfer, {data, one * count}); });
    }

    static std::size_t take_header(Transfer& transfer, std::string_view line) {
        transfer.m_header_bytes += line.size();
        if (transfer.m_header_bytes > k_most_header_bytes) {
            transfer.m_stopped = Transfer::Stopped::header_limit;
            return 0;
        }
        if (line.starts_with("HTTP/")) { // also the final one after "100 Continue"
            transfer.m_answer.headers.clear();
            transfer.m_declared.reset();
            transfer.m_header_done = false;
            return line.size();
        }
        if (core::trim(line).empty()) {
            transfer.m_header_done = true;
            return transfer.declares_too_much() ? 0 : line.size();
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return line.size();
        const std::string key = core::to_lower(core::trim(line.substr(0, colon)));
        const std::string_view value = core::trim(line.substr(colon + 1));
        auto& kept = transfer.m_answer.headers[key];
        kept += kept.empty() ? "" : ", ";
        kept += value;
        if (key == "content-length") {
            std::uint64_t declared = 0;
            const auto [end, failed] =
                std::from_chars(value.data(), value.data() + value.size(), declared);
            if (failed == std::errc{}) transfer.m_declared = declared;
        }
        return line.size();
    }

    static std::size_t take_body(Transfer& transfer, std::string_view data) {
        const std::size_t size = data.size();
        if (transfer.m_header_bytes == 0) { // "HTTP/0.9": anything without a status line
            transfer.m_first_bytes.assign(data.substr(0, k_most_first_bytes));
            transfer.m_stopped = Transfer::Stopped::not_http;
            return size == 0 ? 1 : 0;
        }
        if (transfer.hands_on_body()) {
            transfer.m_request.take_body(data);
            return size;
        }
        auto& body = transfer.m_answer.body;
        const std::size_t room = transfer.m_request.max_body - body.size();
        body.append(data.substr(0, room));
        if (size <= room) return size;
        transfer.m_stopped = Transfer::Stopped::body_limit;
        return size == 0 ? 1 : 0; // anything but `size` ends the transfer
    }

    static curl_socket_t on_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
        auto& transfer = *static_cast<Transfer*>(self);
        const int fd =
            ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (fd < 0) transfer.m_socket_error = errno;
        return fd < 0 ? CURL_SOCKET_BAD : fd;
    }

    static CURLcode on_ssl_context(CURL* /*easy*/, void* context, void* self) {
        auto& transfer = *static_cast<Transfer*>(self);
        transfer.m_tls_began = std::chrono::steady_clock::now();
        watch_certificates(static_cast<SSL_CTX*>(context), transfer.m_watch);
        return CURLE_OK;
    }
};

Transfer::Transfer(const HttpRequest& request, core::Deadline deadline) : m_request(request) {
    prepare(request, deadline);
}

void Transfer::prepare(const HttpRequest& request, core::Deadline deadline) {
    auto url = parse_url(request.url);
    if (!url) return fail(std::move(url).error());
    m_url = std::move(*url);
    for (const auto& [path, role] :
         {std::pair{request.ca_file, "CA file"}, std::pair{request.cert_file, "client certificate"},
          std::pair{request.key_file, "client key"}}) {
        auto readable = check_readable(path, role);
        if (!readable) return fail(std::move(readable).error());
    }
    if (deadline.passed()) return fail(out_of_time());
    if (!request.unix_socket.empty()) {
        if (request.unix_socket.size() >= sizeof(sockaddr_un::sun_path))
            fail(observer_error("the socket's path is too long for this system"));
        return;
    }
    m_lookup = Lookup::start(m_url.host);
}

bool Transfer::declares_too_much() {
    const bool too_much = !hands_on_body() && m_declared && *m_declared > m_request.max_body
                          && !m_request.truncate_body && m_request.method != "HEAD";
    if (too_much) m_stopped = Stopped::body_limit;
    return too_much;
}

bool Transfer::looked_up() const {
    return !m_lookup || m_lookup->done();
}

void Transfer::start(CURLM* multi, core::Deadline deadline, const std::stop_token& stop) {
    std::vector<std::string> ips;
    if (m_lookup) {
        auto found = m_lookup->wait(deadline, stop);
        if (!found) return fail(std::move(found).error());
        ips = std::move(*found);
    }
    m_easy.reset(curl_easy_init());
    if (!m_easy) return fail(shortage_error(core::Phase::request));
    set_up(deadline, ips);
    if (m_result) return;
    if (curl_multi_add_handle(multi, m_easy.get()) != CURLM_OK)
        return fail(observer_error("libcurl does not take the request"));
    m_added = true;
    count_request();
}

void Transfer::set_up(core::Deadline deadline, const std::vector<std::string>& ips) {
    CURL* easy = m_easy.get();
    m_error_text.assign(CURL_ERROR_SIZE, '\0');
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_error_text.data());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    // Taken only to be refused with its first bytes in the message: see on_body.
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 1L);
    // Every request shows its own phases and its own certificate only on a connection of its own.
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    // curl shares this time among the addresses; the deadline itself is the caller's loop's.
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::max<long>(deadline.remaining().count(), 1)));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "gallery-ops");
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, TransferCallbacks::on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, TransferCallbacks::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, TransferCallbacks::on_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    set_target(ips);
    set_credentials();
    if (is_https()) set_tls();
    if (!set_headers()) fail(observer_error("a header of the request holds a line break"));
}

void Transfer::set_target(const std::vector<std::string>& ips) {
    CURL* easy = m_easy.get();
    std::string url = m_request.url;
    const bool renamed = !m_request.server_name.empty();
    const std::string host = renamed ? m_request.server_name : m_url.host;
    if (renamed) url = fmt::format("{}://{}:{}{}", m_url.scheme, host, m_url.port, m_url.path);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    if (!m_request.unix_socket.empty()) {
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, m_request.unix_socket.c_str());
    } else if (renamed || !is_numeric(host)) { // curl takes no entry for an IPv6 address
        std::string entry = fmt::format("{}:{}:", host, m_url.port);
        for (const auto& ip : ips) {
            if (!entry.ends_with(':') || &ip != &ips.front()) entry += ',';
            entry += ip.find(':') == std::string::npos ? ip : "[" + ip + "]";
        }
        append(m_resolve, entry);
        curl_easy_setopt(easy, CURLOPT_RESOLVE, m_resolve.get());
    }
    if (m_request.method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (m_request.method == "POST" || !m_request.body.empty()) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, m_request.body.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(m_request.body.size()));
    }
    if (m_request.method != "HEAD")
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, m_request.method.c_str());
}

void Transfer::set_credentials() {
    if (m_request.username.empty()) return;
    curl_easy_setopt(m_easy.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(m_easy.get(), CURLOPT_USERNAME, m_request.username.c_str());
    curl_easy_setopt(m_easy.get(), CURLOPT_PASSWORD, m_request.password.reveal().c_str());
}

void Transfer::set_tls() {
    CURL* easy = m_easy.get();
    const auto& name = m_request.server_name.empty() ? m_url.host : m_request.server_name;
    m_watch.trust = {m_request.ca_file, name};
    m_watch.verify = m_request.verify_tls;
    const bool watched =
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, TransferCallbacks::on_ssl_context)
            == CURLE_OK
        && curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this) == CURLE_OK;
    // A resumed session shows no certificate.
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, m_request.verify_tls ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, m_request.verify_tls ? 2L : 0L);
    // The watch alone decides, by a store of its own: curl's would be read anew for each transfer.
    curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    if (!m_request.cert_file.empty())
        curl_easy_setopt(easy, CURLOPT_SSLCERT, m_request.cert_file.c_str());
    if (!m_request.key_file.empty())
        curl_easy_setopt(easy, CURLOPT_SSLKEY, m_request.key_file.c_str());
    if (!watched) fail(observer_error("this libcurl is built without OpenSSL"));
}

bool Transfer::set_headers() {
    for (const auto& [key, value] : m_request.headers) {
        if (breaks_line(key) || breaks_line(value.reveal())) return false;
        // A header without a value is sent only when it ends with a semicolon (curl's rule).
        append(m_headers, value.empty() ? key + ";" : fmt::format("{}: {}", key, value.reveal()));
    }
    if (!m_request.content_type.empty())
        append(m_headers, "Content-Type: " + m_request.content_type);
    append(m_headers, "Expect:"); // no waiting for "100 Continue"
    curl_easy_setopt(m_easy.get(), CURLOPT_HTTPHEADER, m_headers.get());
    return true;
}

void Transfer::fail(core::Error error) {
    if (error.what.empty()) error.what = m_request.method;
    if (error.where.empty()) {
        error.where = m_request.unix_socket.empty() ? core::printable(core::mask_url(m_request.url))
                                                    : m_request.unix_socket;
    }
    if (error.phase == core::Phase::none) error.phase = core::Phase::request;
    if (error.elapsed.count() == 0) error.elapsed = elapsed();
    m_result = std::unexpected(std::move(error));
}

bool Transfer::hands_on_body() const {
    long status = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return m_request.take_body && status == 200;
}

void Transfer::finish(CURLM* multi, CURLcode code) {
    const bool cut = m_stopped == Stopped::body_limit && m_request.truncate_body;
    if ((code == CURLE_OK && m_header_done) || cut) {
        succeed();
    } else {
        fail(error_of(code));
    }
    curl_multi_remove_handle(multi, m_easy.get());
    m_added = false;
}

void Transfer::give_up(CURLM* multi, core::ErrorKind why) {
    fail(why == core::ErrorKind::cancelled ? cancelled_error(phase()) : timed_out());
    if (m_added) curl_multi_remove_handle(multi, m_easy.get());
    m_added = false;
}

void Transfer::succeed() {
    long status = 0;
    long version = 0;
    const char* remote = nullptr;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(m_easy.get(), CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(m_easy.get(), CURLINFO_PRIMARY_IP, &remote);
    m_answer.status = static_cast<int>(status);
    m_answer.http_version = version == CURL_HTTP_VERSION_1_0 ? "1.0"
                            : version == CURL_HTTP_VERSION_2 ? "2"
                                                             : "1.1";
    m_answer.remote_address = remote == nullptr ? "" : remote;
    m_answer.phases = phases();
    m_answer.certificate = std::move(m_watch.seen);
    m_result = std::move(m_answer);
}

} // namespace net
