// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

// Lenient reads of an Engine's JSON: nothing where a key is missing or its value has another type.
// Engines of many versions and podman leave out what they don't know, and a container with one odd
// field is still worth judging by the others.

namespace probe {

/// Parses `body`; JSON's null when it is not JSON.
[[nodiscard]] nlohmann::json json_of(std::string_view body);

/// Returns the value that `path` leads to, or JSON's null.
[[nodiscard]] const nlohmann::json& json_at(const nlohmann::json& json,
                                            std::initializer_list<std::string_view> path);

/// Returns the text at `path`; empty for anything else.
[[nodiscard]] std::string json_text(const nlohmann::json& json,
                                    std::initializer_list<std::string_view> path);

/// Returns the whole number at `path`; 0 for anything else.
[[nodiscard]] std::int64_t json_number(const nlohmann::json& json,
                                       std::initializer_list<std::string_view> path);

/// As `json_number`, with nothing where there is none.
[[nodiscard]] std::optional<std::int64_t>
json_maybe_number(const nlohmann::json& json, std::initializer_list<std::string_view> path);

/// As `json_number`, 0 for a negative one.
[[nodiscard]] std::uint64_t json_count(const nlohmann::json& json,
                                       std::initializer_list<std::string_view> path);

/// Returns whether `true` stands at `path`.
[[nodiscard]] bool json_flag(const nlohmann::json& json,
                             std::initializer_list<std::string_view> path);

/// Returns the time at `path`; nothing for Docker's zero time.
[[nodiscard]] std::optional<core::Time> json_time(const nlohmann::json& json,
                                                  std::initializer_list<std::string_view> path);

} // namespace probe
