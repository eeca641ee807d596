// SPDX-License-Identifier: MIT
#pragma once

#include "logs/hash.hpp"
#include "logs/seen.hpp"
#include "logs/token.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logs {

/// A word or parameter of a shape.
struct Part {
    std::uint64_t hash = 0;
    std::string text{};
    Kind kind = Kind::literal;
    bool sign = false;
    bool blank_before = false;
};

/// What messages look like once their values are masked.
struct Shape {
    static constexpr std::uint32_t k_itself = UINT32_MAX;
    static constexpr std::uint32_t k_other = UINT32_MAX - 1;

    std::uint64_t hash = 0;
    std::vector<Part> parts{};
    std::string example{};
    Seen seen{};
    std::uint32_t marks = 0;              ///< what whoever takes events noted of it
    std::uint32_t merged_into = k_itself; ///< number of the shape that it became part of

    [[nodiscard]] bool is_open() const { return merged_into == k_itself; }
};

/// Returns what the token at `place` adds to the hash of a shape. The hash is a sum, so that the
/// shape with another token in its place is found without looking at the rest.
[[nodiscard]] inline std::uint64_t share_of_token(std::uint64_t token, std::size_t place) {
    return mix(token ^ (place * 0x9fb21c651e98df25ULL + 1), 0xd6e8feb86659fd93ULL);
}

/// The hash that stands for every parameter.
inline constexpr std::uint64_t k_parameter_hash = 0x9e3779b97f4a7c15ULL;

/// Returns the hash of a shape of these tokens.
[[nodiscard]] std::uint64_t hash_of_shape(std::span<const Token> tokens);

[[nodiscard]] Shape make_shape(std::uint64_t hash, std::string_view message,
                               std::span<const Token> tokens);

/// Returns the template's text: "Failed password for <name> from <ip>".
[[nodiscard]] std::string text_of(const Shape& shape);

} // namespace logs
