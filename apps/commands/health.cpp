// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "cli/command.hpp"
#include "commands/recording.hpp"
#include "commands/setup.hpp"
#include "core/text.hpp"
#include "health/catalogue.hpp"
#include "health/explain.hpp"
#include "health/narrow.hpp"
#include "health/overview.hpp"
#include "probe/gather.hpp"
#include "record/folder.hpp"
#include "record/zone.hpp"
#include "report/enrich.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace commands {
namespace {

using namespace std::chrono_literals;

struct Options {
    std::optional<core::Duration> wait{};
    std::string explain{};
    std::optional<std::string> record{};
    std::optional<std::string> replay{};
};

/// Without --deadline: two probes one after the other (the Engine's, then those discovered by it)
/// and some time to judge.
core::Duration default_deadline(const cli::GlobalOptions& options) {
    return 2 * options.timeout + 2s;
}

/// Judges what was seen, explains it and says who acts: all of a report but the run itself.
void judge(report::Report& report, const config::Config& config, const facts::Observations& seen,
           const cli::GlobalOptions& asked) {
    report.findings = health::judge(seen, config);
    cause::annotate(report.findings, cause::dependencies(seen));
    report.project = config.project;
    report.scope = health::scope(seen, config);
    for (auto& note : health::notes(seen))
        report.notes.push_back(std::move(note));
    report.details.push_back(health::services_block(seen, config, report.findings));
    health::narrow(report.findings, {asked.components, asked.only, asked.skip});
    report::enrich(report, config.owners, config.contacts);
}

std::chrono::milliseconds since(core::Deadline::Clock::time_point began) {
    return std::chrono::ceil<std::chrono::milliseconds>(core::Deadline::Clock::now() - began);
}

report::Report look(cli::Context& context, const config::Config& config, core::Deadline deadline) {
    auto report = context.start_report("health");
    const auto began = core::Deadline::Clock::now();
    const auto gathered = probe::gather(config, gather_options(context, deadline));
    judge(report, gathered.config, gathered.seen, context.options());
    report.duration = since(began);
    return report;
}

bool succeeds(const report::Report& report, const cli::GlobalOptions& options) {
    return core::exit_code(report::summarise(report), options.fail_on, options.unknown) == 0;
}

/// Returns what is still awaited, for the progress line: "waiting for api: health check fails; 2
/// more".
std::string still_waiting(const report::Report& report) {
    const core::Finding* first = nullptr;
    int more = 0;
    for (const auto& finding : report.findings) {
        if (finding.verdict <= core::Verdict::ok || !finding.caused_by.empty()) continue;
        if (first == nullptr || finding.verdict > first->verdict) {
            more += first != nullptr ? 1 : 0;
            first = &finding;
        } else {
            ++more;
        }
    }
    if (first == nullptr) return "waiting";
    const auto rest = more > 0 ? fmt::format("; {} more", more) : std::string{};
    return fmt::format("waiting for {}: {}{}", first->subject, first->message, rest);
}

/// Sleeps until `until` or a stop.
void pause(const std::stop_token& stop, core::Deadline until) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_until(lock, stop, until.at(), [] { return false; });
}

/// Looks again and again until all is well or the time is over; the last look is the report.
report::Report wait_until_well(cli::Context& context, const config::Config& config,
                               core::Duration wait) {
    const auto until = core::Deadline::after(wait);
    for (;;) {
        const auto look_until =
            core::Deadline::after(default_deadline(context.options()))
                .sooner(context.deadline(wait + default_deadline(context.options())));
        auto report = look(context, config, look_until);
        if (succeeds(report, context.options()) || until.passed()
            || context.stop().stop_requested())
            return report;
        context.progress(still_waiting(report));
        pause(context.stop(), until.within(1s));
    }
}

int replay(cli::Context& context, const record::Recording& recording) {
    const record::InZone zone(recording.head.zone, recording.head.run.started_at);
    auto report = report_of(recording.head);
    judge(report, recording.config, recording.seen, context.options());
    return context.emit(std::move(report));
}

/// Looks once, and judges not what it saw but what a replay will read: so they can't differ.
int look_and_record(cli::Context& context, const config::Config& config, record::NewFolder folder) {
    auto report = context.start_report("health");
    const auto began = core::Deadline::Clock::now();
    const auto until = context.deadline(default_deadline(context.options()));
    const auto gathered = probe::gather(config, gather_options(context, until));
    report.duration = since(began);
    report.interrupted = context.stop().stop_requested();
    const auto kept = folder.keep(recording_of(report, gathered));
    if (kept) return replay(context, *kept);
    report.notes.push_back(core::describe(kept.error()));
    judge(report, gathered.config, gathered.seen, context.options());
    return context.emit(std::move(report), core::k_exit_internal);
}

/// Refuses options that say nothing together.
void check(const Options& options, const cli::GlobalOptions& global) {
    const bool records = options.record.has_value();
    const bool replays = options.replay.has_value();
    if (records && replays) throw core::UsageError("--record and --replay: choose one of them");
    if (options.wait && (records || replays))
        throw core::UsageError(fmt::format("--wait looks many times, {} is about one look",
                                           records ? "--record" : "--replay"));
    if (replays && global.config)
        throw core::UsageError("--replay takes the configuration from the recording, not --config");
}

health::ExplainFormat explain_format(const cli::GlobalOptions& options) {
    const bool json = std::ranges::any_of(
        options.outputs, [](const auto& output) { return output.format->name == "json"; });
    return json ? health::ExplainFormat::json : health::ExplainFormat::text;
}

int run(cli::Context& context, const Options& options) {
    if (!options.explain.empty())
        return context.print(health::explain(options.explain, explain_format(context.options())));
    check(options, context.options());
    if (options.replay) return replay(context, record::load(*options.replay));
    if (options.record)
        return look_and_record(context, load_config(context.options()),
                               record::NewFolder(*options.record));
    const auto config = load_config(context.options());
    auto report =
        options.wait ? wait_until_well(context, config, *options.wait)
                     : look(context, config, context.deadline(default_deadline(context.options())));
    return context.emit(std::move(report));
}

cli::Run bind(CLI::App& app) {
    auto options = std::make_shared<Options>();
    cli::add_duration(app, "--wait", options->wait,
                      "look again and again until all is well, at most this long");
    app.add_option("--explain", options->explain,
                   "say what a check does, its threshold and how to change it; 'all' lists them")
        ->type_name("ID");
    app.add_option("--record", options->record,
                   "also save what was seen, without secrets, in this new folder: for a bug report")
        ->type_name("DIR");
    app.add_option("--replay", options->replay,
                   "judge the look saved in this folder again; asks no server")
        ->type_name("DIR");
    return [options](cli::Context& context) { return run(context, *options); };
}

constexpr std::array k_examples{
    cli::Example{"gallery-ops health", "look at the gallery that runs under docker-compose here"},
    cli::Example{"gallery-ops health --wait 2m -q", "in a deploy script: wait until it is well"},
    cli::Example{"gallery-ops health --explain health.disk",
                 "what a check does and how to change its limit"},
    cli::Example{"gallery-ops health --record look && gallery-ops health --replay look",
                 "save a look for a bug report, and judge it again anywhere"},
};

} // namespace

extern const cli::Command health;
const cli::Command health{
    "health", "look at every service, server and limit of the gallery",
    "Looks at everything the daily health check of the playbook names, all side by side: the "
    "services that the "
    "compose file expects, HTTP endpoints and their certificates, Postgres, Redis, IPFS, Ethereum, "
    "Prometheus and its "
    "alerts, the host and every container. Says what is wrong, why, what to do next and who "
    "acts.\n\n"
    "Without a configuration the gallery is discovered from the Docker Engine of this host.\n\n"
    "It only reads.",
    k_examples, bind};

} // namespace commands
