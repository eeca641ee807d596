// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"

#include <optional>

namespace logs {

/// When something was seen first and last.
struct Times {
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};

    void add(std::optional<core::Time> time) {
        if (!time) return;
        if (!first || *time < *first) first = time;
        if (!last || *time > *last) last = time;
    }

    void add(const Times& other) {
        add(other.first);
        add(other.last);
    }
};

} // namespace logs
