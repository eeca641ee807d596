// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "record/recording.hpp"

#include <optional>
#include <string>

namespace record {

/// Returns the time zone of this process at `when`.
[[nodiscard]] Zone zone_at(core::Time when);

/// Puts this process into a recorded time zone, and back when it ends. A zone whose name is not
/// known here, or means something else, is taken as its fixed offset at `when`. While one lives no
/// other thread may read the environment.
class InZone {
  public:
    InZone(const Zone& zone, core::Time when);
    ~InZone();

    InZone(const InZone&) = delete;
    InZone& operator=(const InZone&) = delete;

  private:
    std::optional<std::string> m_before{};
};

} // namespace record
