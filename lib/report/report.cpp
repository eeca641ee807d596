// SPDX-License-Identifier: MIT
#include "report/report.hpp"

namespace report {

core::Summary summarise(const Report& report) {
    core::Summary summary;
    for (const auto& finding : report.findings)
        summary.count(finding.verdict);
    return summary;
}

core::Verdict verdict(const Report& report) {
    return core::worst(summarise(report));
}

} // namespace report
