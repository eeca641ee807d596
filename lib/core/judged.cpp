// SPDX-License-Identifier: MIT
#include "core/judged.hpp"

#include <utility>

namespace core {

Finding identified(Judged judged, const CheckSpec& spec) {
    Finding finding;
    finding.id = std::string{spec.id} + "." + judged.subject;
    finding.title = spec.title;
    finding.group = spec.group;
    finding.playbook = spec.section;
    finding.subject = std::move(judged.subject);
    finding.component = judged.component.empty() ? finding.subject : std::move(judged.component);
    finding.target = std::move(judged.target);
    finding.duration = judged.duration;
    auto& judgement = judged.judgement;
    finding.verdict = judgement.verdict;
    finding.message = std::move(judgement.message);
    finding.brief = std::move(judgement.brief);
    finding.measured = std::move(judgement.measured);
    finding.evidence = std::move(judgement.evidence);
    finding.failure = judgement.failure;
    finding.since = judgement.since;
    finding.remediation = std::move(judgement.remediation);
    if (!judgement.cause.empty()) finding.caused_by = {std::move(judgement.cause)};
    const bool wants_step = finding.verdict != Verdict::ok && finding.verdict != Verdict::skipped;
    if (wants_step && finding.remediation.empty()) finding.remediation = spec.remediation;
    return finding;
}

} // namespace core
