// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/units.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace facts {

/// A file that this run is going to write, and how much room there is for it.
struct Outlet {
    std::string file{};
    std::string folder{};
    core::Bytes free{};
    bool full = false; ///< no byte, or no inode, is left for this user

    bool operator==(const Outlet&) const = default;
};

/// What the observer sees of itself.
struct Self {
    std::uint64_t descriptor_limit = 0;     ///< RLIMIT_NOFILE; 0: none
    std::chrono::milliseconds clock_step{}; ///< the wall clock's way less the steady clock's
    core::Time built{};                     ///< no right clock shows an earlier time
    std::vector<Outlet> outlets{};

    bool operator==(const Self&) const = default;
};

} // namespace facts
