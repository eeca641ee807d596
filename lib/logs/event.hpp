// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace logs {

enum class Level : std::uint8_t { none, trace, debug, info, notice, warning, error, critical };

/// Returns "error"; empty for none.
[[nodiscard]] std::string_view name(Level level);

/// Returns the level that a word names, whatever its case: "WARN", "warning", "E", "FATAL",
/// "PANIC"; none for another word.
[[nodiscard]] Level level_named(std::string_view word);

/// A request that a server has answered, as its access log tells it. What a client sent stands as
/// it was logged: it may hold anything.
struct Request {
    std::string_view client{}; ///< address of the peer; what it sent about itself is no part of it
    std::string_view forwarded{}; ///< X-Forwarded-For, as the peer sent it
    std::string_view user{};
    std::string_view method{}; ///< empty for what was no HTTP
    std::string_view target{}; ///< path and query
    std::string_view referer{};
    std::string_view agent{};
    int status = 0;
    std::optional<std::int64_t> bytes{};
    std::optional<double> seconds{};
};

/// What one line of a log says. Its texts are parts of the line, and live as long as that does.
struct Event {
    std::optional<core::Time> time{};
    Level level = Level::none;
    std::string_view logger{};  ///< "nginx", "postgres[71]", "uvicorn.access": who speaks
    std::string_view message{}; ///< without time, level and logger
    std::optional<Request> request{};
    bool parsed = false; ///< a known form of line; else `message` is all of it
};

} // namespace logs
