// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "cli/command.hpp"
#include "commands/memory.hpp"
#include "commands/setup.hpp"
#include "core/text.hpp"
#include "health/baseline.hpp"
#include "health/catalogue.hpp"
#include "health/explain.hpp"
#include "health/narrow.hpp"
#include "health/overview.hpp"
#include "probe/gather.hpp"
#include "report/enrich.hpp"
#include "report/recurrence.hpp"

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
};

/// Without --deadline: two probes one after the other (the Engine's, then those discovered by it)
/// and some time to judge.
core::Duration default_deadline(const cli::GlobalOptions& options) {
    return 2 * options.timeout + 2s;
}

report::Report look(cli::Context& context, const config::Config& config, core::Deadline deadline,
                    Memory& memory) {
    auto report = context.start_report("health");
    const auto began = core::Deadline::Clock::now();
    auto gathered = probe::gather(config, gather_options(context, deadline));
    report.project = gathered.config.project;
    gathered.seen.past = memory.recall(report, deadline, health::baseline_families());
    report.findings = health::judge(gathered.seen, gathered.config);
    cause::annotate(report.findings, cause::dependencies(gathered.seen));
    report.scope = health::scope(gathered.seen, gathered.config);
    report.notes = health::notes(gathered.seen);
    report.details.push_back(
        health::services_block(gathered.seen, gathered.config, report.findings));
    const auto& asked = context.options();
    health::narrow(report.findings, {asked.components, asked.only, asked.skip});
    report::enrich(report, gathered.config.owners, gathered.config.contacts);
    if (gathered.seen.past) report::note_recurrence(report, *gathered.seen.past);
    report.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(core::Deadline::Clock::now() - began);
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
                               core::Duration wait, Memory& memory) {
    const auto until = core::Deadline::after(wait);
    for (;;) {
        const auto look_until =
            core::Deadline::after(default_deadline(context.options()))
                .sooner(context.deadline(wait + default_deadline(context.options())));
        auto report = look(context, config, look_until, memory);
        if (succeeds(report, context.options()) || until.passed()
            || context.stop().stop_requested())
            return report;
        context.progress(still_waiting(report));
        pause(context.stop(), until.within(1s));
    }
}

health::ExplainFormat explain_format(const cli::GlobalOptions& options) {
    const bool json = std::ranges::any_of(
        options.outputs, [](const auto& output) { return output.format->name == "json"; });
    return json ? health::ExplainFormat::json : health::ExplainFormat::text;
}

int run(cli::Context& context, const Options& options) {
    if (!options.explain.empty())
        return context.print(health::explain(options.explain, explain_format(context.options())));
    const auto config = load_config(context.options());
    const auto deadline = context.deadline(default_deadline(context.options()));
    Memory memory(context);
    auto report = options.wait ? wait_until_well(context, config, *options.wait, memory)
                               : look(context, config, deadline, memory);
    memory.record(report, deadline);
    return context.emit(std::move(report));
}

cli::Run bind(CLI::App& app) {
    auto options = std::make_shared<Options>();
    cli::add_duration(app, "--wait", options->wait,
                      "look again and again until all is well, at most this long");
    app.add_option("--explain", options->explain,
                   "say what a check does, its threshold and how to change it; 'all' lists them")
        ->type_name("ID");
    return [options](cli::Context& context) { return run(context, *options); };
}

constexpr std::array k_examples{
    cli::Example{"gallery-ops health", "look at the gallery that runs under docker-compose here"},
    cli::Example{"gallery-ops health --wait 2m -q", "in a deploy script: wait until it is well"},
    cli::Example{"gallery-ops health --component database -o json", "one component, for a script"},
    cli::Example{"gallery-ops health --explain health.disk",
                 "what a check does and how to change its limit"},
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
    "It only reads, and remembers each run for the command history.",
    k_examples, bind};

} // namespace commands
