// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "facts/self.hpp"

#include <chrono>
#include <filesystem>
#include <span>
#include <stop_token>

namespace probe {

/// Looks at the observer itself, from its making to `finish`: whether the wall clock went as the
/// steady one did.
class SelfWatch {
  public:
    /// Returns what was seen; `files` are those that the run is going to write. Never fails: what
    /// can't be looked at is left out, also the room for the files when a file system of theirs
    /// does not answer within a second, by the deadline, or before a stop is requested.
    [[nodiscard]] facts::Self finish(std::span<const std::filesystem::path> files,
                                     core::Deadline deadline, const std::stop_token& stop) const;

  private:
    core::Time m_wall = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point m_steady = std::chrono::steady_clock::now();
};

} // namespace probe
