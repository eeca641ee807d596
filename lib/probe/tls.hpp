// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/http.hpp"

#include <cstdint>
#include <stop_token>
#include <string>

namespace probe {

/// Shakes hands with a TLS server and returns the certificate that it showed, good or not: what is
/// wrong with it stands in `verify_error`.
[[nodiscard]] core::Result<facts::Certificate>
observe_certificate(const std::string& host, std::uint16_t port, const config::Tls& tls,
                    core::Deadline deadline, std::stop_token stop);

} // namespace probe
