// SPDX-License-Identifier: MIT
#include "report/completeness.hpp"

#include <algorithm>

namespace report {

bool saw_everything(const Report& report) {
    if (report.interrupted || report.narrowed) return false;
    return std::ranges::none_of(report.findings, [](const core::Finding& finding) {
        return core::gave_no_answer(finding.failure) || finding.verdict == core::Verdict::unknown;
    });
}

} // namespace report
