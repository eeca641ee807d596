// SPDX-License-Identifier: MIT
#include "history/views.hpp"

#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace history {
namespace {

report::Cell word(std::optional<core::Verdict> verdict) {
    return verdict ? report::Cell{std::string{core::name(*verdict)}} : report::Cell{};
}

std::string part_of(const Run& run) {
    if (run.interrupted) return "interrupted";
    return run.narrowed ? "narrowed" : "whole";
}

core::Finding finding_of(std::string_view id) {
    core::Finding finding;
    finding.id = id;
    finding.title = "History";
    finding.group = "history";
    finding.subject = "history";
    finding.component = "history";
    return finding;
}

} // namespace

std::vector<report::Block> runs_blocks(const std::vector<Run>& runs) {
    report::Table verdicts;
    verdicts.columns = {"index", "run", "verdict", "critical", "warning", "unknown", "ok"};
    report::Table origins;
    origins.columns = {"index", "project", "host", "command", "started", "seconds", "part", "tool"};
    std::int64_t index = 0;
    for (const auto& run : runs) {
        --index;
        verdicts.rows.push_back({index, run.run_id, std::string{core::name(run.verdict)},
                                 std::int64_t{run.summary.critical},
                                 std::int64_t{run.summary.warning},
                                 std::int64_t{run.summary.unknown}, std::int64_t{run.summary.ok}});
        origins.rows.push_back({index, run.scope.project, run.scope.host, run.scope.command,
                                core::format_utc(run.started_at),
                                static_cast<double>(run.duration.count()) / 1e3, part_of(run),
                                run.tool});
    }
    const bool alike = std::ranges::all_of(
        runs, [&](const Run& run) { return run.scope == runs.front().scope && run.complete(); });
    return {{.id = "runs", .title = "Runs", .content = std::move(verdicts)},
            {.id = "origins",
             .title = "Where they come from",
             .content = std::move(origins),
             .verbose = alike}};
}

report::Block changes_block(const std::vector<Difference>& differences) {
    report::Table table;
    table.columns = {"change", "finding", "before", "after", "message"};
    for (const auto& one : differences) {
        table.rows.push_back({std::string{name(one.change)}, one.id, word(one.before),
                              word(one.after), one.message});
    }
    return {.id = "changes", .title = "Changes", .content = std::move(table)};
}

report::Block compared_block(const Run& before, const Run& after) {
    report::Pairs pairs{{{"before", before.run_id}, {"after", after.run_id}}};
    return {.id = "compared", .title = "Runs", .content = std::move(pairs), .verbose = true};
}

std::string count_changes(const std::vector<Difference>& differences) {
    const auto count = [&](Change change) {
        return std::ranges::count(differences, change, &Difference::change);
    };
    auto text = fmt::format("{} worse, {} new, {} better, {} gone", count(Change::worse),
                            count(Change::appeared), count(Change::better), count(Change::gone));
    if (const auto left = count(Change::not_seen); left > 0)
        text += fmt::format(", {} not seen in both", left);
    return text;
}

std::vector<report::Block> trend_blocks(std::string_view id, const Trend& trend) {
    report::Series series;
    report::Table table;
    table.columns = {"time", "verdict", "value", "unit", "message"};
    for (const auto& point : trend.points) {
        if (point.value) series.points.emplace_back(point.time, *point.value);
        if (!point.unit.empty()) series.unit = point.unit;
        table.rows.push_back({core::format_utc(point.time), std::string{core::name(point.verdict)},
                              point.value ? report::Cell{*point.value} : report::Cell{}, point.unit,
                              point.message});
    }
    std::ranges::reverse(table.rows); // the text format shows the first rows: the newest matter
    std::vector<report::Block> blocks;
    const auto title = fmt::format("{} of {} on {}", id, trend.scope.project, trend.scope.host);
    if (!series.points.empty())
        blocks.push_back({.id = "series", .title = title, .content = std::move(series)});
    blocks.push_back({.id = "points",
                      .title = blocks.empty() ? title : "Newest first",
                      .content = std::move(table)});
    return blocks;
}

core::Finding told(std::string_view id, std::string message, std::string brief) {
    auto finding = finding_of(id);
    finding.verdict = core::Verdict::ok;
    finding.message = std::move(message);
    finding.brief = std::move(brief);
    return finding;
}

core::Finding failed(const core::Error& error) {
    auto finding = finding_of("history.file.history");
    finding.verdict = core::Verdict::unknown;
    finding.target = error.where;
    finding.message = fmt::format("{}: {}", error.where, core::brief(error));
    finding.remediation = error.hint;
    return finding;
}

std::string describe(const Totals& totals) {
    if (totals.runs == 0) return "no run";
    return fmt::format("{} since {}, {}", core::count_of(totals.runs, "run"),
                       core::format_utc(totals.oldest).substr(0, 10),
                       core::format_bytes({static_cast<std::uint64_t>(totals.bytes)}));
}

} // namespace history
