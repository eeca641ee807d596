// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

using TakeBytes = std::function<void(std::string_view bytes)>;

/// A part of a file: the lines that begin in it.
struct LogPart {
    std::filesystem::path file{};
    std::uint64_t begin = 0;
    std::uint64_t end = 0; ///< 0: to the end of the file
};

/// Returns the parts in which a file can be read side by side: of about `size` bytes each for a
/// large plain file, all of it for any other.
[[nodiscard]] std::vector<LogPart> parts_of(const std::filesystem::path& file,
                                            std::uint64_t size = std::uint64_t{64} << 20U);

/// Reads a log, plain or packed by gzip or zstd, which is told by its first bytes, or a part
/// of a plain one, and hands its text on in pieces. A path "-" is standard input. Nothing of what
/// can be read before an error is kept back. Errors: missing, permission, protocol (damaged or cut
/// off in its middle), timeout, cancelled; refused for a folder.
[[nodiscard]] core::Result<void> read_log(const LogPart& part, const TakeBytes& take,
                                          core::Deadline deadline, const std::stop_token& stop);

/// Files that are one log: what rotation made of it, oldest first.
struct LogSet {
    std::string name{}; ///< the path without what rotation and packing add: "/var/log/access.log"
    std::vector<std::filesystem::path> files{};
};

/// Returns the logs that the arguments name: each a path, "-", or a pattern (glob(7)) as a quoted
/// argument holds it. Files that only differ in what rotation adds (".1", ".2.gz", "-20050614.zst")
/// are one log. Order: as first named. Errors: missing, for a pattern that no file fits.
[[nodiscard]] core::Result<std::vector<LogSet>>
find_logs(const std::vector<std::string>& arguments);

} // namespace probe
