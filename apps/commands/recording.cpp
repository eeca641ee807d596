// SPDX-License-Identifier: MIT
#include "commands/recording.hpp"

#include "commands/look.hpp"
#include "commands/setup.hpp"
#include "config/load.hpp"
#include "core/error.hpp"
#include "record/folder.hpp"
#include "record/recording.hpp"
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

/// Returns what a look has seen and what its report says of the run, to be kept.
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

/// Returns a report that says of the run what the recorded one said, still without findings.
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

/// Reports what was recorded, in the time zone of the recorded run.
int report_again(const cli::Context& context, const record::Recording& recording) {
    const record::InZone zone(recording.head.zone, recording.head.run.started_at);
    auto report = report_of(recording.head);
    judge(report, recording.config, recording.seen, context.options());
    return context.emit(std::move(report));
}

} // namespace

int look_and_record(const cli::Context& context, const std::string& folder) {
    record::NewFolder kept_in(folder);
    const auto deadline = context.deadline(default_deadline(context.options()));
    Memory memory(context); // what it knows is recorded too; the run itself is not remembered
    auto [report, gathered] = observe(context, load_config(context.options()),
                                      gather_options(context, deadline), &memory);
    report.interrupted = context.stop().stop_requested();
    const auto kept = kept_in.keep(recording_of(report, gathered));
    // Not what was seen is judged, but what a replay will read: so they can't differ.
    if (kept) return report_again(context, *kept);
    report.notes.push_back(core::describe(kept.error()));
    judge(report, gathered.config, gathered.seen, context.options());
    return context.emit(std::move(report), core::k_exit_internal);
}

int replay(const cli::Context& context, const std::string& folder) {
    return report_again(context, record::load(folder));
}

} // namespace commands
