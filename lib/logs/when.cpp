// SPDX-License-Identifier: MIT
#include "logs/when.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/units.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace logs {

core::Time parse_when(std::string_view option, std::string_view text, core::Time now) {
    if (text.starts_with('@')) {
        std::int64_t seconds = 0;
        const auto* const end = text.data() + text.size();
        const auto [stopped, problem] = std::from_chars(text.data() + 1, end, seconds);
        constexpr std::int64_t k_furthest = 7'000'000'000; // 2191
        if (problem == std::errc{} && stopped == end && seconds >= 0 && seconds < k_furthest)
            return core::Time{std::chrono::seconds{seconds}};
    } else if (const auto ago = core::parse_duration(text)) {
        return now - *ago;
    } else if (const auto time = core::parse_rfc3339(text)) {
        return *time;
    } else if (const auto day = core::parse_rfc3339(std::string{text} + "T00:00:00Z")) {
        return *day;
    }
    throw core::UsageError(fmt::format(
        "{}: '{}' is no time; write 24h, 2026-01-05T08:00:00Z, 2026-01-05 or @1767600000", option,
        core::printable(text)));
}

} // namespace logs
