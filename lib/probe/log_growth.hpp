// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "probe/log_file.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace probe {

/// Who is told how a file grows.
struct GrowthReader {
    TakeBytes take{};
    /// The file was replaced or emptied: what comes next begins a line.
    std::function<void()> begin_anew{};
    /// What became of the last attempt; told when it changes, a failure once it lasts.
    std::function<void(const core::Result<void>& result)> outcome{};
};

/// Reads the last `backlog` bytes of a plain file, from the first line that begins in them, and
/// then whatever is appended, until a stop. Goes by the name: a file that takes the place of the
/// one that was read (rotation) is read from its beginning, once the old one is read to its end; so
/// is one that was emptied. A file that is not there yet is waited for.
void follow_log(const std::filesystem::path& path, std::uint64_t backlog,
                const GrowthReader& reader, const std::stop_token& stop);

} // namespace probe
