// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "core/secret.hpp"

#include <string_view>

namespace probe {

/// Returns the typed error for what PQerrorMessage says after a failed connection attempt, written
/// with PQERRORS_VERBOSE: "…failed: FATAL:  28P01: password authentication failed…". A server's
/// answer is told by its SQLSTATE (PostgreSQL manual, appendix A), trouble on the way by libpq's
/// untranslated text. The password never stands in it, even if the server sent it back.
[[nodiscard]] core::Error pg_connect_error(std::string_view message, const core::Secret& password);

/// Returns the typed error for a server's answer to a connection or a query.
[[nodiscard]] core::Error pg_server_error(std::string_view sqlstate, std::string_view text,
                                          const core::Secret& password, core::Phase phase);

} // namespace probe
