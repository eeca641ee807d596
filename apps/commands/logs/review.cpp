// SPDX-License-Identifier: MIT
#include "commands/logs/review.hpp"

#include "commands/setup.hpp"
#include "core/address.hpp"
#include "core/error.hpp"
#include "core/judged.hpp"
#include "logs/blocks.hpp"
#include "logs/detectors/catalogue.hpp"
#include "logs/narrow.hpp"
#include "logs/when.hpp"
#include "report/enrich.hpp"
#include "report/explain.hpp"

#include <utility>

namespace commands {
namespace {

constexpr int k_usual_top = 50;

std::vector<core::Network> networks(const std::vector<std::string>& texts) {
    std::vector<core::Network> all;
    for (const auto& text : texts)
        if (const auto network = core::parse_network(text)) all.push_back(*network);
    return all;
}

} // namespace

logs::AnalysisOptions analysis_options(const LogsOptions& options, const config::Logs& config,
                                       core::Time now) {
    logs::AnalysisOptions made;
    made.now = now;
    made.visitors = {networks(config.proxies), networks(config.allow)};
    if (!options.since.empty()) made.since = logs::parse_when("--since", options.since, now);
    if (!options.until.empty() && options.acknowledge.empty())
        made.until = logs::parse_when("--until", options.until, now);
    if (made.since && made.until && *made.since >= *made.until)
        throw core::UsageError("--since is not before --until");
    made.assignments = options.assignments.has_value();
    return made;
}

Place place_of(const LogsOptions& options) {
    if (options.source == "journald") {
        if (options.files.size() > 1)
            throw core::UsageError("--source journald takes one FILE: a journal's file or folder");
        return Place::journal;
    }
    if (options.source == "docker" && !options.files.empty())
        throw core::UsageError("--source docker takes no FILE; --service says whose logs");
    if (options.source == "file" && options.files.empty())
        throw core::UsageError("--source file needs a FILE; - is standard input");
    if (options.files.empty()) return Place::containers;
    if (options.tail)
        throw core::UsageError(
            "--tail is for containers; for a file: tail -n N FILE | gallery-ops logs -");
    return Place::files;
}

std::string journal_of(const LogsOptions& options) {
    return options.files.empty() ? "" : options.files.front();
}

std::string known_of(const std::string& project) {
    return "kinds of messages of " + project;
}

void fill(report::Report& report, logs::Summary& summary, LogsRead& sources,
          const LogsOptions& options, const cli::GlobalOptions& global) {
    report.project = sources.project;
    report.scope = sources.scope.empty() ? "" : sources.scope + ", ";
    report.scope += logs::scope(summary);
    report.details = logs::blocks(
        summary, {static_cast<std::size_t>(options.top.value_or(k_usual_top)), options.only_new});
    report.findings = summary.findings;
    for (auto& problem : sources.problems)
        report.findings.push_back(core::identified(std::move(problem), logs::reading_spec()));
    logs::narrow(report.findings, {global.components, global.only, global.skip});
    report::enrich(report, sources.owners, sources.contacts);
}

std::string explain_logs(const std::string& id, const cli::GlobalOptions& options) {
    std::vector<const core::CheckSpec*> specs;
    for (const auto* detector : logs::detectors())
        specs.push_back(&detector->spec);
    return report::explain(id, "logs", specs, explain_format(options));
}

} // namespace commands
