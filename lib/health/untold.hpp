// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "core/finding.hpp"

#include <string>
#include <string_view>

namespace health {

/// Judges what a server that answers was asked for and did not tell: skipped where it has no such
/// thing (an error of kind missing), else unknown. `what` begins the message: "the rules".
[[nodiscard]] core::Judgement judge_untold(std::string_view what, const core::Error& error);

/// Judges what a server tells only once it is ready; `cause` is the id of the finding that says so.
[[nodiscard]] core::Judgement judge_not_ready(std::string_view what, std::string cause);

} // namespace health
