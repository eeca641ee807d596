// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace facts {

/// The requests that a service's access log tells of.
struct AccessLog {
    std::chrono::seconds window{}; ///< how far back it was read
    std::int64_t lines = 0;        ///< read
    std::int64_t requests = 0;     ///< lines that tell of a request and its status
    std::int64_t errors = 0;       ///< of these, answered with 5xx
    std::int64_t gateway = 0;      ///< of the errors, with 502 or 504: whom it asked did not answer
    bool cut = false;              ///< more was written than was read: the newest lines

    bool operator==(const AccessLog&) const = default;
};

} // namespace facts
