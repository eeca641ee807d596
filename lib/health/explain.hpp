// SPDX-License-Identifier: MIT
#pragma once

#include "report/explain.hpp"

#include <string>
#include <string_view>

namespace health {

/// Returns what the check behind `id` does, of those of `health` (report::explain).
[[nodiscard]] std::string explain(std::string_view id, report::ExplainFormat format);

} // namespace health
