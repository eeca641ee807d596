// SPDX-License-Identifier: MIT
#include "probe/ipfs_cid.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <span>

namespace probe {
namespace {

constexpr std::string_view k_base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view k_base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view k_base32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view k_base16 = "0123456789abcdef";

/// Longer texts are no CIDs of ours, and big-number decoding takes quadratic time.
constexpr std::size_t k_longest = 512;

unsigned byte_of(char c) {
    return static_cast<unsigned char>(c);
}

/// Decodes a base that is a big number (58, 36): each leading zero digit stands for a zero byte.
std::optional<std::string> decode_number(std::string_view text, std::string_view alphabet) {
    std::string bytes; // least significant first
    std::size_t zeros = 0;
    bool leading = true;
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        leading = leading && digit == 0;
        if (leading) ++zeros;
        auto carry = static_cast<unsigned>(digit);
        for (char& byte : bytes) {
            carry += byte_of(byte) * static_cast<unsigned>(alphabet.size());
            byte = static_cast<char>(carry & 0xFFU);
            carry >>= 8U;
        }
        for (; carry > 0; carry >>= 8U)
            bytes += static_cast<char>(carry & 0xFFU);
    }
    bytes.append(zeros, '\0');
    std::ranges::reverse(bytes);
    return bytes;
}

/// Decodes a base of whole bits (32, 16); the bits left over must be zero (RFC 4648, 3.5).
std::optional<std::string> decode_bits(std::string_view text, std::string_view alphabet,
                                       unsigned bits) {
    std::string bytes;
    unsigned held = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        held = (held << bits) | static_cast<unsigned>(digit);
        count += bits;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>((held >> count) & 0xFFU);
        held &= (1U << count) - 1U;
    }
    if (held != 0 || count >= bits) return std::nullopt;
    return bytes;
}

std::string encode_base58(std::string_view bytes) {
    std::string digits; // least significant first
    for (const char byte : bytes) {
        unsigned carry = byte_of(byte);
        for (char& digit : digits) {
            carry += byte_of(digit) << 8U;
            digit = static_cast<char>(carry % 58);
            carry /= 58;
        }
        for (; carry > 0; carry /= 58)
            digits += static_cast<char>(carry % 58);
    }
    for (std::size_t i = 0; i < bytes.size() && bytes[i] == '\0'; ++i)
        digits += '\0';
    std::ranges::reverse(digits);
    for (char& digit : digits)
        digit = k_base58[byte_of(digit)];
    return digits;
}

std::string encode_base32(std::string_view bytes) {
    std::string text;
    unsigned held = 0;
    unsigned count = 0;
    for (const char byte : bytes) {
        held = (held << 8U) | byte_of(byte);
        for (count += 8; count >= 5; count -= 5)
            text += k_base32[(held >> (count - 5)) & 0x1FU];
        held &= (1U << count) - 1U;
    }
    if (count > 0) text += k_base32[(held << (5 - count)) & 0x1FU];
    return text;
}

void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U)
        out += static_cast<char>((value & 0x7FU) | 0x80U);
    out += static_cast<char>(value);
}

bool has_sound_length(const Cid& cid) {
    switch (cid.hash) {
    case k_hash_sha2_256:
        return cid.digest.size() == 32;
    case k_hash_sha2_512:
        return cid.digest.size() == 64;
    default:
        return cid.digest.size() <= 128;
    }
}

/// Reads a multihash, which must fill `bytes`, into `cid`.
bool read_multihash(std::string_view bytes, Cid& cid) {
    const auto hash = take_varint(bytes);
    const auto size = take_varint(bytes);
    if (!hash || !size || *size != bytes.size()) return false;
    cid.hash = *hash;
    cid.digest = std::string{bytes};
    return has_sound_length(cid);
}

std::string multihash(const Cid& cid) {
    std::string bytes;
    put_varint(bytes, cid.hash);
    put_varint(bytes, cid.digest.size());
    return bytes + cid.digest;
}

std::optional<std::string> decode_multibase(std::string_view text) {
    const std::string_view rest = text.substr(1);
    std::string lower{rest};
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    const bool is_lower = lower == rest;
    const bool is_upper = std::ranges::none_of(rest, [](char c) { return c >= 'a' && c <= 'z'; });
    switch (text.front()) {
    case 'z':
        return decode_number(rest, k_base58);
    case 'b':
        return is_lower ? decode_bits(rest, k_base32, 5) : std::nullopt;
    case 'B':
        return is_upper ? decode_bits(lower, k_base32, 5) : std::nullopt;
    case 'k':
        return is_lower ? decode_number(rest, k_base36) : std::nullopt;
    case 'K':
        return is_upper ? decode_number(lower, k_base36) : std::nullopt;
    case 'f':
        return is_lower ? decode_bits(rest, k_base16, 4) : std::nullopt;
    case 'F':
        return is_upper ? decode_bits(lower, k_base16, 4) : std::nullopt;
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size() && i < 9; ++i) {
        const unsigned byte = byte_of(bytes[i]);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
        if ((byte & 0x80U) != 0) continue;
        if (byte == 0 && i > 0) return std::nullopt; // not the shortest form
        bytes.remove_prefix(i + 1);
        return value;
    }
    return std::nullopt;
}

std::optional<Cid> decode_cid(std::string_view bytes) {
    Cid cid;
    if (bytes.size() == 34 && bytes.starts_with("\x12\x20")) {
        cid.codec = k_codec_dag_pb;
        return read_multihash(bytes, cid) ? std::optional{cid} : std::nullopt;
    }
    const auto version = take_varint(bytes);
    const auto codec = take_varint(bytes);
    if (!version || *version != 1 || !codec) return std::nullopt;
    cid.version = 1;
    cid.codec = *codec;
    return read_multihash(bytes, cid) ? std::optional{cid} : std::nullopt;
}

std::optional<Cid> parse_cid(std::string_view text) {
    if (text.size() < 2 || text.size() > k_longest) return std::nullopt;
    if (text.size() == 46 && text.starts_with("Qm")) {
        const auto bytes = decode_number(text, k_base58);
        return bytes && bytes->size() == 34 ? decode_cid(*bytes) : std::nullopt;
    }
    const auto bytes = decode_multibase(text);
    if (!bytes) return std::nullopt;
    auto cid = decode_cid(*bytes);
    // A version 0 CID has no multibase prefix.
    return cid && cid->version == 1 ? cid : std::nullopt;
}

std::string to_text(const Cid& cid) {
    if (cid.version == 0) return encode_base58(multihash(cid));
    std::string bytes;
    put_varint(bytes, 1);
    put_varint(bytes, cid.codec);
    return "b" + encode_base32(bytes + multihash(cid));
}

bool can_check(const Cid& cid) {
    return cid.hash == k_hash_identity || cid.hash == k_hash_sha2_256
           || cid.hash == k_hash_sha2_512;
}

bool matches(const Cid& cid, std::string_view block) {
    if (cid.hash == k_hash_identity) return block == cid.digest;
    if (!can_check(cid)) return false;
    const EVP_MD* function = cid.hash == k_hash_sha2_256 ? EVP_sha256() : EVP_sha512();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(block.data(), block.size(), digest.data(), &size, function, nullptr) != 1)
        return false;
    return std::ranges::equal(std::span{digest}.first(size), cid.digest,
                              [](unsigned char a, char b) { return a == byte_of(b); });
}

} // namespace probe
