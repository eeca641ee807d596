// SPDX-License-Identifier: MIT
#pragma once

#include "probe/ipfs_cid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Blocks of files and directories. Sources: ipld.io/specs/codecs/dag-pb and
// github.com/ipfs/specs, UNIXFS.md; both are protobuf (protobuf.dev/programming-guides/encoding).
// Pure.

namespace probe {

struct DagLink {
    Cid cid{};
    std::string name{};
    std::uint64_t size = 0; ///< Tsize: of all below, as the writer claims
};

enum class UnixFsType : std::uint8_t { raw, directory, file, metadata, symlink, hamt_shard };

/// A dag-pb block that holds a UnixFS node.
struct UnixFsNode {
    UnixFsType type = UnixFsType::file;
    std::string data{}; ///< inline content of a file, a symlink's target, a shard's bit field
    std::uint64_t file_size = 0;
    std::uint64_t fanout = 0; ///< of a HAMT shard
    std::vector<DagLink> links{};
};

/// Parses a dag-pb block with UnixFS data. Nothing when it is malformed.
[[nodiscard]] std::optional<UnixFsNode> parse_unixfs(std::string_view block);

/// One step from a directory down to something inside it.
struct DirectoryEntry {
    Cid cid{};
    std::string name{}; ///< empty: a further shard of the same directory
};

/// Returns a directory's entries, whether it is a plain or a sharded one.
[[nodiscard]] std::vector<DirectoryEntry> entries_of(const UnixFsNode& directory);

} // namespace probe
