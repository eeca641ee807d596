// SPDX-License-Identifier: MIT
#pragma once

#include "core/verdict.hpp"

#include <string_view>

namespace core {

/// Everything about a check that is the same for every target. It feeds `--explain`, the docs and
/// the man page, so that nothing is said twice.
struct CheckSpec {
    std::string_view id{};          ///< "health.postgres-connections": command.family
    std::string_view title{};       ///< "Postgres connections"
    std::string_view group{};       ///< the overview's line: "postgres"
    std::string_view section{};     ///< playbook section: "daily/system-health-check"
    std::string_view what{};        ///< what it does, one or two sentences
    std::string_view why{};         ///< why it matters
    std::string_view threshold{};   ///< when it warns or alarms, with the default figures
    std::string_view setting{};     ///< the config key that changes it; empty when there is none
    std::string_view remediation{}; ///< the next step: a sentence or a command
    std::string_view reference{};   ///< manual section or RFC
    Verdict when_unreachable = Verdict::critical; ///< the verdict when the target can't be observed
    bool by_clock = false; ///< its figures are nothing without a wall clock that is right
};

} // namespace core
