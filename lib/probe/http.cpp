// SPDX-License-Identifier: MIT
#include "probe/http.hpp"

#include "net/http.hpp"

namespace probe {
namespace {

constexpr std::size_t k_most_body = std::size_t{64} << 10;

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
    request.truncate_body = true;
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
    return net::fetch_all(requests, deadline, std::move(stop));
}

} // namespace probe
