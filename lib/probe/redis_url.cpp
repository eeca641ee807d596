// SPDX-License-Identifier: MIT
#include "probe/redis_url.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "probe/proc_file.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>

namespace probe {
namespace {

core::Error bad_url(std::string_view url, std::string reason) {
    core::Error error;
    error.kind = core::ErrorKind::protocol;
    error.what = "reading the URL";
    error.where = core::printable(core::mask_url(url));
    error.reason = std::move(reason);
    error.hint = "it has to look like redis://host:6379/0 or rediss://host:6379/0";
    return error;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape = text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0
                            && hex_digit(text[at + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

/// Reads "host", "host:port", "[::1]:port"; false when it is none of them.
bool take_authority(std::string_view text, RedisUrl& url) {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return false;
        url.host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (!text.empty() && text.front() != ':') return false;
        port = text.empty() ? text : text.substr(1);
    } else {
        const std::size_t colon = text.find(':');
        if (colon != 0 && !text.empty()) url.host = percent_decode(text.substr(0, colon));
        if (colon != std::string_view::npos) port = text.substr(colon + 1);
    }
    if (port.empty()) return !url.host.empty();
    const auto number = parse_count(port);
    if (!number || *number == 0 || *number > std::numeric_limits<std::uint16_t>::max())
        return false;
    url.port = static_cast<std::uint16_t>(*number);
    return !url.host.empty();
}

void take_user(std::string_view text, RedisUrl& url) {
    const std::size_t colon = text.find(':');
    url.username = percent_decode(text.substr(0, colon));
    if (colon != std::string_view::npos) url.password = percent_decode(text.substr(colon + 1));
}

} // namespace

core::Result<RedisUrl> parse_redis_url(std::string_view text) {
    RedisUrl url;
    std::string_view rest = core::trim(text);
    const std::size_t scheme_end = rest.find("://");
    if (scheme_end != std::string_view::npos) {
        const auto scheme = core::to_lower(rest.substr(0, scheme_end));
        if (scheme != "redis" && scheme != "rediss" && scheme != "tcp")
            return std::unexpected(bad_url(text, "not a redis:// or rediss:// URL"));
        url.tls = scheme == "rediss";
        rest.remove_prefix(scheme_end + 3);
    }
    rest = rest.substr(0, rest.find_first_of("?#"));
    const std::size_t slash =
        rest.find('/', rest.find('@') == std::string_view::npos ? 0 : rest.rfind('@'));
    std::string_view authority = rest.substr(0, slash);
    const auto path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        take_user(authority.substr(0, at), url);
        authority.remove_prefix(at + 1);
    }
    if (core::trim(text).empty() || !take_authority(authority, url))
        return std::unexpected(bad_url(text, "the URL names no host or no valid port"));
    if (!path.empty()) {
        const auto database = parse_count(path);
        if (!database || *database > std::numeric_limits<std::int32_t>::max())
            return std::unexpected(bad_url(text, "the URL's database is not a number"));
        url.database = static_cast<std::uint32_t>(*database);
    }
    return url;
}

} // namespace probe
