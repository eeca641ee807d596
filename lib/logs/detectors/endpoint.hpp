// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <string>

namespace logs {

/// Returns which endpoint a request was for: "GET /artworks/<num>", without the query and with a
/// placeholder for each part of the path that names one thing of many. "no HTTP" for what was none.
[[nodiscard]] std::string endpoint_of(const Request& request);

} // namespace logs
