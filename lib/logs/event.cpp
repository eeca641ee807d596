// SPDX-License-Identifier: MIT
#include "logs/event.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace logs {

std::string_view name(Level level) {
    static constexpr std::array<std::string_view, 8> k_names{
        "", "trace", "debug", "info", "notice", "warning", "error", "critical"};
    return k_names.at(static_cast<std::size_t>(std::to_underlying(level)));
}

Level level_named(std::string_view word) {
    static constexpr std::array<std::pair<std::string_view, Level>, 32> k_words{{
        {"trace", Level::trace},      {"debug", Level::debug},
        {"info", Level::info},        {"warn", Level::warning},
        {"warning", Level::warning},  {"error", Level::error},
        {"err", Level::error},        {"critical", Level::critical},
        {"crit", Level::critical},    {"fatal", Level::critical},
        {"panic", Level::critical},   {"alert", Level::critical},
        {"emerg", Level::critical},   {"emergency", Level::critical},
        {"severe", Level::error},     {"notice", Level::notice},
        {"information", Level::info}, {"informational", Level::info},
        {"log", Level::info},         {"hint", Level::info},
        {"detail", Level::info},      {"statement", Level::info},
        {"context", Level::info},     {"verbose", Level::debug},
        {"fine", Level::debug},       {"i", Level::info},
        {"w", Level::warning},        {"e", Level::error},
        {"f", Level::critical},       {"d", Level::debug},
        {"failure", Level::error},    {"debug1", Level::debug},
    }};
    if (word.empty() || word.size() > 13) return Level::none;
    std::array<char, 16> lower{};
    std::ranges::transform(word, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    const std::string_view wanted{lower.data(), word.size()};
    const auto* found =
        std::ranges::find(k_words, wanted, &std::pair<std::string_view, Level>::first);
    return found == k_words.end() ? Level::none : found->second;
}

} // namespace logs
