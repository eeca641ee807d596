// SPDX-License-Identifier: MIT
#include "health/check.hpp"

#include "health/own_trouble.hpp"

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

/// Whether the error says nothing about the target: the trouble is the observer's own, or the
/// target was just on its way down or up.
bool leaves_open(core::ErrorKind kind) {
    return kind == core::ErrorKind::cancelled || kind == core::ErrorKind::observer
           || kind == core::ErrorKind::permission || kind == core::ErrorKind::restarted;
}

} // namespace

core::Judgement judge_error(const core::Error& error, const core::CheckSpec& spec) {
    core::Judgement judgement;
    const bool open = leaves_open(error.kind);
    judgement.verdict = open ? core::Verdict::unknown : spec.when_unreachable;
    judgement.message = core::brief(error);
    judgement.remediation = error.hint;
    judgement.failure = open ? core::Failure::none : failure_of(error);
    if (error.kind == core::ErrorKind::observer && error.own != core::OwnTrouble::none)
        judgement.cause = own_finding(core::name(error.own));
    return judgement;
}

} // namespace health
