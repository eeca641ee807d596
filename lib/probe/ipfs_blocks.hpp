// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "probe/ipfs_cid.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace probe {

/// Fetches blocks from a node, and hands out only those that are what their CID names.
class BlockReader {
  public:
    BlockReader(const config::Ipfs& target, core::Deadline deadline, std::stop_token stop);

    /// Fetches the blocks side by side, in the order given; one that stands in its CID is not
    /// fetched, and counts all the same. A block that is not what its CID names ends as nothing,
    /// and `mismatch` says so. Errors: those of the fetches; timeout and cancelled; observer for an
    /// unknown hash function.
    [[nodiscard]] core::Result<std::vector<std::optional<std::string>>>
    read(std::span<const Cid> cids);

    /// Fetches one block.
    [[nodiscard]] core::Result<std::optional<std::string>> read(const Cid& cid);

    /// How many blocks may still be read.
    [[nodiscard]] std::size_t left() const { return m_left; }

    /// What was wrong with the first wrong block; empty when none was.
    [[nodiscard]] const std::string& mismatch() const { return m_mismatch; }

  private:
    [[nodiscard]] std::vector<core::Result<std::string>> fetch(std::span<const Cid> cids,
                                                               bool from_gateway) const;

    const config::Ipfs& m_target;
    core::Deadline m_deadline;
    std::stop_token m_stop;
    bool m_from_gateway = false; ///< the RPC API gives no blocks: ask the gateway for them
    std::size_t m_left = 64;
    std::string m_mismatch{};
};

} // namespace probe
