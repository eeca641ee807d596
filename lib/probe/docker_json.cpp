// SPDX-License-Identifier: MIT
#include "probe/docker_json.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace probe {

using nlohmann::json;
using Path = std::initializer_list<std::string_view>;

json json_of(std::string_view body) {
    auto parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) return nullptr;
    return parsed;
}

const json& json_at(const json& start, Path path) {
    static const json nothing;
    const json* at = &start;
    for (const auto key : path) {
        if (!at->is_object()) return nothing;
        const auto found = at->find(key);
        if (found == at->end()) return nothing;
        at = &*found;
    }
    return *at;
}

std::string json_text(const json& start, Path path) {
    const auto& value = json_at(start, path);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

std::optional<std::int64_t> json_maybe_number(const json& start, Path path) {
    const auto& value = json_at(start, path);
    constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        return number > static_cast<std::uint64_t>(k_most) ? k_most
                                                           : static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) {
        // Podman writes some sizes as 1e+09; beyond 2^53 a float is no whole number any more.
        const auto number = value.get<double>();
        if (number >= -9e15 && number <= 9e15) return static_cast<std::int64_t>(number);
    }
    return std::nullopt;
}

std::int64_t json_number(const json& start, Path path) {
    return json_maybe_number(start, path).value_or(0);
}

std::uint64_t json_count(const json& start, Path path) {
    const auto& value = json_at(start, path);
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    const auto number = json_number(start, path);
    return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

bool json_flag(const json& start, Path path) {
    const auto& value = json_at(start, path);
    return value.is_boolean() && value.get<bool>();
}

std::optional<core::Time> json_time(const json& start, Path path) {
    return core::parse_rfc3339(json_text(start, path));
}

} // namespace probe
