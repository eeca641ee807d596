// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "core/check_spec.hpp"
#include "core/judged.hpp"
#include "facts/observations.hpp"

#include <string>
#include <vector>

namespace health {

using core::Judged;

/// One check: what it is, and the pure function from all observations to judgements.
struct Check {
    core::CheckSpec spec{};
    std::vector<Judged> (*judge)(const facts::Observations&, const config::Config&,
                                 const core::CheckSpec&) = nullptr;
};

/// Turns the error of an observation into a judgement, in the one place that decides between
/// unknown and critical: what is wrong with the target is the spec's `when_unreachable`; what is
/// wrong with the observer (cancelled, no permission, no descriptors) is always unknown, and
/// follows from its finding health.self.… where there is one.
[[nodiscard]] core::Judgement judge_error(const core::Error& error, const core::CheckSpec& spec);

/// Judges every target of one kind by a function of its facts: the error of a target that could not
/// be observed is judged by `judge_error`.
template <auto Targets, auto JudgeFacts>
std::vector<Judged> each(const facts::Observations& seen, const config::Config& config,
                         const core::CheckSpec& spec) {
    std::vector<Judged> all;
    for (const auto& target : seen.*Targets) {
        auto judgement = target.result ? JudgeFacts(*target.result, config, seen.now)
                                       : judge_error(target.result.error(), spec);
        all.push_back(
            {target.name, target.service, target.target, target.duration, std::move(judgement)});
    }
    return all;
}

/// As `each`, for the finer figures of a target: nothing is said about one that was not observed,
/// since the check of its kind says it once.
template <auto Targets, auto JudgeFacts>
std::vector<Judged> each_observed(const facts::Observations& seen, const config::Config& config,
                                  const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& target : seen.*Targets) {
        if (!target.result) continue;
        all.push_back({target.name, target.service, target.target, target.duration,
                       JudgeFacts(*target.result, config, seen.now)});
    }
    return all;
}

} // namespace health
