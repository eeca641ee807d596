// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/error.hpp"
#include "core/secret.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace probe {

/// One server of a DSN, which may list several.
struct PgHost {
    std::string host{};     ///< a name, or the folder of a unix socket
    std::string hostaddr{}; ///< a numeric address given in the DSN: no lookup is needed
    std::uint16_t port = 5432;

    /// Whether it is reached without a name lookup: a unix socket or a numeric address.
    [[nodiscard]] bool is_socket() const {
        return hostaddr.empty() && (host.empty() || host.front() == '/' || host.front() == '@');
    }
};

/// A DSN taken apart: the servers, and the other options as libpq takes them.
struct PgTarget {
    std::vector<PgHost> hosts{};
    std::map<std::string, std::string> options{};
    core::Secret password{};
};

/// Takes the target's DSN apart with libpq's own parser; options that would let libpq wait by
/// itself are replaced. Errors: protocol, when the DSN is none (its text is not repeated: a part of
/// a password may stand anywhere in it).
[[nodiscard]] core::Result<PgTarget> parse_pg_target(const config::Postgres& target);

} // namespace probe
