// SPDX-License-Identifier: MIT
#include "core/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace core {
namespace {

struct Quantity {
    double number = 0;
    std::string_view unit{};
};

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

/// Splits "1.5h" into its number and its unit.
std::optional<Quantity> split(std::string_view text) {
    text = trim(text);
    double number = 0;
    auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (failure != std::errc{} || !std::isfinite(number) || number < 0) return std::nullopt;
    return Quantity{number, trim(text.substr(static_cast<std::size_t>(end - text.data())))};
}

template <std::size_t N>
std::optional<double> scaled(const Quantity& quantity,
                             const std::array<std::pair<std::string_view, double>, N>& units) {
    for (const auto& [unit, factor] : units) {
        if (unit == quantity.unit) return quantity.number * factor;
    }
    return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, double>, 6> k_time_units{
    {{"ms", 1.0}, {"s", 1e3}, {"m", 60e3}, {"min", 60e3}, {"h", 3600e3}, {"d", 86400e3}}};

constexpr std::array<std::pair<std::string_view, double>, 11> k_size_units{
    {{"", 1.0},
     {"B", 1.0},
     {"KB", 1e3},
     {"kB", 1e3},
     {"MB", 1e6},
     {"GB", 1e9},
     {"TB", 1e12},
     {"KiB", 1024.0},
     {"MiB", 1048576.0},
     {"GiB", 1073741824.0},
     {"TiB", 1099511627776.0}}};

struct BinaryUnit {
    std::string_view name{};
    double factor = 1;
};

BinaryUnit binary_unit(std::uint64_t count) {
    if (count >= (1ULL << 40)) return {"TiB", 1099511627776.0};
    if (count >= (1ULL << 30)) return {"GiB", 1073741824.0};
    if (count >= (1ULL << 20)) return {"MiB", 1048576.0};
    if (count >= (1ULL << 10)) return {"KiB", 1024.0};
    return {"B", 1.0};
}

} // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    if (quantity->unit.empty() && quantity->number == 0) return Duration{0};
    const auto millis = scaled(*quantity, k_time_units);
    constexpr double k_century = 100.0 * 366 * 86400e3;
    if (!millis || *millis > k_century) return std::nullopt;
    return Duration{std::llround(*millis)};
}

std::optional<Bytes> parse_size(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    const auto bytes = scaled(*quantity, k_size_units);
    if (!bytes || *bytes > 9e18) return std::nullopt;
    return Bytes{static_cast<std::uint64_t>(std::llround(*bytes))};
}

std::optional<Percent> parse_percent(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity || quantity->unit != "%") return std::nullopt;
    return Percent{quantity->number};
}

std::string format_duration(std::chrono::microseconds span) {
    const double seconds = static_cast<double>(span.count()) / 1e6;
    if (seconds < 0) return "-" + format_duration(-span);
    if (seconds < 0.001) return "<1 ms";
    if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
    if (seconds < 9.95) return fmt::format("{} s", format_number(seconds));
    if (seconds < 59.5) return fmt::format("{:.0f} s", seconds);
    if (seconds < 59.5 * 60) return fmt::format("{:.0f} min", seconds / 60);
    if (seconds < 47.5 * 3600) return fmt::format("{:.0f} h", seconds / 3600);
    return fmt::format("{:.0f} days", seconds / 86400);
}

std::string format_duration_exact(Duration span) {
    const auto millis = span.count();
    if (millis == 0) return "0s";
    if (millis % 86'400'000 == 0) return fmt::format("{}d", millis / 86'400'000);
    if (millis % 3'600'000 == 0) return fmt::format("{}h", millis / 3'600'000);
    if (millis % 60'000 == 0) return fmt::format("{}m", millis / 60'000);
    if (millis % 1000 == 0) return fmt::format("{}s", millis / 1000);
    return fmt::format("{}ms", millis);
}

std::string format_bytes(Bytes size) {
    const auto unit = binary_unit(size.count);
    return fmt::format("{} {}", format_number(static_cast<double>(size.count) / unit.factor),
                       unit.name);
}

std::string format_bytes_of(Bytes used, Bytes total) {
    const auto unit = binary_unit(total.count);
    return fmt::format("{} of {} {}", format_number(static_cast<double>(used.count) / unit.factor),
                       format_number(static_cast<double>(total.count) / unit.factor), unit.name);
}

std::string format_percent(Percent share) {
    if (!std::isfinite(share.value)) return "? %";
    if (share.value >= 100) return fmt::format("{:.0f} %", std::floor(share.value));
    if (share.value > 0 && share.value < 0.1) return "<0.1 %";
    return fmt::format("{} %", format_number(std::floor(share.value * 10 + 1e-9) / 10));
}

std::string format_number(double value, int decimals) {
    if (!std::isfinite(value)) return "?";
    std::string text = fmt::format("{:.{}f}", value, decimals);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string count_of(std::int64_t count, std::string_view word) {
    const char* plural = word.ends_with('s') ? "es" : "s";
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : plural);
}

} // namespace core
