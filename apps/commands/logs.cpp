// SPDX-License-Identifier: MIT
#include "cli/command.hpp"
#include "commands/logs/review.hpp"
#include "commands/logs/sources.hpp"
#include "commands/logs/watch.hpp"
#include "commands/memory.hpp"
#include "commands/setup.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/analysis.hpp"
#include "logs/block_list.hpp"
#include "logs/blocks.hpp"
#include "logs/known.hpp"
#include "logs/narrow.hpp"
#include "logs/when.hpp"
#include "report/recurrence.hpp"
#include "report/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

namespace commands {
namespace {

void write_assignments(const LogsOptions& options, const logs::Summary& summary) {
    if (!options.assignments) return;
    const auto written = report::write_atomically(*options.assignments, logs::assignments(summary));
    if (!written) throw core::UsageError(core::describe(written.error()));
}

LogsRead read(const cli::Context& context, logs::Analysis& analysis, const LogsOptions& options,
              const config::Config& config, const logs::AnalysisOptions& asked) {
    const probe::LogWindow window{asked.since, asked.until, options.tail};
    switch (place_of(options)) {
    case Place::journal:
        return read_journal(context, analysis, journal_of(options), window, options.services);
    case Place::files:
        return read_files(context, analysis, options.files, options.services);
    case Place::containers:
        break;
    }
    return read_containers(context, analysis, config, window, options.services);
}

/// What --until means beside --ack: a time to come.
core::Time acknowledged_until(const LogsOptions& options, core::Time now) {
    if (options.until.empty())
        throw core::UsageError("--ack needs --until: for how long, 30d, or until when");
    if (const auto span = core::parse_duration(options.until)) return now + *span;
    const auto until = logs::parse_when("--until", options.until, now);
    if (until <= now) throw core::UsageError("--until is over already");
    return until;
}

/// What earlier runs have seen of these logs, kept in the history from run to run.
class Knowledge {
  public:
    Knowledge(const cli::Context& context, const std::string& project)
        : m_memory(context), m_deadline(context.deadline(std::chrono::seconds{10})),
          m_name(known_of(project)) {
        if (const auto kept = m_memory.kept({m_name}, m_deadline))
            m_known = logs::Known::parse(kept->front());
    }

    /// Null without a history.
    logs::Known* known() { return m_known ? &*m_known : nullptr; }

    /// Says of problems how often they came up.
    void note_recurrence(report::Report& report) {
        if (const auto past = m_memory.recall(report, m_deadline, {}))
            report::note_recurrence(report, *past);
    }

    void keep(report::Report& report, const logs::Summary& summary, bool everything) {
        if (m_known) {
            m_known->learn(summary, everything);
            // Why it could not be kept is what the run's own record says.
            (void)m_memory.keep({{m_name, m_known->to_text()}}, m_deadline);
        }
        m_memory.record(report, m_deadline);
    }

  private:
    Memory m_memory;
    core::Deadline m_deadline;
    std::string m_name;
    std::optional<logs::Known> m_known{};
};

void acknowledge(const LogsOptions& options, core::Time now, logs::Known* known) {
    if (options.acknowledge.empty()) return;
    if (known == nullptr) throw core::UsageError("--ack needs a history; see --history");
    known->acknowledge(options.acknowledge, acknowledged_until(options, now));
}

/// A misspelt id must not read as success.
void check_acknowledged(const LogsOptions& options, const logs::Summary& summary) {
    if (options.acknowledge.empty()
        || std::ranges::find(summary.mined.templates, options.acknowledge, &logs::Template::id)
               != summary.mined.templates.end())
        return;
    throw core::UsageError(fmt::format("no kind of message '{}' in these logs; -v lists their ids",
                                       core::printable(options.acknowledge)));
}

int run(cli::Context& context, const LogsOptions& options) {
    const auto& global = context.options();
    if (!options.explain.empty()) return context.print(explain_logs(options.explain, global));
    auto report = context.start_report("logs");
    logs::check_names({global.components, global.only, global.skip});
    const auto config = load_config(global);
    if (options.follow) return follow_logs(context, options, config);
    const auto asked = analysis_options(options, config.logs, report.started_at);
    logs::Analysis analysis{asked};
    auto sources = read(context, analysis, options, config, asked);
    Knowledge knowledge{context, sources.project};
    acknowledge(options, asked.now, knowledge.known());
    auto summary = analysis.finish(knowledge.known());
    check_acknowledged(options, summary);
    write_assignments(options, summary);
    fill(report, summary, sources, options, global);
    knowledge.note_recurrence(report);
    knowledge.keep(report, summary, options.services.empty() && !options.tail);
    if (!options.block_list.empty())
        return context.print(logs::block_list(
            summary, options.block_list == "nft" ? logs::BlockForm::nft : logs::BlockForm::plain));
    return context.emit(std::move(report));
}

cli::Run bind_logs(CLI::App& app) {
    auto options = std::make_shared<LogsOptions>();
    app.add_option(
        "FILE", options->files,
        "logs to read, plain or packed (gzip, zstd), also a quoted pattern; what rotation "
        "made of one is read as one; - is standard input. Without any: the logs of the "
        "gallery's containers");
    cli::add_choice(app, "--source", options->source, {"docker", "file", "journald"},
                    "where the logs are (default: FILE where one is named, else docker); journald: "
                    "systemd's journal, this machine's or that in FILE");
    cli::add_names(app, "--service", options->services, "only the logs of these services");
    app.add_option("--since", options->since,
                   "only what was logged from then on: 24h (ago), a time (RFC 3339) or @SECONDS")
        ->type_name("TIME");
    app.add_option("--until", options->until, "only what was logged before then")
        ->type_name("TIME");
    cli::add_count(app, "--tail", options->tail, 1, 100'000'000,
                   "only so many of the newest lines of each container, or of the journal");
    cli::add_count(app, "--top", options->top, 1, 100'000,
                   "how many kinds of messages the report lists (default: 50)");
    app.add_flag("--new", options->only_new,
                 "list only the kinds of messages that no earlier run has seen");
    app.add_option("--ack", options->acknowledge,
                   "the kind of message with this id is known: no finding before --until (30d, "
                   "or a time)")
        ->type_name("ID");
    cli::add_choice(app, "--block-list", options->block_list, {"nft", "plain"},
                    "print the suspicious addresses in place of the report, as rules for nft or "
                    "one a line; nothing is applied");
    app.add_flag("--follow", options->follow,
                 "go on with what is logged from now on, and show the last 15m, or as much as "
                 "--since says: a screen on a terminal, in a pipe one line for each change");
    app.add_option("--explain", options->explain,
                   "say what a check does, its threshold and how to change it; 'all' lists them")
        ->type_name("ID");
    app.add_option("--assignments", options->assignments,
                   "also write which kind each line is, as CSV: LineId, EventId, EventTemplate")
        ->type_name("FILE");
    return [options](cli::Context& context) { return run(context, *options); };
}

constexpr std::array k_logs_examples{
    cli::Example{"gallery-ops logs --since 24h",
                 "the daily log review of every container; quiet on a quiet day"},
    cli::Example{"gallery-ops logs --follow", "the same, up to date on a screen"},
    cli::Example{"gallery-ops logs --source journald --since 24h --service ssh",
                 "systemd's journal: who tries passwords"},
    cli::Example{"gallery-ops logs --block-list nft /var/log/nginx/access.log",
                 "rules that would block who attacks; nothing is applied"},
};

} // namespace

extern const cli::Command logs;
const cli::Command logs{
    "logs",
    "review logs: errors, failed requests, sign-ins, kinds of messages",
    "Reads the logs of the gallery's containers, or files, and says what is wrong in them: errors "
    "by kind, requests that failed, addresses that "
    "try passwords, rate limits that were reached. The form of each line is found without any "
    "configuration: JSON, logfmt, access and error logs of nginx and Apache, Postgres, Redis, "
    "syslog, "
    "the logging of Python, Java, Go and Node. Stack traces count as one event.\n\n"
    "Every line is counted: read = parsed + unparsed + dropped. It only reads.",
    k_logs_examples,
    bind_logs,
    false};

} // namespace commands
