// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// A size in bytes.
struct Bytes {
    std::uint64_t count = 0;
    auto operator<=>(const Bytes&) const = default;
};

/// A share of a whole: 85 means 85 %.
struct Percent {
    double value = 0;
    auto operator<=>(const Percent&) const = default;
};

using Duration = std::chrono::milliseconds;

/// Parses "500ms", "5s", "10m", "4h", "7d" (a fraction is allowed: "1.5h"). Nothing for anything
/// else, a negative number or one that does not fit.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// Parses "10MB" (powers of 1000), "2GiB" (powers of 1024), "512" or "512B".
[[nodiscard]] std::optional<Bytes> parse_size(std::string_view text);

/// Parses "85%" or "85 %"; the sign is required, so that 0.85 can't be mistaken for a share.
[[nodiscard]] std::optional<Percent> parse_percent(std::string_view text);

/// Returns a length of time as a person reads it: "12 ms", "1.1 s", "4 min", "3 h", "16 days".
[[nodiscard]] std::string format_duration(std::chrono::microseconds span);

/// Returns the shortest form that `parse_duration` reads back: "500ms", "5s", "10m", "7d".
[[nodiscard]] std::string format_duration_exact(Duration span);

/// Returns a size with a binary unit: "84 MiB", "1.2 GiB"; exact below 1 KiB ("512 B").
[[nodiscard]] std::string format_bytes(Bytes size);

/// Returns "used of total" in the unit of the total: "511.8 of 512 MiB".
[[nodiscard]] std::string format_bytes_of(Bytes used, Bytes total);

/// Returns "91.2 %" (one decimal below 100, none above), never rounded up to the next whole limit:
/// 89.97 is "89.9 %", so that a figure below its limit never reads as the limit.
[[nodiscard]] std::string format_percent(Percent share);

/// Returns a plain number without trailing zeros, at most `decimals` of them: 1.2, 31337.
[[nodiscard]] std::string format_number(double value, int decimals = 1);

/// Returns "1 service", "14 services", "2 addresses": `word` as an English plural unless `count` is
/// one.
[[nodiscard]] std::string count_of(std::int64_t count, std::string_view word);

} // namespace core
