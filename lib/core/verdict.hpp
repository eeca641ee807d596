// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace core {

/// What a judgement comes to. The order is the order of gravity, so that `std::max` and `worst`
/// agree: critical > unknown > warning > ok. `skipped` is a disposition, not a result, and loses
/// every comparison.
enum class Verdict : std::uint8_t { skipped, ok, warning, unknown, critical };

/// How many findings ended in each verdict.
struct Summary {
    int ok = 0;
    int warning = 0;
    int critical = 0;
    int unknown = 0;
    int skipped = 0;

    void count(Verdict verdict);

    [[nodiscard]] int total() const { return ok + warning + critical + unknown + skipped; }

    bool operator==(const Summary&) const = default;
};

/// From which verdict on a run ends with a non-zero exit code (`--fail-on`).
enum class FailOn : std::uint8_t { warning, critical };

/// Whether a run that could not check everything may still succeed (`--allow-unknown`).
enum class UnknownPolicy : std::uint8_t { fails, allowed };

/// Exit codes that are not verdicts. Sources: sysexits.h for 64, 70 and 78; 128 + SIGINT for 130.
inline constexpr int k_exit_usage = 64;
inline constexpr int k_exit_internal = 70;
inline constexpr int k_exit_config = 78;
inline constexpr int k_exit_interrupted = 130;

[[nodiscard]] constexpr Verdict worst(Verdict a, Verdict b) {
    return a > b ? a : b;
}

/// Returns the verdict of a whole run. A run that judged nothing is unknown: OK must be earned.
[[nodiscard]] Verdict worst(const Summary& summary);

/// Returns the exit code of a run: 0 ok, 1 warning, 2 critical, 3 unknown. `FailOn::critical` turns
/// a warning into 0; unknown stays 3 unless the policy allows it, and then the graver of the other
/// verdicts decides, so that an allowed unknown never hides a warning.
[[nodiscard]] int exit_code(const Summary& summary, FailOn fail_on, UnknownPolicy policy);

/// Returns the lower-case word used in every output format.
[[nodiscard]] std::string_view name(Verdict verdict);

/// Returns the verdict that `word` names, or nothing.
[[nodiscard]] std::optional<Verdict> parse_verdict(std::string_view word);

} // namespace core
