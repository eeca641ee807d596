// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "record/recording.hpp"

#include <filesystem>

namespace record {

/// A folder that is about to become a recording. It is made beside its place under a hidden name,
/// for its owner only, and takes its name when it is complete: nobody ever meets half a recording.
class NewFolder {
  public:
    /// Makes the hidden folder at once, so that what stands in the way is told before anything is
    /// looked at. Throws core::UsageError when the place is taken by anything but an empty folder,
    /// or can't be written to.
    explicit NewFolder(std::filesystem::path place);

    /// Removes what was not kept.
    ~NewFolder();

    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;

    /// Scrubs the recording, writes it and returns it as it will be read again: judging that gives
    /// the very report that every later replay gives. Errors: observer, permission (disk full and
    /// the like); too_large.
    [[nodiscard]] core::Result<Recording> keep(Recording recording);

  private:
    std::filesystem::path m_place;
    std::filesystem::path m_hidden{};
};

/// Reads the recording in a folder. Throws core::UsageError when there is none, ConfigError with
/// the file and the place in it when it can't be understood. Reads regular files only, and never
/// more than a recording may hold.
[[nodiscard]] Recording load(const std::filesystem::path& folder);

} // namespace record
