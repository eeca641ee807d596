// SPDX-License-Identifier: MIT
#include "probe/ethereum.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "net/http.hpp"
#include "probe/answer.hpp"
#include "probe/ethereum_rpc.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <limits>

namespace probe {
namespace {

constexpr double k_wei_per_gwei = 1e9;

/// The calls in the order in which they are made; the contracts' code follows.
enum Call : std::size_t { version, chain, syncing, head, gas, peers, code };

std::vector<RpcCall> calls_for(const config::Ethereum& target) {
    std::vector<RpcCall> calls{
        {"web3_clientVersion", {}, {}}, {"eth_chainId", {}, {}},
        {"eth_syncing", {}, {}},        {"eth_getBlockByNumber", {"latest"}, false},
        {"eth_gasPrice", {}, {}},       {"net_peerCount", {}, {}}};
    for (const auto& contract : target.contracts)
        calls.push_back({"eth_getCode", {contract.address, "latest"}, {}});
    return calls;
}

net::HttpRequest post(const config::Ethereum& target, std::string body) {
    net::HttpRequest request;
    request.method = "POST";
    request.url = target.rpc;
    request.content_type = "application/json";
    request.body = std::move(body);
    return request;
}

core::Result<std::vector<RpcReply>> call_one_by_one(const config::Ethereum& target,
                                                    const std::vector<RpcCall>& calls,
                                                    const std::string& where,
                                                    core::Deadline deadline, std::stop_token stop) {
    std::vector<net::HttpRequest> requests;
    for (std::size_t i = 0; i < calls.size(); ++i)
        requests.push_back(post(target, rpc_request(calls[i], i)));
    const auto answers = net::fetch_all(requests, deadline, std::move(stop));
    std::vector<RpcReply> replies;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const Asked asked{"calling " + calls[i].method, where};
        // Some nodes answer an error object with status 4xx.
        if (answers[i] && answers[i]->status >= 400) {
            const auto body = JsonView::parse(answers[i]->body, asked);
            if (body && body->has("error")) {
                TRY_ASSIGN(auto reply, read_reply(*body, i));
                replies.push_back(std::move(reply));
                continue;
            }
        }
        TRY_ASSIGN(const auto body, json_answer(answers[i], asked));
        TRY_ASSIGN(auto reply, read_reply(body, i));
        replies.push_back(std::move(reply));
    }
    return replies;
}

/// Whether an answer means "no batches here": a single error object, or a status that a gateway or
/// a node gives to a body that it does not understand.
bool refuses_batches(const core::Result<facts::Http>& answer, const Asked& asked) {
    if (!answer) return false;
    for (const int status : {400, 405, 413, 415, 422, 501}) {
        if (answer->status == status) return true;
    }
    const auto body = JsonView::parse(answer->body, asked);
    return body && body->is_object() && body->has("error");
}

core::Result<std::vector<RpcReply>> call_all(const config::Ethereum& target,
                                             const std::vector<RpcCall>& calls,
                                             const std::string& where, core::Deadline deadline,
                                             const std::stop_token& stop) {
    const Asked asked{"asking the Ethereum node", where};
    const auto answer = net::fetch(post(target, rpc_batch(calls)), deadline, stop);
    const bool denied = answer && (answer->status == 401 || answer->status == 403);
    if (!denied && refuses_batches(answer, asked))
        return call_one_by_one(target, calls, where, deadline, stop);
    TRY_ASSIGN(const auto body, json_answer(answer, asked));
    return read_batch(body, calls.size());
}

core::Error bad_reply(const Asked& asked, std::string reason) {
    return answer_error(asked, core::ErrorKind::protocol, std::move(reason));
}

core::Result<std::string> text_of(const RpcReply& reply, const Asked& asked) {
    if (!reply.result) return std::unexpected(bad_reply(asked, reply.error));
    return reply.result->text();
}

core::Result<std::uint64_t> quantity(const JsonView& value) {
    TRY_ASSIGN(const auto text, value.text());
    const auto number = parse_quantity(text);
    if (!number) {
        return std::unexpected(
            value.error(fmt::format("is '{}', not a hex quantity", excerpt(text))));
    }
    return *number;
}

core::Result<std::uint64_t> quantity(const JsonView& object, const std::string& name) {
    TRY_ASSIGN(const auto member, object.at(name));
    return quantity(member);
}

core::Result<void> read_head(const RpcReply& reply, const Asked& asked, facts::Ethereum& facts) {
    if (!reply.result) return std::unexpected(bad_reply(asked, reply.error));
    if (reply.result->is_null())
        return std::unexpected(bad_reply(asked, "the node has no latest block"));
    TRY_ASSIGN(facts.current_block, quantity(*reply.result, "number"));
    TRY_ASSIGN(const auto seconds, quantity(*reply.result, "timestamp"));
    constexpr std::uint64_t k_last_second = 9'000'000'000; // the year 2255
    if (seconds > k_last_second)
        return std::unexpected(bad_reply(asked, "the latest block's time is out of range"));
    facts.head_time = core::Time{std::chrono::seconds{seconds}};
    return {};
}

/// Reads the sync state. A node that does not tell it is still a living node.
void read_syncing(const RpcReply& reply, facts::Ethereum& facts) {
    if (!reply.result) {
        // A development node has nothing to sync with.
        if (!reply.unknown_method) facts.syncing_problem = reply.error;
        return;
    }
    if (reply.result->is_false()) return;
    facts.syncing = reply.result->is_object();
    if (!facts.syncing) {
        facts.syncing_problem = "eth_syncing is answered by neither false nor an object";
    } else if (const auto highest = quantity(*reply.result, "highestBlock")) {
        facts.highest_block = *highest;
    }
}

core::Result<void> read_optional(const std::vector<RpcReply>& replies, facts::Ethereum& facts) {
    if (const auto& reply = replies[version]; reply.result) {
        TRY_ASSIGN(facts.client, reply.result->text());
    }
    if (const auto& reply = replies[gas]; reply.result) {
        TRY_ASSIGN(const auto text, reply.result->text());
        const auto wei = parse_large_quantity(text);
        if (!wei) return std::unexpected(reply.result->error("is not a hex quantity"));
        facts.gas_price_gwei = *wei / k_wei_per_gwei;
    }
    if (const auto& reply = replies[peers]; reply.result) {
        TRY_ASSIGN(const auto count, quantity(*reply.result));
        if (count > std::numeric_limits<std::int32_t>::max())
            return std::unexpected(reply.result->error("is out of range"));
        facts.peers = static_cast<std::int64_t>(count);
    }
    return {};
}

core::Result<facts::ContractCode> read_code(const config::Contract& contract, const RpcReply& reply,
                                            const std::string& where) {
    const Asked asked{fmt::format("asking for the code of contract '{}'", contract.name), where};
    TRY_ASSIGN(const auto text, text_of(reply, asked));
    const auto bytes = count_data_bytes(text);
    if (!bytes) {
        return std::unexpected(
            bad_reply(asked, fmt::format("the code is '{}', not hex data", excerpt(text))));
    }
    return facts::ContractCode{contract.name, contract.address, *bytes};
}

} // namespace

core::Result<facts::Ethereum> observe_ethereum(const config::Ethereum& target,
                                               core::Deadline deadline, std::stop_token stop) {
    const std::string where = core::printable(core::mask_url(target.rpc));
    TRY_ASSIGN(const auto replies, call_all(target, calls_for(target), where, deadline, stop));
    facts::Ethereum facts;
    const Asked asked{"asking for the chain id", where};
    if (!replies[chain].result) return std::unexpected(bad_reply(asked, replies[chain].error));
    TRY_ASSIGN(facts.chain_id, quantity(*replies[chain].result));
    TRY(read_head(replies[head], {"asking for the latest block", where}, facts));
    read_syncing(replies[syncing], facts);
    TRY(read_optional(replies, facts));
    for (std::size_t i = 0; i < target.contracts.size(); ++i) {
        TRY_ASSIGN(auto contract, read_code(target.contracts[i], replies[code + i], where));
        facts.contracts.push_back(std::move(contract));
    }
    return facts;
}

} // namespace probe
