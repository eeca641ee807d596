// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace logs {

/// What stands for a part of a message that differs from one occurrence to the next.
enum class Kind : std::uint8_t {
    literal,  ///< no parameter: a word, or a sign of punctuation
    any,      ///< "<*>": of several kinds
    number,   ///< "<num>": digits, also with signs, dots and commas
    name,     ///< "<name>": a word that differs: a host's name, an identifier with a number in it
    time,     ///< "<time>"
    duration, ///< "<duration>": a number with its unit of time
    size,     ///< "<size>": a number with its unit, or a share
    ip,       ///< "<ip>": IPv4 or IPv6, also with port or prefix
    mac,      ///< "<mac>"
    url,      ///< "<url>"
    mail,     ///< "<mail>"
    path,     ///< "<path>"
    uuid,     ///< "<uuid>"
    hex,      ///< "<hex>"
    cid,      ///< "<cid>": the identifier of IPFS content
    address,  ///< "<address>": of an Ethereum account, 0x and 40 hexadecimal digits
};

/// Returns "<ip>" for Kind::ip; empty for a literal.
[[nodiscard]] std::string_view placeholder(Kind kind);

/// A part of a message: where it stands, and what it is.
struct Token {
    std::uint32_t begin = 0;
    std::uint32_t end = 0; ///< one past its last byte
    Kind kind = Kind::literal;
    bool sign = false;      ///< a literal that is a single sign: it never differs
    std::uint64_t hash = 0; ///< of a literal's bytes; of every parameter the same
};

} // namespace logs
