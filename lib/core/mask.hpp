// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A part of a text.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Returns what in a text looks like a secret, in order and without overlaps: the user part of a
/// URL and keys in its path, values of words like password, token and Authorization (written as
/// "name=value", "name: value", JSON, a flag or SQL), tokens with a known prefix, signed web
/// tokens, private keys (PEM, and 0x with 64 digits), and long words of mixed letters and digits.
/// Rather takes a harmless word than leaves a secret; content identifiers and digests are left.
[[nodiscard]] std::vector<Span> secrets_in(std::string_view text);

/// Returns `text` with everything masked that `secrets_in` finds.
[[nodiscard]] std::string mask_text(std::string_view text);

/// Returns `text` with only what is surely a secret masked, for a report that a person works with:
/// passwords and keys of URLs (also of one that was cut off), values of words like password, tokens
/// with a known form, private keys. What `mask_url` leaves of a URL stays.
[[nodiscard]] std::string mask_shown(std::string_view text);

/// As `mask_shown`, but only in URLs: for texts of our own, which speak of passwords.
[[nodiscard]] std::string mask_urls(std::string_view text);

/// Whether a variable or key of this name holds a secret: "DB_PASSWORD", "x-api-key",
/// "requirepass".
[[nodiscard]] bool names_secret(std::string_view name);

} // namespace core
