// SPDX-License-Identifier: MIT
#include "commands/recording.hpp"

#include "config/load.hpp"
#include "record/zone.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace commands {
namespace {

/// The variables by which a run finds its gallery and shows it; told to whoever reads a recording,
/// and not read by a replay.
std::map<std::string, std::string> telling_environment() {
    const auto env = config::process_environment();
    std::map<std::string, std::string> told;
    for (const char* name :
         {"COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "DOCKER_CONTEXT", "DOCKER_HOST",
          "DOCKER_TLS_VERIFY", "GALLERY_OPS_CONFIG", "LANG", "LC_ALL", "TZ"}) {
        if (const auto value = env(name)) told.emplace(name, *value);
    }
    return told;
}

} // namespace

record::Recording recording_of(const report::Report& report, const probe::Gathered& gathered) {
    record::Recording recording;
    recording.head.version = GALLERY_OPS_VERSION;
    recording.head.run = {.command = report.command,
                          .host = report.host,
                          .run_id = report.run_id,
                          .started_at = report.started_at,
                          .duration = report.duration,
                          .interrupted = report.interrupted,
                          .shown_at = std::chrono::system_clock::now()};
    recording.head.zone = record::zone_at(report.started_at);
    recording.head.environment = telling_environment();
    recording.config = gathered.config;
    recording.seen = gathered.seen;
    return recording;
}

report::Report report_of(const record::Head& head) {
    report::Report report;
    report.command = head.run.command;
    report.host = head.run.host;
    report.run_id = head.run.run_id;
    report.started_at = head.run.started_at;
    report.duration = head.run.duration;
    report.interrupted = head.run.interrupted;
    report.shown_at = head.run.shown_at;
    if (head.version != GALLERY_OPS_VERSION)
        report.notes.push_back(fmt::format("recorded by gallery-ops {}, judged by {}", head.version,
                                           GALLERY_OPS_VERSION));
    return report;
}

} // namespace commands
