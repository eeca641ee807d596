// SPDX-License-Identifier: MIT
#include "core/verdict.hpp"

namespace core {

void Summary::count(Verdict verdict) {
    switch (verdict) {
    case Verdict::skipped:
        ++skipped;
        break;
    case Verdict::ok:
        ++ok;
        break;
    case Verdict::warning:
        ++warning;
        break;
    case Verdict::unknown:
        ++unknown;
        break;
    case Verdict::critical:
        ++critical;
        break;
    }
}

Verdict worst(const Summary& summary) {
    if (summary.critical > 0) return Verdict::critical;
    if (summary.unknown > 0) return Verdict::unknown;
    if (summary.warning > 0) return Verdict::warning;
    if (summary.ok > 0) return Verdict::ok;
    return Verdict::unknown;
}

int exit_code(const Summary& summary, FailOn fail_on, UnknownPolicy policy) {
    Summary counted = summary;
    if (policy == UnknownPolicy::allowed) {
        counted.unknown = 0;
        if (counted.critical == 0 && counted.warning == 0) return 0;
    }
    switch (worst(counted)) {
    case Verdict::critical:
        return 2;
    case Verdict::warning:
        return fail_on == FailOn::warning ? 1 : 0;
    case Verdict::ok:
        return 0;
    case Verdict::unknown:
    case Verdict::skipped:
        break;
    }
    return 3;
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
    case Verdict::skipped:
        return "skipped";
    case Verdict::ok:
        return "ok";
    case Verdict::warning:
        return "warning";
    case Verdict::critical:
        return "critical";
    case Verdict::unknown:
        break;
    }
    return "unknown";
}

std::optional<Verdict> parse_verdict(std::string_view word) {
    for (auto verdict :
         {Verdict::skipped, Verdict::ok, Verdict::warning, Verdict::unknown, Verdict::critical}) {
        if (name(verdict) == word) return verdict;
    }
    return std::nullopt;
}

} // namespace core
