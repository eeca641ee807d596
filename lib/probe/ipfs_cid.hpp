// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Content identifiers. Sources: github.com/multiformats/cid, multibase, multihash, multicodec,
// unsigned-varint. Pure.

namespace probe {

/// Multicodec codes that the content check understands.
inline constexpr std::uint64_t k_codec_raw = 0x55;
inline constexpr std::uint64_t k_codec_dag_pb = 0x70;

inline constexpr std::uint64_t k_hash_identity = 0x00;
inline constexpr std::uint64_t k_hash_sha2_256 = 0x12;
inline constexpr std::uint64_t k_hash_sha2_512 = 0x13;

struct Cid {
    int version = 0;
    std::uint64_t codec = 0;
    std::uint64_t hash = 0; ///< multihash function
    std::string digest{};   ///< bytes

    bool operator==(const Cid&) const = default;
};

/// Reads an unsigned varint (at most 9 bytes, in its shortest form) off the front of `bytes`.
[[nodiscard]] std::optional<std::uint64_t> take_varint(std::string_view& bytes);

/// Parses the text form: version 0 (base58btc without a prefix), version 1 in base58btc, base32,
/// base36 or base16. Nothing for anything else.
[[nodiscard]] std::optional<Cid> parse_cid(std::string_view text);

/// Parses the binary form, as links hold it; all of `bytes` must be used.
[[nodiscard]] std::optional<Cid> decode_cid(std::string_view bytes);

/// Returns the text form: base58btc for version 0, base32 for version 1.
[[nodiscard]] std::string to_text(const Cid& cid);

/// Whether `matches` can check this CID's hash function.
[[nodiscard]] bool can_check(const Cid& cid);

/// Whether `block` is what the CID names.
[[nodiscard]] bool matches(const Cid& cid, std::string_view block);

} // namespace probe
