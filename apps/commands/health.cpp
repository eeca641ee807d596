// SPDX-License-Identifier: MIT
#include "cli/command.hpp"
#include "commands/look.hpp"
#include "commands/notify.hpp"
#include "commands/recording.hpp"
#include "commands/repeated.hpp"
#include "commands/setup.hpp"
#include "health/explain.hpp"
#include "health/narrow.hpp"
#include "watch/schedule.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace commands {
namespace {

struct HealthOptions {
    std::optional<core::Duration> wait{};
    std::optional<core::Duration> watch{};
    std::optional<int> hold{};
    std::string explain{};
    std::optional<std::string> record{};
    std::optional<std::string> replay{};
};

/// Refuses options that say nothing together. Throws core::UsageError.
void check(const HealthOptions& options, const cli::GlobalOptions& global) {
    const std::pair<const char*, bool> ways[] = {{"--watch", options.watch.has_value()},
                                                 {"--wait", options.wait.has_value()},
                                                 {"--explain", !options.explain.empty()},
                                                 {"--record", options.record.has_value()},
                                                 {"--replay", options.replay.has_value()}};
    const char* first = nullptr;
    for (const auto& [name, given] : ways) {
        if (!given) continue;
        if (first != nullptr)
            throw core::UsageError(
                fmt::format("{} and {} can't be given together: choose one of them", first, name));
        first = name;
    }
    health::check_names({{}, global.only, global.skip});
    if (options.hold && !options.watch) throw core::UsageError("--hold needs --watch");
    if (!global.notify.empty() && first != nullptr && !options.wait)
        throw core::UsageError(fmt::format("--notify tells of a single run, not with {}", first));
    if (options.replay && global.config)
        throw core::UsageError("--replay takes the configuration from the recording, not --config");
}

int run(cli::Context& context, const HealthOptions& options) {
    const auto& global = context.options();
    check(options, global);
    if (!options.explain.empty())
        return context.print(health::explain(options.explain, explain_format(global)));
    if (options.replay) return replay(context, *options.replay);
    if (options.record) return look_and_record(context, *options.record);
    const auto config = load_config(global);
    if (options.watch) return watch(context, config, *options.watch, options.hold);
    check_notify(global, config);
    const auto finished =
        options.wait ? wait_until_well(context, config, *options.wait) : look(context, config);
    const int code = context.emit(finished.report);
    notify_of(context, finished, code);
    return code;
}

void bind_watch(CLI::App& app, const std::shared_ptr<HealthOptions>& options) {
    cli::add_optional_duration(
        app, "--watch", options->watch, watch::k_default_interval, watch::k_least_interval,
        "look again and again: a screen on a terminal, in a pipe one line for each change "
        "(default: every 5s, at least 1s)");
    cli::add_count(app, "--hold", options->hold, 1, 1000,
                   "with --watch: tell a change when so many looks in a row agree (default: 2)");
}

cli::Run bind_health(CLI::App& app) {
    auto options = std::make_shared<HealthOptions>();
    cli::add_duration(app, "--wait", options->wait,
                      "look again and again until all is well, at most this long");
    bind_watch(app, options);
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

constexpr std::array k_health_examples{
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
    "health",
    "look at every service, server and limit of the gallery",
    "Looks at everything the daily health check of the playbook names, all side by side: the "
    "services that the "
    "compose file expects, HTTP endpoints and their certificates, Postgres, Redis, IPFS, Ethereum, "
    "Prometheus and its "
    "alerts, the host and every container. Says what is wrong, why, what to do next and who "
    "acts.\n\n"
    "Without a configuration the gallery is discovered from the Docker Engine of this host.\n\n"
    "It only reads, and remembers each run for the command history.",
    k_health_examples,
    bind_health,
    true};

} // namespace commands
