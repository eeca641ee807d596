// SPDX-License-Identifier: MIT
#include "health/check.hpp"

namespace health {
namespace {

core::Failure failure_of(const core::Error& error) {
    switch (error.kind) {
    case core::ErrorKind::refused:
        return core::Failure::refused;
    case core::ErrorKind::timeout:
        return core::Failure::timeout;
    case core::ErrorKind::unreachable:
        return error.phase == core::Phase::dns ? core::Failure::dns : core::Failure::refused;
    default:
        return core::Failure::broken;
    }
}

/// Whether the trouble is the observer's own, which says nothing about the target.
bool is_ours(core::ErrorKind kind) {
    return kind == core::ErrorKind::cancelled || kind == core::ErrorKind::observer
           || kind == core::ErrorKind::permission;
}

} // namespace

core::Judgement judge_error(const core::Error& error, const core::CheckSpec& spec) {
    core::Judgement judgement;
    judgement.verdict = is_ours(error.kind) ? core::Verdict::unknown : spec.when_unreachable;
    judgement.message = core::brief(error);
    judgement.remediation = error.hint;
    judgement.failure = is_ours(error.kind) ? core::Failure::none : failure_of(error);
    return judgement;
}

} // namespace health
