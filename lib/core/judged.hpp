// SPDX-License-Identifier: MIT
#pragma once

#include "core/check_spec.hpp"
#include "core/finding.hpp"

#include <chrono>
#include <string>

namespace core {

/// A judgement about one subject, before it gets its identity.
struct Judged {
    std::string subject{};   ///< last part of the finding's id
    std::string component{}; ///< compose service behind it; empty: called like the subject
    std::string target{};
    std::chrono::microseconds duration{};
    Judgement judgement{};
};

/// Makes a finding of it: the check's id, title, group and section, and its next step where the
/// judgement has none of its own.
[[nodiscard]] Finding identified(Judged judged, const CheckSpec& spec);

} // namespace core
