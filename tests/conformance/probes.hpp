// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

namespace conformance {

/// What a probe came back with.
struct Outcome {
    std::optional<core::Error> error{};
    bool looks_well = false; ///< facts that a judge could take for a healthy target
};

/// A probe under attack: how to point it at a port of 127.0.0.1.
struct Probe {
    const char* name = "";
    Outcome (*observe)(std::uint16_t port, core::Deadline deadline, std::stop_token stop) = nullptr;
    bool takes_any_http = false; ///< any sound HTTP answer is a fact for it, not a fault
};

/// All probes that talk to a server.
std::span<const Probe> probes();

} // namespace conformance
