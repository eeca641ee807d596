// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace probe {

/// Reads a file of /proc or /sys as it is now. Errors: observer when it can't be opened (there is
/// no such file, or this process may not), too_large beyond `limit` bytes.
[[nodiscard]] core::Result<std::string> read_proc_file(const std::filesystem::path& path,
                                                       std::size_t limit = std::size_t{4} << 20);

/// As `read_proc_file`, for files that may well be absent.
[[nodiscard]] std::optional<std::string> try_read(const std::filesystem::path& path);

/// Returns the non-negative decimal number that `text` is, blanks around it allowed; nothing when
/// it is anything else or does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);

/// Returns the next word of `text` (blanks and tabs apart) and removes it from `text`; empty at the
/// end.
std::string_view take_word(std::string_view& text);

/// Returns the number that follows `key` at the start of a line: "MemTotal:  123 kB" (the unit is
/// left alone) and "oom_kill 3". Nothing when the key or its number is missing.
[[nodiscard]] std::optional<std::uint64_t> keyed_count(std::string_view text, std::string_view key);

/// Returns `later - earlier`, 0 when a counter went backwards (it was reset or reused).
[[nodiscard]] constexpr std::uint64_t grown(std::uint64_t earlier, std::uint64_t later) {
    return later > earlier ? later - earlier : 0;
}

} // namespace probe
