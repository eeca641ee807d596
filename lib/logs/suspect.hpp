// SPDX-License-Identifier: MIT
#pragma once

#include "core/address.hpp"
#include "core/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace logs {

/// An address that did what visitors don't.
struct Suspect {
    core::Address address{};
    double score = 0;     ///< 0…1: how sure it is
    std::string kind{};   ///< "sign-in", "scanner"
    std::string reason{}; ///< "412 failed sign-ins over 97 accounts"
    std::int64_t events = 0;
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};
};

} // namespace logs
