// SPDX-License-Identifier: MIT
#pragma once

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "probe/pg_target.hpp"

#include <stop_token>

namespace probe {

/// Says what exactly is wrong with the server's certificate, where libpq only says that it was not
/// verified: looks at the certificate itself, within the deadline. Any other error, and one that
/// this look does not explain, is returned as it is.
[[nodiscard]] core::Error explain_certificate(core::Error error, const PgTarget& target,
                                              core::Deadline deadline, const std::stop_token& stop);

} // namespace probe
