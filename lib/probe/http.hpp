// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/http.hpp"

#include <span>
#include <stop_token>
#include <vector>

namespace probe {

/// Asks all endpoints side by side, in the order given. An https endpoint brings its certificate
/// along; one whose certificate is not acceptable is still looked at: the error is of kind tls and
/// its reason names what is wrong with which certificate (expired when, which names, which issuer).
[[nodiscard]] std::vector<core::Result<facts::Http>>
observe_http(std::span<const config::Endpoint> endpoints, core::Deadline deadline,
             std::stop_token stop);

} // namespace probe
