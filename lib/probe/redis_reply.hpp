// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// One answer of a Redis, in our own form: hiredis' own differs between its versions.
struct RedisReply {
    enum class Type : std::uint8_t { nil, status, error, integer, string, array };
    Type type = Type::nil;
    std::string text{}; ///< of status, error and string
    std::int64_t integer = 0;
    std::vector<std::unique_ptr<RedisReply>> elements{};
    int depth = 0;

    [[nodiscard]] bool is_error() const { return type == Type::error; }
};

/// Takes a Redis' bytes as they come and gives whole answers, with bounds on everything that a
/// hostile server could make large: bytes in all, length and depth of arrays.
class RedisReader {
  public:
    /// `most_bytes` bounds all that is fed over the reader's life.
    explicit RedisReader(std::size_t most_bytes = std::size_t{4} << 20);
    RedisReader(RedisReader&&) noexcept;
    RedisReader& operator=(RedisReader&&) noexcept;
    ~RedisReader();

    /// Adds bytes that arrived. Errors: too_large.
    [[nodiscard]] core::Result<void> feed(std::string_view bytes);

    /// Returns the next whole answer, or nothing when more bytes are needed. Errors: protocol (it
    /// is not RESP), too_large. After an error the reader is of no more use.
    [[nodiscard]] core::Result<std::optional<RedisReply>> next();

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Returns a command in the form that goes over the wire.
[[nodiscard]] std::string redis_command(std::span<const std::string> words);

} // namespace probe
