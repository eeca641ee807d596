// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A YAML document as a plain tree with marks, without yaml-cpp in sight. Hostile text (deep
/// nesting, alias bombs, endless documents, duplicate keys) is refused while it is read.
namespace config::yaml {

/// A place in a text, both counted from 1; 0 when it is not known.
struct Mark {
    int line = 0;
    int column = 0;
};

enum class Kind : std::uint8_t { null, scalar, sequence, map };

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Entry {
    std::string key{};
    Mark mark{}; ///< of the key
    NodePtr value{};
};

struct Node {
    Kind kind = Kind::null;
    Mark mark{};
    std::string text{};  ///< of a scalar
    bool quoted = false; ///< a quoted or block scalar: never a number or a flag
    std::string tag{};   ///< as written ("!reset"); empty when there is none
    std::vector<NodePtr> items{};
    std::vector<Entry> entries{}; ///< in the order of the file; merge keys (<<) resolved
    std::size_t weight = 1;       ///< nodes below and including it, aliases counted as copies
    std::size_t height = 1;       ///< longest way down, in nodes

    /// Returns the value of `key`, or nothing.
    [[nodiscard]] const Node* find(std::string_view key) const;
};

/// Why a text is not a usable YAML document.
struct Failure {
    Mark mark{};
    std::string message{};
    std::string hint{};
};

inline constexpr std::size_t k_most_bytes = 1024 * 1024;
inline constexpr std::size_t k_most_nodes = 100'000;
inline constexpr std::size_t k_most_depth = 40;

/// Parses one YAML 1.2 document. An empty text is a null node. Throws nothing.
[[nodiscard]] std::expected<NodePtr, Failure> parse(std::string_view text);

/// Returns `text` as a YAML scalar that reads back as the same string: plain where that is safe,
/// else in double quotes.
[[nodiscard]] std::string scalar(std::string_view text);

} // namespace config::yaml
