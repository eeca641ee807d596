// SPDX-License-Identifier: MIT
#pragma once

#include "report/render.hpp"
#include "report/report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace report {

/// Returns the report in the shape of schema "gallery-ops/report/1". Text is made valid UTF-8
/// without control characters; only new lines stay.
[[nodiscard]] nlohmann::ordered_json to_json(const Report& report, const RenderOptions& options);

/// Returns one finding as it stands in `findings`.
[[nodiscard]] nlohmann::ordered_json to_json(const core::Finding& finding);

/// Returns everything but findings and details: what the run was and what it came to.
[[nodiscard]] nlohmann::ordered_json summary_json(const Report& report,
                                                  const RenderOptions& options);

} // namespace report
