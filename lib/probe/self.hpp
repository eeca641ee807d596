// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "facts/self.hpp"

#include <chrono>
#include <filesystem>
#include <span>

namespace probe {

/// Looks at the observer itself, from its making to `finish`: whether the wall clock went as the
/// steady one did.
class SelfWatch {
  public:
    /// Returns what was seen; `files` are those that the run is going to write. Never fails: what
    /// can't be looked at is left out.
    [[nodiscard]] facts::Self finish(std::span<const std::filesystem::path> files) const;

  private:
    core::Time m_wall = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point m_steady = std::chrono::steady_clock::now();
};

} // namespace probe
