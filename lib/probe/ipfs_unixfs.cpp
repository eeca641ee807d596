// SPDX-License-Identifier: MIT
#include "probe/ipfs_unixfs.hpp"

#include <fmt/format.h>

namespace probe {
namespace {

/// Protobuf wire types that the two messages use.
constexpr std::uint64_t k_varint = 0;
constexpr std::uint64_t k_bytes = 2;

struct ProtoField {
    std::uint64_t number = 0;
    std::uint64_t wire_type = 0;
    std::uint64_t value = 0;
    std::string_view bytes{};
};

/// Reads a protobuf varint, which unlike a multiformats one may take ten bytes.
std::optional<std::uint64_t> take_number(std::string_view& rest) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < rest.size() && i < 10; ++i) {
        const auto byte = static_cast<unsigned char>(rest[i]);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
        if ((byte & 0x80U) != 0) continue;
        rest.remove_prefix(i + 1);
        return value;
    }
    return std::nullopt;
}

/// Reads the next field off the front of `rest`. Nothing when it is malformed or of a wire type
/// that neither message has.
std::optional<ProtoField> take_field(std::string_view& rest) {
    ProtoField field;
    const auto key = take_number(rest);
    if (!key) return std::nullopt;
    field.number = *key >> 3U;
    field.wire_type = *key & 7U;
    const auto value = take_number(rest);
    if (!value) return std::nullopt;
    field.value = *value;
    if (field.wire_type == k_varint) return field;
    if (field.wire_type != k_bytes || *value > rest.size()) return std::nullopt;
    field.bytes = rest.substr(0, *value);
    rest.remove_prefix(*value);
    return field;
}

std::optional<DagLink> parse_link(std::string_view message) {
    DagLink link;
    bool has_cid = false;
    while (!message.empty()) {
        const auto field = take_field(message);
        if (!field) return std::nullopt;
        if (field->number == 1 && field->wire_type == k_bytes) {
            auto cid = decode_cid(field->bytes);
            if (!cid) return std::nullopt;
            link.cid = std::move(*cid);
            has_cid = true;
        } else if (field->number == 2 && field->wire_type == k_bytes) {
            link.name = std::string{field->bytes};
        } else if (field->number == 3 && field->wire_type == k_varint) {
            link.size = field->value;
        }
    }
    return has_cid ? std::optional{link} : std::nullopt;
}

bool parse_data(std::string_view message, UnixFsNode& node) {
    bool has_type = false;
    while (!message.empty()) {
        const auto field = take_field(message);
        if (!field) return false;
        if (field->number == 1 && field->wire_type == k_varint) {
            if (field->value > static_cast<std::uint64_t>(UnixFsType::hamt_shard)) return false;
            node.type = static_cast<UnixFsType>(field->value);
            has_type = true;
        } else if (field->number == 2 && field->wire_type == k_bytes) {
            node.data = std::string{field->bytes};
        } else if (field->number == 3 && field->wire_type == k_varint) {
            node.file_size = field->value;
        } else if (field->number == 6 && field->wire_type == k_varint) {
            node.fanout = field->value;
        }
    }
    return has_type;
}

} // namespace

std::optional<UnixFsNode> parse_unixfs(std::string_view block) {
    UnixFsNode node;
    bool has_data = false;
    while (!block.empty()) {
        const auto field = take_field(block);
        if (!field || field->wire_type != k_bytes) return std::nullopt;
        if (field->number == 2) {
            auto link = parse_link(field->bytes);
            if (!link) return std::nullopt;
            node.links.push_back(std::move(*link));
        } else if (field->number == 1 && !has_data) {
            if (!parse_data(field->bytes, node)) return std::nullopt;
            has_data = true;
        } else {
            return std::nullopt;
        }
    }
    return has_data ? std::optional{std::move(node)} : std::nullopt;
}

std::vector<DirectoryEntry> entries_of(const UnixFsNode& directory) {
    std::vector<DirectoryEntry> entries;
    // A shard's links are named by the entry's place in hex, as many digits as the fanout needs,
    // followed by the entry's name; a link with the place alone is a further shard.
    const std::size_t prefix = directory.type != UnixFsType::hamt_shard || directory.fanout == 0
                                   ? 0
                                   : fmt::format("{:X}", directory.fanout - 1).size();
    for (const auto& link : directory.links) {
        if (link.name.size() < prefix) continue;
        entries.push_back({link.cid, link.name.substr(prefix)});
    }
    return entries;
}

} // namespace probe
