// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "core/units.hpp"
#include "facts/observed.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace facts {

/// What came of fetching a pinned object through the gateway.
struct IpfsContent {
    std::string cid{};
    std::uint64_t bytes = 0;
    bool verified = false;  ///< content hashed and equal to the CID
    bool complete = false;  ///< the whole object was compared, not only its first part
    std::string mismatch{}; ///< what differed
    std::chrono::microseconds duration{};

    bool operator==(const IpfsContent&) const = default;
};

struct Ipfs {
    std::string agent{}; ///< "kubo 0.18.0", "js-ipfs 0.18.1"
    std::string version{};
    core::Bytes repo_size{};
    core::Bytes storage_max{}; ///< 0: the node names none
    std::int64_t peers = 0;
    std::optional<std::int64_t> pins{};
    bool offline =
        false; ///< the node runs without a network on purpose (no bootstrap, no swarm address)
    std::optional<core::Result<IpfsContent>> content{}; ///< nothing when no CID is known or pinned

    bool operator==(const Ipfs&) const = default;
};

} // namespace facts
