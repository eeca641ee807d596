// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"

#include <memory>
#include <optional>
#include <string>

namespace probe {

/// The presence of one probe's thread: made before the thread starts, owned by it, gone with it.
class Presence {
  public:
    explicit Presence(std::string target);
    ~Presence();
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

    /// Notes that nobody waits for the thread any more: its target is not asked again until it has
    /// come back, so that a target that hangs costs one thread and not one a look.
    void leave_behind();

  private:
    std::string m_target;
    core::Time m_since{};
    bool m_left = false; ///< guarded by the lock of the list
};

/// Returns since when a probe of `target` is left behind and has not come back; nothing when there
/// is none.
[[nodiscard]] std::optional<core::Time> left_behind_since(const std::string& target);

/// The error of a target that is not asked, since the probe of an earlier look still waits for it.
[[nodiscard]] core::Error still_waiting(const std::string& target, core::Time since);

} // namespace probe
