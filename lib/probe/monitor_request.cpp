// SPDX-License-Identifier: MIT
#include "probe/monitor_request.hpp"

#include "core/text.hpp"
#include "net/url.hpp"

namespace probe {

net::HttpRequest monitor_request(const config::Monitor& target, std::string_view path) {
    net::HttpRequest request;
    request.url = net::join_url(target.url, path);
    request.username = target.username;
    request.password = target.password;
    if (!target.bearer_token.empty())
        request.headers["Authorization"] = core::Secret{"Bearer " + target.bearer_token.reveal()};
    request.ca_file = target.tls.ca_file;
    request.cert_file = target.tls.cert_file;
    request.key_file = target.tls.key_file;
    request.verify_tls = target.tls.verify;
    return request;
}

std::string shown_address(const std::string& url) {
    return core::printable(core::mask_url(url));
}

} // namespace probe
