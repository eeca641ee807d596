// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

#include <chrono>
#include <string>

namespace facts {

/// How long each step of an observation took; zero for a step that did not happen.
struct Phases {
    std::chrono::microseconds dns{};
    std::chrono::microseconds connect{};
    std::chrono::microseconds tls{};
    std::chrono::microseconds first_byte{};
    std::chrono::microseconds total{};

    bool operator==(const Phases&) const = default;
};

/// One observation: what was asked and what came of it.
template <class Facts>
struct Observed {
    std::string name{};    ///< the target's name in the configuration; unique within its kind
    std::string service{}; ///< the compose service behind it; empty when unknown
    std::string target{};  ///< printable address, secrets masked
    core::Result<Facts> result{std::unexpected(core::Error{})};
    std::chrono::microseconds duration{};

    bool operator==(const Observed&) const = default;
};

} // namespace facts
