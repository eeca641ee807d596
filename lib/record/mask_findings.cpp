// SPDX-License-Identifier: MIT
#include "record/mask_findings.hpp"

#include "core/mask.hpp"
#include "record/known_secrets.hpp"

#include <utility>

namespace record {

void mask_findings(std::vector<core::Finding>& findings, const config::Config& config,
                   const facts::Observations& seen) {
    const KnownSecrets known(config, seen);
    for (auto& finding : findings) {
        for (auto* text : {&finding.message, &finding.brief}) {
            if (!text->empty()) *text = core::mask_shown(known.mask_words(std::move(*text)));
        }
        if (!finding.remediation.empty())
            finding.remediation = core::mask_urls(known.mask_words(std::move(finding.remediation)));
        if (!finding.target.empty()) finding.target = core::mask_urls(finding.target);
        for (auto& evidence : finding.evidence)
            evidence.text = core::mask_shown(known.mask_words(std::move(evidence.text)));
    }
}

} // namespace record
