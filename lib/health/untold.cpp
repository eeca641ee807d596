// SPDX-License-Identifier: MIT
#include "health/untold.hpp"

#include "health/judging.hpp"

#include <fmt/format.h>

#include <utility>

namespace health {

core::Judgement judge_untold(std::string_view what, const core::Error& error) {
    const auto message = fmt::format("{} not told: {}", what, core::brief(error));
    if (error.kind == core::ErrorKind::missing) return skipped(message);
    auto made = unknown(message);
    made.remediation = error.hint;
    return made;
}

core::Judgement judge_not_ready(std::string_view what, std::string cause) {
    auto made = unknown(fmt::format("{} not told: the server is not ready", what));
    made.cause = std::move(cause);
    return made;
}

} // namespace health
