// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/secret.hpp"
#include "facts/http.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct HttpRequest {
    std::string method{"GET"};
    std::string url{};
    std::string unix_socket{}; ///< path; the URL's host is then only for show
    std::map<std::string, core::Secret> headers{};
    std::string username{};
    core::Secret password{};
    std::string body{};
    std::string content_type{};
    std::string ca_file{};
    std::string cert_file{};
    std::string key_file{};
    std::string server_name{}; ///< for SNI, the certificate and Host; empty: the URL's host
    bool verify_tls = true;
    std::size_t max_body = std::size_t{8} << 20; ///< a larger answer is an error of kind too_large
    bool truncate_body = false; ///< true: keep the first max_body bytes and succeed instead
    /// Takes the body of an answer with status 200 as it comes in; then none of it is kept, and it
    /// has no limit. Called in the thread that fetches.
    std::function<void(std::string_view)> take_body{};
};

/// As many requests are on their way at one time as there are.
inline constexpr std::size_t k_all_at_once = std::numeric_limits<std::size_t>::max();

/// Sends all requests side by side on one curl multi loop and returns their answers in the same
/// order; each ends by the deadline or when a stop is requested. With `most_open`, no more than so
/// many are on their way at one time: each of the rest begins when another one has ended. Any HTTP
/// status is an answer, not an error. Redirects are not followed. Proxies of the environment are
/// not used: a checker looks at the target itself. Errors: unreachable, refused, timeout, reset,
/// tls, protocol, too_large, cancelled, observer; the phase is always set, the hint says what to
/// look at next.
[[nodiscard]] std::vector<core::Result<facts::Http>>
fetch_all(std::span<const HttpRequest> requests, core::Deadline deadline, std::stop_token stop,
          std::size_t most_open = k_all_at_once);

/// Sends one request.
[[nodiscard]] core::Result<facts::Http> fetch(const HttpRequest& request, core::Deadline deadline,
                                              std::stop_token stop);

} // namespace net
