// SPDX-License-Identifier: MIT
#pragma once

#include "logs/token.hpp"

#include <cstddef>
#include <string_view>

namespace logs {

/// A value that stands at a place of a message; an end of 0 means none.
struct Value {
    std::size_t end = 0; ///< one past its last byte
    Kind kind = Kind::any;

    explicit operator bool() const { return end != 0; }
};

/// Returns the whole value that begins at `at`, where no letter, digit or underscore stands before:
/// a date or time (ISO 8601, RFC 3164, C's asctime), a UUID, an IPv4 or IPv6 address with port or
/// prefix, a MAC address, a path, a hexadecimal number, a number with its unit. Values that are
/// told by what comes later in them (URLs, mail addresses, host:port) are found by the scanner.
[[nodiscard]] Value value_at(std::string_view text, std::size_t at);

/// Returns the date whose month's or day's name of three letters begins at `at`: "Jun 14 15:16:01",
/// "Mon, Jun 14 15:16:01 2005".
[[nodiscard]] Value named_date_at(std::string_view text, std::size_t at);

} // namespace logs
