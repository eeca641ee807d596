// SPDX-License-Identifier: MIT
#include "probe/http.hpp"

#include "net/http.hpp"

namespace probe {
namespace {

/// A health page is small; a body without end is a fault of the server, not an answer.
constexpr std::size_t k_most_body = std::size_t{8} << 20;
constexpr std::size_t k_kept_body = std::size_t{64} << 10;

net::HttpRequest request_for(const config::Endpoint& endpoint) {
    net::HttpRequest request;
    request.method = endpoint.method;
    request.url = endpoint.url;
    request.headers = endpoint.headers;
    request.ca_file = endpoint.tls.ca_file;
    request.cert_file = endpoint.tls.cert_file;
    request.key_file = endpoint.tls.key_file;
    request.verify_tls = endpoint.tls.verify;
    request.max_body = k_most_body;
    if (endpoint.host_header.empty()) return request;
    request.headers["Host"] = core::Secret{endpoint.host_header};
    // A virtual host over TLS is chosen by SNI, and shows the certificate of that name.
    if (endpoint.url.starts_with("https:"))
        request.server_name = endpoint.host_header.substr(0, endpoint.host_header.find(':'));
    return request;
}

} // namespace

std::vector<core::Result<facts::Http>> observe_http(std::span<const config::Endpoint> endpoints,
                                                    core::Deadline deadline, std::stop_token stop) {
    std::vector<net::HttpRequest> requests;
    requests.reserve(endpoints.size());
    for (const auto& endpoint : endpoints)
        requests.push_back(request_for(endpoint));
    auto answers = net::fetch_all(requests, deadline, std::move(stop));
    for (auto& answer : answers) {
        if (answer && answer->body.size() > k_kept_body) answer->body.resize(k_kept_body);
    }
    return answers;
}

} // namespace probe
