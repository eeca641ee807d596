// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace report {

/// Returns the plugin interface's exit code for one of ours: 0, 1 and 2 as they are, 3 for
/// everything else. Source: Monitoring Plugins Development Guidelines, "Plugin Return Codes".
[[nodiscard]] constexpr int nagios_exit_code(int exit_code) {
    return exit_code >= 0 && exit_code <= 2 ? exit_code : 3;
}

/// Returns the one line for a run that produced no report: "GALLERY-OPS UNKNOWN - …".
[[nodiscard]] std::string nagios_problem(std::string_view message);

} // namespace report
