// SPDX-License-Identifier: MIT
#include "core/mask.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/words.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace logs {
namespace {

constexpr std::size_t k_most_examples = 3;

/// What servers log as an error though only the client is at fault: a file that does not exist, a
/// connection that it broke off, a sign-in that failed (a detector of its own judges those).
constexpr std::array<std::string_view, 20> k_client_faults{
    "failed (2: No such file or directory)",
    "is not found (2: No such file or directory)",
    "File does not exist",
    "directory index of",
    "Directory index forbidden",
    "access forbidden by rule",
    "client sent invalid",
    "client intended to send too large",
    "Client sent malformed Host header",
    "prematurely closed connection while sending to client",
    "SSL_do_handshake() failed",
    "Invalid method in request",
    "Invalid URI in request",
    "request failed: error reading the headers",
    "client denied by server configuration",
    "password authentication failed for user",
    "no pg_hba.conf entry for host",
    "limiting requests",
    "limiting connections",
    "user unknown"};

bool is_client_fault(std::string_view message) {
    return std::ranges::any_of(
        k_client_faults, [&](auto part) { return message.find(part) != std::string_view::npos; });
}

struct Errors {
    std::int64_t count = 0;
    Level worst = Level::none;
    std::optional<core::Time> first{};
    std::vector<std::pair<const Template*, std::int64_t>> kinds{}; ///< with how often it was here
};

using ByService = std::map<std::string, Errors>;

ByService collect(const Summary& summary) {
    ByService all;
    for (const auto& source : summary.sources)
        all[source.service];
    for (const auto& one : summary.mined.templates) {
        if (one.seen.worst < Level::error || is_client_fault(one.example)) continue;
        if (one.acknowledged) continue;
        for (const auto& [stream, count] : one.seen.streams) {
            auto& errors = all[summary.sources.at(stream).service];
            errors.count += count;
            errors.worst = std::max(errors.worst, one.seen.worst);
            if (one.seen.first && (!errors.first || *one.seen.first < *errors.first))
                errors.first = one.seen.first;
            errors.kinds.emplace_back(&one, count);
        }
    }
    return all;
}

core::Evidence example_of(const Template& one, std::int64_t count) {
    const auto known = one.is_new ? std::string{", new"}
                       : one.known_since
                           ? ", known since " + core::format_utc(*one.known_since).substr(0, 10)
                           : std::string{};
    return {"log", fmt::format("×{} {}{}  {}", count, one.id, known, shown(one.example))};
}

/// The lines around the first one.
std::string next_step(const std::string& command, const Errors& errors) {
    if (!errors.first) return command + " -v";
    return fmt::format("{} --since {} -v", command,
                       core::format_utc(*errors.first - std::chrono::minutes{1}));
}

core::Judged judge(const std::string& service, Errors errors, const std::string& command) {
    core::Judged judged{.subject = service, .component = service};
    auto& judgement = judged.judgement;
    judgement.measured = core::Measured{.value = errors.count, .unit = "count", .warn = 1};
    if (errors.count == 0) {
        judgement.verdict = core::Verdict::ok;
        judgement.message = judgement.brief = "no errors";
        return judged;
    }
    std::ranges::sort(errors.kinds,
                      [](const auto& a, const auto& b) { return a.second > b.second; });
    judgement.verdict =
        errors.worst == Level::critical ? core::Verdict::critical : core::Verdict::warning;
    judgement.message =
        fmt::format("{} of {}, most often: {}", core::count_of(errors.count, "error"),
                    core::count_of(std::ssize(errors.kinds), "kind"),
                    core::cut_end(shown(errors.kinds.front().first->text), 100));
    judgement.since = errors.first;
    judgement.remediation = next_step(command, errors);
    for (const auto& [one, count] : errors.kinds) {
        if (judgement.evidence.size() == k_most_examples) break;
        judgement.evidence.push_back(example_of(*one, count));
    }
    return judged;
}

class ErrorWatcher : public Watcher {
  public:
    std::vector<core::Judged> judge(const Summary& summary) override {
        std::vector<core::Judged> all;
        for (auto& [service, errors] : collect(summary))
            all.push_back(logs::judge(service, std::move(errors), command_for(summary, service)));
        return all;
    }
};

} // namespace

extern const Detector k_errors;
const Detector k_errors{
    {.id = "logs.errors",
     .title = "Errors",
     .group = "errors",
     .section = "daily/log-review",
     .what =
         "Counts what is logged as an error or worse, by service and kind of message, with when "
         "it was first seen and an example.",
     .why = "An error that nobody reads comes back as an outage.",
     .threshold = "Warning from the first error on, critical for what is logged as critical, fatal "
                  "or panic. What only a client did wrong (a file that does not exist, a broken "
                  "connection, a failed sign-in) is none.",
     .remediation = "gallery-ops logs --service NAME -v: every kind of message",
     .reference = "playbook, daily log review"},
    start_watcher<ErrorWatcher>};

} // namespace logs
