// SPDX-License-Identifier: MIT
#pragma once

#include "report/render.hpp"

#include <string>

// A new format is a file in formats/ that defines `const Format` in namespace report::format, and
// its line in formats.cpp.

namespace report {

/// Returns a local time with its zone: "08:01 CET", with the date when it is not today's.
[[nodiscard]] std::string local_time(core::Time time, core::Time now);

/// Returns a figure without its unit: "502", "91.2", "ready".
[[nodiscard]] std::string value_text(const core::Measured& measured);

} // namespace report
