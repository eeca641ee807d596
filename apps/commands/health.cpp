// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "cli/command.hpp"
#include "cli/watch.hpp"
#include "commands/repeated.hpp"
#include "commands/setup.hpp"
#include "core/text.hpp"
#include "health/catalogue.hpp"
#include "health/explain.hpp"
#include "health/narrow.hpp"
#include "health/overview.hpp"
#include "probe/gather.hpp"
#include "report/enrich.hpp"
#include "watch/schedule.hpp"

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
    std::optional<core::Duration> watch{};
    std::optional<int> hold{};
    std::string explain{};
};

/// Without --deadline: two probes one after the other (the Engine's, then those discovered by it)
/// and some time to judge.
core::Duration default_deadline(const cli::GlobalOptions& options) {
    return 2 * options.timeout + 2s;
}

/// With `repeated`, as one of many looks, until `stop`.
report::Report look(cli::Context& context, const config::Config& config, core::Deadline deadline,
                    Repeated* repeated = nullptr, const std::stop_token& stop = {}) {
    auto report = context.start_report("health");
    const auto began = core::Deadline::Clock::now();
    auto gathering = gather_options(context, deadline);
    if (repeated != nullptr) repeated->before(gathering, stop);
    const auto gathered = probe::gather(config, gathering);
    if (repeated != nullptr) repeated->after(gathered);
    report.findings = health::judge(gathered.seen, gathered.config);
    cause::annotate(report.findings, cause::dependencies(gathered.seen));
    report.project = gathered.config.project;
    report.scope = health::scope(gathered.seen, gathered.config);
    report.notes = health::notes(gathered.seen);
    report.details.push_back(
        health::services_block(gathered.seen, gathered.config, report.findings));
    const auto& asked = context.options();
    const bool refuse = repeated == nullptr || repeated->first();
    health::narrow(report.findings, {asked.components, asked.only, asked.skip},
                   refuse ? health::Unfit::refuse : health::Unfit::ignore);
    report::enrich(report, gathered.config.owners, gathered.config.contacts);
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

int watch_it(cli::Context& context, config::Config config, const Options& options) {
    Repeated repeated;
    cli::WatchPlan plan;
    plan.interval = *options.watch;
    if (options.hold) plan.hold = *options.hold;
    plan.look = [&](const std::stop_token& stop) {
        Repeated::find_engine(config, context.options());
        const auto deadline = core::Deadline::after(default_deadline(context.options()));
        return repeated.finish(look(context, config, deadline, &repeated, stop));
    };
    plan.explain = [](const std::string& id) {
        return health::explain(id, health::ExplainFormat::text);
    };
    return cli::watch_on(context, plan);
}

/// Throws core::UsageError.
void check(const Options& options) {
    if (options.watch && options.wait)
        throw core::UsageError("--watch and --wait can't be given together");
    if (options.watch && !options.explain.empty())
        throw core::UsageError(
            "--watch and --explain can't be given together; in a watch, press e");
    if (options.hold && !options.watch) throw core::UsageError("--hold needs --watch");
}

void bind_watch(CLI::App& app, const std::shared_ptr<Options>& options) {
    cli::add_optional_duration(
        app, "--watch", options->watch, watch::k_default_interval, watch::k_least_interval,
        "look again and again: a screen on a terminal, in a pipe one line for each change "
        "(default: every 5s, at least 1s)");
    cli::add_count(app, "--hold", options->hold, 1, 1000,
                   "with --watch: tell a change when so many looks in a row agree (default: 2)");
}

health::ExplainFormat explain_format(const cli::GlobalOptions& options) {
    const bool json = std::ranges::any_of(
        options.outputs, [](const auto& output) { return output.format->name == "json"; });
    return json ? health::ExplainFormat::json : health::ExplainFormat::text;
}

int run(cli::Context& context, const Options& options) {
    check(options);
    if (!options.explain.empty())
        return context.print(health::explain(options.explain, explain_format(context.options())));
    const auto config = load_config(context.options());
    if (options.watch) return watch_it(context, config, options);
    auto report =
        options.wait ? wait_until_well(context, config, *options.wait)
                     : look(context, config, context.deadline(default_deadline(context.options())));
    return context.emit(std::move(report));
}

cli::Run bind(CLI::App& app) {
    auto options = std::make_shared<Options>();
    cli::add_duration(app, "--wait", options->wait,
                      "look again and again until all is well, at most this long");
    bind_watch(app, options);
    app.add_option("--explain", options->explain,
                   "say what a check does, its threshold and how to change it; 'all' lists them")
        ->type_name("ID");
    return [options](cli::Context& context) { return run(context, *options); };
}

constexpr std::array k_examples{
    cli::Example{"gallery-ops health", "look at the gallery that runs under docker-compose here"},
    cli::Example{"gallery-ops health --wait 2m -q", "in a deploy script: wait until it is well"},
    cli::Example{"gallery-ops health --watch",
                 "on a screen that stays up to date; ? shows the keys"},
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
    "It only reads.",
    k_examples, bind};

} // namespace commands
