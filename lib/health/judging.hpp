// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"
#include "core/units.hpp"

#include <string>

namespace health {

/// Starts a judgement; the rest of its fields are set by the judge that calls it.
[[nodiscard]] core::Judgement ok(std::string message, std::string brief = {});
[[nodiscard]] core::Judgement warning(std::string message);
[[nodiscard]] core::Judgement critical(std::string message);
[[nodiscard]] core::Judgement unknown(std::string message);

/// Says why something is not judged; never counts as success.
[[nodiscard]] core::Judgement skipped(std::string reason);

/// A share measured against its limit: a warning from `limit` on, critical from `grave` on.
struct ShareLimit {
    core::Percent limit{};
    core::Percent grave{100};
};

/// Judges `share`; `what` is the figure in words ("182 of 200 GiB"), shown before the limit.
[[nodiscard]] core::Judgement judge_share(core::Percent share, ShareLimit limit,
                                          const std::string& what, std::string brief);

/// From this share on a resource that ends at 100 % is critical: little is left to act in.
inline constexpr core::Percent k_nearly_full{97};

/// Returns the share `part` is of `whole` in percent; 0 when there is no whole.
[[nodiscard]] core::Percent share_of(double part, double whole);

/// Returns a figure for `measured`.
[[nodiscard]] core::Measured figure(double value, std::string unit);

} // namespace health
