// SPDX-License-Identifier: MIT
#pragma once

#include "logs/detectors/detector.hpp"

#include <span>

namespace logs {

/// Returns every detector, in the order of the report.
[[nodiscard]] std::span<const Detector* const> detectors();

/// Returns the words for what could not be read: those of logs.read.
[[nodiscard]] const core::CheckSpec& reading_spec();

} // namespace logs
