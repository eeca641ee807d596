// SPDX-License-Identifier: MIT
#include "probe/ethereum_rpc.hpp"

#include "core/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace probe {
namespace {

constexpr std::int64_t k_method_not_found = -32601;

nlohmann::json request_of(const RpcCall& call, std::size_t id) {
    auto params = nlohmann::json::array();
    for (const auto& param : call.text_params)
        params.push_back(param);
    if (call.last_param) params.push_back(*call.last_param);
    return {{"jsonrpc", "2.0"}, {"id", id}, {"method", call.method}, {"params", params}};
}

/// The configuration's texts may hold any bytes: what is no UTF-8 is replaced, not thrown at.
std::string to_text(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<std::string_view> digits_of(std::string_view text) {
    if (!text.starts_with("0x") && !text.starts_with("0X")) return std::nullopt;
    text.remove_prefix(2);
    const bool hex = std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    if (!hex) return std::nullopt;
    return text;
}

core::Result<RpcReply> read_error(const JsonView& error) {
    RpcReply reply;
    TRY_ASSIGN(const auto message, error.text_or_empty("message"));
    TRY_ASSIGN(const auto code, error.whole("code"));
    reply.unknown_method = code == k_method_not_found;
    reply.error = fmt::format("{} ({})", excerpt(message), code);
    return reply;
}

} // namespace

std::string rpc_request(const RpcCall& call, std::size_t id) {
    return to_text(request_of(call, id));
}

std::string rpc_batch(std::span<const RpcCall> calls) {
    auto batch = nlohmann::json::array();
    for (std::size_t i = 0; i < calls.size(); ++i)
        batch.push_back(request_of(calls[i], i));
    return to_text(batch);
}

core::Result<RpcReply> read_reply(const JsonView& reply, std::size_t id) {
    if (reply.has("error")) {
        TRY_ASSIGN(const auto error, reply.at("error"));
        return read_error(error);
    }
    TRY_ASSIGN(const auto answered, reply.whole("id"));
    if (answered < 0 || static_cast<std::size_t>(answered) != id)
        return std::unexpected(reply.error("answers another call"));
    TRY_ASSIGN(auto result, reply.member("result"));
    RpcReply good;
    good.result = std::move(result);
    return good;
}

core::Result<std::vector<RpcReply>> read_batch(const JsonView& answer, std::size_t calls) {
    TRY_ASSIGN(const auto items, answer.items());
    std::vector<std::optional<RpcReply>> found(calls);
    for (const auto& item : items) {
        TRY_ASSIGN(const auto id, item.whole("id"));
        if (id < 0 || static_cast<std::size_t>(id) >= calls)
            return std::unexpected(item.error("answers a call that was not made"));
        TRY_ASSIGN(found[static_cast<std::size_t>(id)],
                   read_reply(item, static_cast<std::size_t>(id)));
    }
    std::vector<RpcReply> replies;
    for (std::size_t i = 0; i < calls; ++i) {
        if (!found[i])
            return std::unexpected(answer.error(fmt::format("holds no reply to call {}", i)));
        replies.push_back(std::move(*found[i]));
    }
    return replies;
}

std::optional<std::uint64_t> parse_quantity(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits || digits->empty()) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, failed] =
        std::from_chars(digits->data(), digits->data() + digits->size(), value, 16);
    if (failed != std::errc{} || end != digits->data() + digits->size()) return std::nullopt;
    return value;
}

std::optional<double> parse_large_quantity(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits || digits->empty() || digits->size() > 64) return std::nullopt;
    double value = 0;
    for (const char c : *digits) {
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        value = value * 16 + digit;
    }
    return value;
}

std::optional<std::uint64_t> count_data_bytes(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits || digits->size() % 2 != 0) return std::nullopt;
    return digits->size() / 2;
}

} // namespace probe
