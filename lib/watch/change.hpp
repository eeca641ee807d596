// SPDX-License-Identifier: MIT
#pragma once

#include "core/finding.hpp"
#include "report/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watch {

/// What became of a finding between two looks.
enum class ChangeKind : std::uint8_t {
    initial,  ///< it stood when the watch began
    appeared, ///< well, or not there, before; a problem now
    worse,    ///< a graver problem than before
    better,   ///< a lesser problem than before
    resolved, ///< a problem before, well now
    gone,     ///< a problem before; no longer looked at, which is not the same as well
    flapping, ///< it changes too often to tell each change
    settled,  ///< it flapped and has been steady for a while
};

/// Returns the lower-case word that lines and JSON use; "new" for `appeared`.
[[nodiscard]] std::string_view name(ChangeKind kind);

/// A change that is to be told.
struct Change {
    ChangeKind kind = ChangeKind::appeared;
    core::Finding finding{};                 ///< as it is now; as it was last seen when it is gone
    std::optional<core::Verdict> before{};   ///< nothing: there was no such finding
    std::optional<core::Time> before_from{}; ///< since when `before` was told
    int count = 0;                           ///< of changes, for `flapping`
    std::chrono::minutes window{};           ///< in which they happened
    std::vector<std::string> others{};       ///< for a `gone` that stands for many: the subjects

    bool operator==(const Change&) const = default;
};

/// Whether a verdict asks for a person: neither ok nor skipped.
[[nodiscard]] constexpr bool is_problem(core::Verdict verdict) {
    return verdict > core::Verdict::ok;
}

/// Returns what a step from `before` to `now` is, or nothing when there is nothing to tell: both
/// are well, or both are the same. Absence and `skipped` are the same: not looked at.
[[nodiscard]] std::optional<ChangeKind> kind_of(std::optional<core::Verdict> before,
                                                std::optional<core::Verdict> now);

/// Returns the findings of a report by their id, each id once (the gravest of its findings), causes
/// before consequences and the gravest first.
[[nodiscard]] std::vector<const core::Finding*> in_order(const report::Report& report);

/// Returns what changed from one look to the next, without any delay: the verdicts count, a message
/// that reads differently is no change. Causes stand before consequences.
[[nodiscard]] std::vector<Change> transitions(const report::Report& before,
                                              const report::Report& after);

/// Returns a change for each problem of the first look.
[[nodiscard]] std::vector<Change> initial_state(const report::Report& report);

} // namespace watch
