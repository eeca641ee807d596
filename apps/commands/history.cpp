// SPDX-License-Identifier: MIT
#include "cli/command.hpp"
#include "commands/memory.hpp"
#include "core/text.hpp"
#include "history/compare.hpp"
#include "history/store.hpp"
#include "history/views.hpp"
#include "report/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace commands {
namespace {

using namespace std::chrono_literals;
using history::Access;
using history::Store;

struct HistoryOptions {
    history::Filter filter{};
    std::int64_t limit = 20;
    std::int64_t points = 100;
    std::string run{"last"};
    std::string before{}; ///< empty: the run before `after`
    std::string after{"last"};
    std::string metric{};
    std::optional<core::Duration> older_than{};
};

/// Every run is a row of a few dozen bytes; this is far above what the retention keeps.
constexpr std::size_t k_all_runs = 1'000'000;

std::filesystem::path file_of(const cli::Context& context) {
    if (!context.options().history)
        throw core::UsageError("'history' is about the history: leave out --no-history");
    if (auto file = history_file(context.options())) return *std::move(file);
    throw core::UsageError("no place for a history: neither $XDG_STATE_HOME nor $HOME holds an "
                           "absolute path; name the file: --history FILE");
}

core::Result<Store> open(const cli::Context& context, Access access = Access::read) {
    return Store::open(file_of(context), access, {context.deadline(2min), context.stop()});
}

/// A report of this command about the file as a whole.
report::Report start(const cli::Context& context, std::string_view command) {
    auto report = context.start_report(command);
    report.project = "history";
    report.scope = file_of(context).string();
    return report;
}

int fail(const cli::Context& context, std::string_view command, const core::Error& error) {
    auto report = start(context, command);
    report.findings.push_back(history::failed(error));
    return context.emit(std::move(report));
}

core::Result<report::Report> list_runs(const cli::Context& context, const HistoryOptions& options) {
    TRY_ASSIGN(const auto store, open(context));
    TRY_ASSIGN(const auto totals, store.totals(options.filter));
    TRY_ASSIGN(const auto runs,
               store.runs(options.filter, static_cast<std::size_t>(options.limit)));
    auto report = start(context, "history runs");
    const auto told = history::describe(totals);
    report.findings.push_back(history::told("history.runs.history", told, told));
    report.details = history::runs_blocks(runs);
    return report;
}

core::Result<report::Report> show_run(const cli::Context& context, const HistoryOptions& options) {
    TRY_ASSIGN(const auto store, open(context));
    TRY_ASSIGN(const auto runs, store.runs(options.filter, k_all_runs));
    const auto& run = history::pick_run(runs, options.run);
    TRY_ASSIGN(auto report, store.report_of(run));
    if (run.narrowed) report.notes.emplace_back("this run looked at a part only");
    return report;
}

/// "20260105T080000Z", the beginning of a run's id: names it and is short enough for a first line.
std::string_view time_of(const history::Run& run) {
    const std::string_view id = run.run_id;
    return id.substr(0, id.find('-'));
}

/// The run before `run` of the same gallery, whoever else writes to this file.
const history::Run& run_before(const std::vector<history::Run>& runs, const history::Run& run) {
    const auto at = std::ranges::find(runs, run.key, &history::Run::key);
    const auto found =
        std::find_if(at + 1, runs.end(), [&](const auto& one) { return one.scope == run.scope; });
    if (found == runs.end())
        throw core::UsageError(
            fmt::format("there is no run before {} to compare it with; name one", run.run_id));
    return *found;
}

core::Result<report::Report> diff_runs(const cli::Context& context, const HistoryOptions& options) {
    TRY_ASSIGN(const auto store, open(context));
    TRY_ASSIGN(const auto runs, store.runs(options.filter, k_all_runs));
    const auto& second = history::pick_run(runs, options.after);
    const auto& first =
        options.before.empty() ? run_before(runs, second) : history::pick_run(runs, options.before);
    TRY_ASSIGN(const auto before, store.report_of(first));
    TRY_ASSIGN(const auto after, store.report_of(second));
    const auto differences = history::compare(before, after);
    auto report = start(context, "history diff");
    report.project = second.scope.project;
    report.scope = fmt::format("{} against {}", time_of(second), time_of(first));
    const auto told = history::count_changes(differences);
    report.findings.push_back(history::told("history.diff.history", told, told));
    report.details = {history::changes_block(differences), history::compared_block(first, second)};
    return report;
}

core::Result<report::Report> show_trend(const cli::Context& context,
                                        const HistoryOptions& options) {
    TRY_ASSIGN(const auto store, open(context));
    TRY_ASSIGN(const auto trend, store.trend(options.filter, options.metric,
                                             static_cast<std::size_t>(options.points)));
    if (trend.points.empty()) {
        TRY_ASSIGN(const auto known, store.findings(options.filter));
        const auto near = core::nearest(options.metric, known);
        throw core::UsageError(
            fmt::format("no finding '{}' in the history; {}", core::printable(options.metric),
                        near ? fmt::format("did you mean '{}'?", *near)
                             : "'gallery-ops history show' lists those of the last run"));
    }
    auto report = start(context, "history trend");
    report.project = trend.scope.project;
    report.scope = options.metric;
    const auto told = fmt::format("{}, now {}", core::count_of(std::ssize(trend.points), "run"),
                                  trend.points.back().message);
    report.findings.push_back(history::told("history.trend.history", told, told));
    report.details = history::trend_blocks(options.metric, trend);
    return report;
}

core::Result<report::Report> prune(const cli::Context& context, const HistoryOptions& options) {
    if (!options.older_than)
        throw core::UsageError(
            "history prune needs --older-than: 'history prune --older-than 30d'");
    // Nothing is made where there is nothing to remove.
    TRY(open(context));
    TRY_ASSIGN(auto store, open(context, Access::write));
    const auto before = std::chrono::system_clock::now() - *options.older_than;
    TRY_ASSIGN(const auto removed, store.prune(before));
    TRY_ASSIGN(const auto left, store.totals({}));
    auto report = start(context, "history prune");
    const auto told =
        fmt::format("{} removed from before {}; left: {}", core::count_of(removed, "run"),
                    core::format_utc(before), history::describe(left));
    report.findings.push_back(history::told("history.prune.history", told, told));
    return report;
}

/// The lines of one run as `health -o ndjson` writes them.
std::string lines_of(const report::Report& report, const history::Run& run) {
    report::RenderOptions options;
    options.version = run.tool;
    options.exit_code =
        core::exit_code(run.summary, core::FailOn::warning, core::UnknownPolicy::fails);
    if (run.interrupted) options.exit_code = core::k_exit_interrupted;
    return report::find_format("ndjson")->render(report, options);
}

/// Where the export goes: nothing for standard output.
std::optional<std::filesystem::path> export_file(const cli::Context& context) {
    const auto& outputs = context.options().outputs;
    const bool fits =
        outputs.size() == 1
        && (outputs.front().format->name == "ndjson"
            || (outputs.front().format->name == "text" && outputs.front().to_stdout()));
    if (!fits) throw core::UsageError("history export writes ndjson: -o ndjson or -o ndjson=FILE");
    if (outputs.front().to_stdout()) return std::nullopt;
    return outputs.front().file;
}

/// Writes run after run, oldest first; only a file is held in memory, since it appears in one step.
core::Result<int> export_runs(const cli::Context& context, const HistoryOptions& options) {
    const auto file = export_file(context);
    TRY_ASSIGN(const auto store, open(context));
    TRY_ASSIGN(auto runs, store.runs(options.filter, k_all_runs));
    std::ranges::reverse(runs);
    std::string held;
    for (const auto& run : runs) {
        TRY_ASSIGN(const auto report, store.report_of(run));
        const auto lines = lines_of(report, run);
        if (file) {
            held += lines;
        } else if (const int code = context.print(lines); code != 0) {
            return code;
        }
    }
    if (file) TRY(report::write_atomically(*file, held));
    return 0;
}

int finish(const cli::Context& context, std::string_view command,
           core::Result<report::Report> report) {
    if (!report) return fail(context, command, report.error());
    // What a run once found is shown, not judged again: its verdict is no exit code of this one.
    return context.emit(*std::move(report), 0);
}

void bind_filter(CLI::App& app, HistoryOptions& options) {
    app.add_option("--project", options.filter.project, "only runs of this project")
        ->type_name("NAME");
    app.add_option("--host", options.filter.host, "only runs of this observer's host")
        ->type_name("NAME");
}

cli::Run bind_history(CLI::App& app) {
    auto options = std::make_shared<HistoryOptions>();
    app.require_subcommand(1);
    bind_filter(app, *options);
    auto* runs = app.add_subcommand("runs", "list the last runs, newest first");
    runs->add_option("--limit", options->limit, "how many (default: 20)")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
    auto* show = app.add_subcommand("show", "show the findings of one run as they were");
    show->add_option("RUN", options->run,
                     "'last', '-2' for the one before it, an id or its beginning (default: last)");
    auto* diff = app.add_subcommand("diff", "say what became worse, better, new or gone");
    diff->add_option("A", options->before,
                     "the earlier run (default: the one before B of the same project)");
    diff->add_option("B", options->after, "the later run (default: last)");
    auto* trend = app.add_subcommand("trend", "show one finding through the runs");
    trend->add_option("METRIC", options->metric, "the finding's id: health.disk./")->required();
    trend->add_option("--limit", options->points, "how many runs (default: 100)")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000));
    auto* prune_command = app.add_subcommand("prune", "delete old runs and say how many");
    cli::add_duration(*prune_command, "--older-than", options->older_than,
                      "delete what began longer ago than this");
    auto* export_command =
        app.add_subcommand("export", "print every run and finding, one JSON object a line");
    return [=](cli::Context& context) {
        if (runs->parsed()) return finish(context, "history runs", list_runs(context, *options));
        if (show->parsed()) return finish(context, "history show", show_run(context, *options));
        if (diff->parsed()) return finish(context, "history diff", diff_runs(context, *options));
        if (trend->parsed()) return finish(context, "history trend", show_trend(context, *options));
        if (prune_command->parsed())
            return finish(context, "history prune", prune(context, *options));
        if (!export_command->parsed())
            throw core::UsageError("history needs one of: runs, show, diff, trend, prune, export");
        const auto code = export_runs(context, *options);
        return code ? *code : fail(context, "history export", code.error());
    };
}

constexpr std::array k_history_examples{
    cli::Example{"gallery-ops history runs", "the last twenty runs"},
    cli::Example{"gallery-ops history diff", "what changed between the last two runs"},
    cli::Example{"gallery-ops history diff 20260105T08 last", "since a run at 8 o'clock"},
    cli::Example{"gallery-ops history trend health.disk./", "a finding's figure through the runs"},
};

} // namespace

extern const cli::Command history;
const cli::Command history{
    "history", "show earlier runs and what changed between them",
    "Every run of health is remembered in one file of SQLite (--history FILE, --no-history). From "
    "it come the baselines and how often a problem has come up; it changes no verdict of any other "
    "check, and without it everything else works as ever.\n\n"
    "A run is named by 'last', by '-2' for the one before the last and so on, by its id or the "
    "beginning of its id. A run that was interrupted or narrowed (--only, --component, --skip) is "
    "marked so: what it lacks is not taken for gone.\n\n"
    "Runs are kept for 90 days and at most 20 000 of them; prune deletes more.",
    k_history_examples, bind_history};

} // namespace commands
