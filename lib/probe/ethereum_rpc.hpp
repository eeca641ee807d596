// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "probe/answer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// JSON-RPC 2.0 (jsonrpc.org/specification) and the encodings of Ethereum's execution API
// (ethereum.org/en/developers/docs/apis/json-rpc, "Conventions"). Pure.

namespace probe {

struct RpcCall {
    std::string method{};
    std::vector<std::string> text_params{};
    std::optional<bool> last_param{}; ///< eth_getBlockByNumber's "with whole transactions"
};

/// One call's answer: the value or the node's error object, as text.
struct RpcReply {
    std::optional<JsonView> result{}; ///< may hold null, which is an answer of its own
    std::string error{};              ///< "method not found (-32601)"
    bool unknown_method = false;
};

/// Returns the JSON of one call, whose id is its place in the batch.
[[nodiscard]] std::string rpc_request(const RpcCall& call, std::size_t id);

/// Returns the JSON of all calls as one batch.
[[nodiscard]] std::string rpc_batch(std::span<const RpcCall> calls);

/// Reads one reply object, whose id must be `id`. Errors: protocol.
[[nodiscard]] core::Result<RpcReply> read_reply(const JsonView& reply, std::size_t id);

/// Reads the answer to a batch into the order of the calls. Errors: protocol, when a call has no
/// reply or an unexpected one.
[[nodiscard]] core::Result<std::vector<RpcReply>> read_batch(const JsonView& answer,
                                                             std::size_t calls);

/// Parses a quantity: "0x" and at least one hex digit, at most 64 bits. Leading zeros are taken,
/// though the specification forbids them: some development nodes send them.
[[nodiscard]] std::optional<std::uint64_t> parse_quantity(std::string_view text);

/// Parses a quantity of up to 256 bits as a floating-point number.
[[nodiscard]] std::optional<double> parse_large_quantity(std::string_view text);

/// Returns how many bytes "0x…" data holds; nothing when it is no whole number of hex bytes.
[[nodiscard]] std::optional<std::uint64_t> count_data_bytes(std::string_view text);

} // namespace probe
