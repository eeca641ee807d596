// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"
#include "core/units.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace health {

/// Starts a judgement; the rest of its fields are set by the judge that calls it.
[[nodiscard]] core::Judgement ok(std::string message, std::string brief = {});
[[nodiscard]] core::Judgement warning(std::string message);
[[nodiscard]] core::Judgement critical(std::string message);
[[nodiscard]] core::Judgement unknown(std::string message);

/// Says why something is not judged; never counts as success.
[[nodiscard]] core::Judgement skipped(std::string reason);

/// A share measured against its limit: a warning from `limit` on, critical from `grave` on, or from
/// `limit` on where that is the higher one.
struct ShareLimit {
    core::Percent limit{};
    std::optional<core::Percent> grave{}; ///< nothing: never critical
};

/// Judges `share`; `words` say what it is, with "{}" where the figure stands:
/// "memory {}, 84 of 256 MiB". The limit is added. A share of 0 is within every limit; one that is
/// no number is unknown.
[[nodiscard]] core::Judgement judge_share(core::Percent share, ShareLimit limit,
                                          std::string_view words, std::string brief);

/// From this share on a resource that ends at 100 % is critical: little is left to act in.
inline constexpr core::Percent k_nearly_full{97};

/// Returns the share `part` is of `whole` in percent; 0 when there is no whole.
[[nodiscard]] core::Percent share_of(double part, double whole);

/// Returns a figure for `measured`.
[[nodiscard]] core::Measured figure(double value, std::string unit);

/// Returns a time as a text; it may come from a file or a query, and so be no number or any.
[[nodiscard]] std::string show_seconds(double seconds);

} // namespace health
