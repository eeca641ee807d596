// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace logs {

/// Multiplies to 128 bits and folds both halves: the step of wyhash and of xxHash's third version.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Returns a hash of the bytes; no defence against who wants two to be alike.
[[nodiscard]] inline std::uint64_t hash_of(std::string_view bytes) {
    constexpr std::uint64_t k_one = 0xa0761d6478bd642fULL;
    constexpr std::uint64_t k_two = 0xe7037ed1a0b428dbULL;
    std::uint64_t hash = mix(bytes.size() ^ k_one, k_two);
    std::uint64_t part = 0;
    while (bytes.size() > 8) {
        std::memcpy(&part, bytes.data(), 8);
        hash = mix(hash ^ part, k_one);
        bytes.remove_prefix(8);
    }
    part = 0;
    if (!bytes.empty()) std::memcpy(&part, bytes.data(), bytes.size());
    return mix(hash ^ part, k_two);
}

} // namespace logs
