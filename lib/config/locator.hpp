// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Addresses of servers taken apart, as far as a configuration must know them.
namespace config {

/// A URL in its parts (RFC 3986). User and password are percent-decoded.
struct Url {
    std::string scheme{}; ///< lower case
    std::string user{};
    std::optional<std::string> password{};
    bool has_user = false;
    std::string host{}; ///< without the brackets of an IPv6 address
    std::optional<std::uint16_t> port{};
    std::string rest{}; ///< path, query and fragment as written

    /// Returns the URL again without user and password.
    [[nodiscard]] std::string plain() const;
};

/// Takes a URL with an authority part apart. Returns what is wrong with it, never quoting it (it
/// may hold a password).
[[nodiscard]] std::expected<Url, std::string> parse_url(std::string_view text);

/// Returns `text` with %XX replaced; an incomplete sequence stays as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// Returns `text` with everything but RFC 3986's unreserved characters as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// A Postgres connection string (PostgreSQL manual, 34.1.1) in its parts.
struct Dsn {
    std::string plain{};                         ///< the string without its password
    std::optional<std::string> password{};       ///< decoded
    std::map<std::string, std::string> values{}; ///< host, port, user, dbname, … decoded
};

/// Takes "host=… user=…" or "postgresql://…" apart. Returns what is wrong with it, never quoting a
/// value.
[[nodiscard]] std::expected<Dsn, std::string> parse_dsn(std::string_view text);

/// Returns `value` as it stands after "key=" in a keyword/value connection string.
[[nodiscard]] std::string dsn_value(std::string_view value);

} // namespace config
