// SPDX-License-Identifier: MIT
#include "net/url.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <memory>
#include <netinet/in.h>

namespace net {
namespace {

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK || text == nullptr) return {};
    std::string copy{text};
    curl_free(text);
    return copy;
}

core::Error bad_url(const std::string& text, std::string reason) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.what = "reading the URL";
    error.where = core::printable(core::mask_url(text));
    error.reason = std::move(reason);
    error.hint = "it has to look like http://host:port/path or https://host/path";
    return error;
}

} // namespace

core::Result<Url> parse_url(const std::string& text) {
    const std::unique_ptr<CURLU, FreeUrl> url{curl_url()};
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
        return std::unexpected(bad_url(text, "not an http or https URL"));
    Url parts;
    parts.scheme = core::to_lower(part(url.get(), CURLUPART_SCHEME));
    if (parts.scheme != "http" && parts.scheme != "https")
        return std::unexpected(bad_url(text, "not an http or https URL"));
    parts.host = core::to_lower(part(url.get(), CURLUPART_HOST));
    if (parts.host.size() > 2 && parts.host.front() == '[')
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    const std::string port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), parts.port);
    if (parts.host.empty() || failed != std::errc{} || end != port.data() + port.size())
        return std::unexpected(bad_url(text, "the URL names no host or no valid port"));
    parts.path = part(url.get(), CURLUPART_PATH);
    const std::string query = part(url.get(), CURLUPART_QUERY);
    if (!query.empty()) parts.path += "?" + query;
    return parts;
}

std::string join_url(std::string base, std::string_view path) {
    while (!base.empty() && base.back() == '/')
        base.pop_back();
    if (!path.starts_with('/')) base += '/';
    base += path;
    return base;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view k_unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (k_unreserved.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
    }
    return out;
}

bool is_numeric(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1
           || ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

} // namespace net
