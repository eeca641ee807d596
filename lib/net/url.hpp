// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

/// The parts of an http or https URL (RFC 3986) that a connection needs.
struct Url {
    std::string scheme{}; ///< "http" or "https"
    std::string host{};   ///< in lower case, an IPv6 address without brackets
    std::uint16_t port = 0;
    std::string path{}; ///< with its query
};

/// Takes `text` apart. Errors: protocol, when it is no http or https URL with a host.
[[nodiscard]] core::Result<Url> parse_url(const std::string& text);

/// Returns `base` (scheme, authority, perhaps a path prefix) and `path` joined with one slash.
[[nodiscard]] std::string join_url(std::string base, std::string_view path);

/// Returns `text` with every byte that is not unreserved (RFC 3986, 2.3) as %XX, for a query value.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Whether `host` is an IPv4 or IPv6 address in digits, without brackets or a zone.
[[nodiscard]] bool is_numeric(const std::string& host);

} // namespace net
