// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "facts/http.hpp"

#include <string>

namespace health {

/// Returns what an answer's headers or body lack of what is expected of the endpoint; empty when
/// they lack nothing. The status is not looked at.
[[nodiscard]] std::string unmet_expectation(const facts::Http& answer,
                                            const config::Endpoint& endpoint);

} // namespace health
