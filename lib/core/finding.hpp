// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/verdict.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace core {

/// A figure that a judgement rests on. `expected` is prose for equality ("200"); `warn` and `crit`
/// are limits in the same unit, where the check has some (Nagios ranges and perfdata need them).
struct Measured {
    std::variant<double, std::int64_t, std::string> value{};
    std::string unit{}; ///< "status", "%", "bytes", "s", "count", …
    std::string expected{};
    std::optional<double> warn{};
    std::optional<double> crit{};
    std::optional<double> max{};
    bool at_least = false; ///< it is bad to be below the limits (days of a certificate), not above

    bool operator==(const Measured&) const = default;
};

/// What a person would have looked for: a log line, a certificate's dates, a firing alert.
struct Evidence {
    std::string kind{}; ///< "log", "http", "alert", "health-check", …
    std::string text{};

    bool operator==(const Evidence&) const = default;
};

struct Location {
    std::string file{};
    int line = 0;
    int column = 0;
    int end_line = 0;

    bool operator==(const Location&) const = default;
};

/// How a target failed, as far as the cause analysis must know.
enum class Failure : std::uint8_t {
    none,
    stopped,   ///< it is not running: exited, missing, created, dead
    paused,    ///< frozen
    killed,    ///< out of memory, or killed by a signal that nobody asked for
    cut,       ///< it runs, and nothing comes back from its network address
    crashing,  ///< it ends by itself with an error, again and again or once
    unhealthy, ///< it runs and says that it is not well (health check, 5xx)
    refused,   ///< nothing listens
    timeout,   ///< no answer in time
    dns,       ///< its name does not resolve
    broken,    ///< an answer that the protocol does not allow, a reset, a TLS failure
    slow,      ///< it answers, or works off its queue, later than it may
    limit,     ///< a measured figure passed its limit
    reported,  ///< another observer (Prometheus, Alertmanager) reports it
};

/// Returns whether nothing answered at all, so that nothing more was seen either.
[[nodiscard]] constexpr bool gave_no_answer(Failure failure) {
    return failure == Failure::refused || failure == Failure::timeout || failure == Failure::dns
           || failure == Failure::broken;
}

/// All that a judge returns. The default is unknown: forgetting to decide never reads as OK.
struct Judgement {
    Verdict verdict = Verdict::unknown;
    std::string message{}; ///< what was seen, against which limit; one line
    std::string brief{};   ///< a few words for the group's line when all is well ("84 of 256 MiB")
    std::optional<Measured> measured{};
    std::vector<Evidence> evidence{};
    std::string remediation{}; ///< replaces the spec's when it can be more exact
    std::string cause{};       ///< id of the finding it follows from, where the judge knows it
    Failure failure = Failure::none;
    std::optional<Time> since{};

    bool operator==(const Judgement&) const = default;
};

/// How often a problem has come up, as earlier runs saw it: tells what flaps from what changed.
struct Recurrence {
    int times = 0;               ///< how often it became a problem, this time included
    std::chrono::hours window{}; ///< within the last so many hours
    std::optional<Time> began{}; ///< start of the first run that saw this trouble, if not this one

    bool operator==(const Recurrence&) const = default;
};

/// One judged fact with its identity, as it stands in the report.
struct Finding {
    std::string id{};    ///< "health.http.frontend": command.family.subject
    std::string title{}; ///< the check's title
    std::string group{}; ///< the line of the overview that it belongs to: "endpoints", "host"
    Verdict verdict = Verdict::unknown;
    std::string subject{};   ///< what it is about: a service, an endpoint, a mount point
    std::string component{}; ///< the service of the gallery behind it, as far as known
    std::string target{};    ///< what was asked: a URL or a path, secrets masked
    std::string message{};
    std::string brief{};
    std::optional<Measured> measured{};
    std::vector<std::string> caused_by{}; ///< ids of findings; annotation, changes no verdict
    std::vector<Evidence> evidence{};
    std::optional<Location> location{};
    std::string owner{};
    std::string contact{};
    std::string escalation{};
    std::string playbook{}; ///< section: "daily/system-health-check"
    std::string remediation{};
    Failure failure = Failure::none;
    std::optional<Time> since{};
    std::optional<Recurrence> recurrence{}; ///< of a problem, where there is a history
    std::chrono::microseconds duration{};

    bool operator==(const Finding&) const = default;
};

} // namespace core
