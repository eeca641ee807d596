// SPDX-License-Identifier: MIT
#include "probe/redis_reply.hpp"

#include "core/text.hpp"

#include <hiredis/hiredis.h>

#include <utility>

namespace probe {
namespace {

constexpr int k_most_depth = 8;
constexpr std::size_t k_most_elements = 4096;

/// Makes a node in the place that hiredis' task names: in its parent's array, or as the root, which
/// the reader then owns. Returns nothing (hiredis reports "out of memory") beyond the bounds.
RedisReply* attach(const redisReadTask* task, RedisReply::Type type, std::string text,
                   std::int64_t integer) {
    auto node = std::make_unique<RedisReply>();
    node->type = type;
    node->text = std::move(text);
    node->integer = integer;
    if (task->parent == nullptr) return node.release();
    auto* parent = static_cast<RedisReply*>(task->parent->obj);
    if (parent == nullptr || parent->elements.size() >= k_most_elements) return nullptr;
    node->depth = parent->depth + 1;
    if (node->depth > k_most_depth) return nullptr;
    parent->elements.push_back(std::move(node));
    return parent->elements.back().get();
}

void* create_string(const redisReadTask* task, char* text, std::size_t length) {
    const auto type = task->type == REDIS_REPLY_ERROR    ? RedisReply::Type::error
                      : task->type == REDIS_REPLY_STATUS ? RedisReply::Type::status
                                                         : RedisReply::Type::string;
    return attach(task, type, std::string{text, length}, 0);
}

/// The count is an int in hiredis 0.14 and a size_t from 1.0 on.
template <class Count>
void* create_array(const redisReadTask* task, Count count) {
    if (std::cmp_greater(count, k_most_elements)) return nullptr;
    return attach(task, RedisReply::Type::array, {}, 0);
}

void* create_integer(const redisReadTask* task, long long value) {
    return attach(task, RedisReply::Type::integer, {}, value);
}

void* create_nil(const redisReadTask* task) {
    return attach(task, RedisReply::Type::nil, {}, 0);
}

[[maybe_unused]] void* create_double(const redisReadTask* task, double /*value*/, char* text,
                                     std::size_t length) {
    return attach(task, RedisReply::Type::string, std::string{text, length}, 0);
}

[[maybe_unused]] void* create_bool(const redisReadTask* task, int value) {
    return attach(task, RedisReply::Type::integer, {}, value);
}

/// Only the root reaches this: it owns all others.
void free_reply(void* reply) {
    delete static_cast<RedisReply*>(reply);
}

/// RESP 3 has more types, which hiredis knows from 1.0 on; a template, so that the members may be
/// absent.
template <class Functions>
void add_resp3(Functions& functions) {
    if constexpr (requires { functions.createDouble; }) functions.createDouble = create_double;
    if constexpr (requires { functions.createBool; }) functions.createBool = create_bool;
}

redisReplyObjectFunctions* functions() {
    static redisReplyObjectFunctions all = [] {
        redisReplyObjectFunctions made{};
        made.createString = create_string;
        made.createArray = create_array;
        made.createInteger = create_integer;
        made.createNil = create_nil;
        made.freeObject = free_reply;
        add_resp3(made);
        return made;
    }();
    return &all;
}

core::Error too_large(std::size_t most) {
    core::Error error;
    error.kind = core::ErrorKind::too_large;
    error.reason = "the answer is larger than " + std::to_string(most >> 20U) + " MiB";
    error.phase = core::Phase::body;
    return error;
}

} // namespace

struct RedisReader::Impl {
    std::unique_ptr<redisReader, void (*)(redisReader*)> reader{
        redisReaderCreateWithFunctions(functions()), redisReaderFree};
    std::size_t most = 0;
    std::size_t fed = 0;
};

RedisReader::RedisReader(std::size_t most_bytes) : m_impl(std::make_unique<Impl>()) {
    m_impl->most = most_bytes;
}

RedisReader::RedisReader(RedisReader&&) noexcept = default;
RedisReader& RedisReader::operator=(RedisReader&&) noexcept = default;
RedisReader::~RedisReader() = default;

core::Result<void> RedisReader::feed(std::string_view bytes) {
    m_impl->fed += bytes.size();
    if (m_impl->fed > m_impl->most) return std::unexpected(too_large(m_impl->most));
    if (m_impl->reader == nullptr
        || redisReaderFeed(m_impl->reader.get(), bytes.data(), bytes.size()) != REDIS_OK) {
        auto error = too_large(m_impl->most);
        error.kind = core::ErrorKind::observer;
        error.reason = "no memory for the answer";
        return std::unexpected(std::move(error));
    }
    return {};
}

core::Result<std::optional<RedisReply>> RedisReader::next() {
    redisReader* reader = m_impl->reader.get();
    void* raw = nullptr;
    if (reader == nullptr || redisReaderGetReply(reader, &raw) != REDIS_OK) {
        core::Error error;
        error.phase = core::Phase::body;
        if (reader != nullptr && reader->err == REDIS_ERR_OOM) {
            error.kind = core::ErrorKind::too_large;
            error.reason = "the answer nests or lists more than any answer to our questions can";
        } else {
            error.kind = core::ErrorKind::protocol;
            error.reason = "the answer is not the Redis protocol";
            error.hint = "is it a Redis that listens there?";
        }
        return std::unexpected(std::move(error));
    }
    if (raw == nullptr) return std::nullopt;
    const std::unique_ptr<RedisReply> reply{static_cast<RedisReply*>(raw)};
    return std::move(*reply);
}

std::string redis_command(std::span<const std::string> words) {
    std::string wire = "*" + std::to_string(words.size()) + "\r\n";
    for (const auto& word : words)
        wire += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
    return wire;
}

} // namespace probe
