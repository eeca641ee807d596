// SPDX-License-Identifier: MIT
#pragma once

#include "report/report.hpp"

namespace report {

/// Whether a finding that the report lacks is really not there: everything was asked for, and
/// nothing was out of sight. With the Engine down no container has a finding, and yet none is well.
[[nodiscard]] bool saw_everything(const Report& report);

} // namespace report
