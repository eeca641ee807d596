// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/ipfs.hpp"

#include <stop_token>
#include <string>

namespace probe {

/// Fetches the object `cid` through the target's gateway and compares it with the object's blocks,
/// each of which is held against its own CID, so that nothing is believed that was not hashed.
/// Bounded in bytes and blocks: of a larger object the first part is compared, of a directory its
/// own block and the first file in it; `complete` is then false. Errors: those of the fetches;
/// protocol, when `cid` is no CID; observer, when its hash function is not known here.
[[nodiscard]] core::Result<facts::IpfsContent> fetch_ipfs_content(const config::Ipfs& target,
                                                                  const std::string& cid,
                                                                  core::Deadline deadline,
                                                                  std::stop_token stop);

} // namespace probe
