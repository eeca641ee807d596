// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace support {

/// A report made up for a test, with the name that its golden files carry.
struct SampleReport {
    std::string name{};
    report::Report report{};
};

/// 2026-01-05T08:05:12Z, the moment of all samples.
[[nodiscard]] core::Time sample_now();

/// Returns all samples: a bad day, a good day, what could not be checked, names and texts of every
/// awkward kind, every kind of block.
[[nodiscard]] const std::vector<SampleReport>& sample_reports();

/// Returns the sample called `name`; it must exist.
[[nodiscard]] const report::Report& sample_report(std::string_view name);

} // namespace support
