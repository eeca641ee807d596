// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "facts/redis.hpp"

#include <optional>
#include <string_view>

namespace probe {

/// Reads the answer of INFO ("key:value" lines in sections; https://redis.io/docs/latest/commands/
/// info/). A field that is missing or nonsense keeps its default. `now` dates the last save on a
/// server that does not tell its own time. Nothing when the text has no redis_version: it is not
/// the answer of a Redis.
[[nodiscard]] std::optional<facts::Redis> parse_redis_info(std::string_view text, core::Time now);

} // namespace probe
