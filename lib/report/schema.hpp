// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace report {

inline constexpr std::string_view k_report_schema = "gallery-ops/report/1";

/// Returns the JSON Schema (draft 2020-12) of the report in JSON. Fields may be added; a document
/// of an older version stays valid.
[[nodiscard]] std::string_view json_schema();

} // namespace report
