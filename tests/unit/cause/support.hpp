// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"

#include <string>

namespace sample {

/// A finding as the cause analysis sees one.
inline core::Finding failing(const std::string& id, const std::string& component,
                             core::Failure failure,
                             core::Verdict verdict = core::Verdict::critical) {
    core::Finding made;
    made.id = id;
    made.component = component;
    made.failure = failure;
    made.verdict = verdict;
    return made;
}

} // namespace sample
