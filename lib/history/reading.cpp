// SPDX-License-Identifier: MIT
#include "history/reading.hpp"

#include "core/text.hpp"
#include "history/recording.hpp"

#include <algorithm>
#include <limits>

namespace history {
namespace {

/// Bounds of what one look at the past may read, whatever the file holds.
constexpr std::int64_t k_most_findings = 4000;
constexpr std::int64_t k_most_series = 64;
constexpr std::int64_t k_most_samples = 672; ///< of one series: a week of quarters of an hour

/// The clause that a `Filter` stands for; its texts are bound as ?1, ?2 and ?3.
#define GALLERY_OPS_FILTER                                                                         \
    "(?1 = '' OR scope.command = ?1) AND (?2 = '' OR scope.project = ?2) AND "                     \
    "(?3 = '' OR scope.host = ?3)"

std::string_view view(const std::string& text) {
    return text;
}

std::int64_t bound(std::size_t limit) {
    constexpr std::size_t k_most = 1'000'000;
    return static_cast<std::int64_t>(std::min(limit, k_most));
}

core::Time time_at(const Statement& row, int column) {
    // A figure that is no time of ours must not overflow the clock.
    constexpr std::int64_t k_end_of_time = 9'214'646'400'000; // 2262 begins: more it can't hold
    const auto millis = std::clamp<std::int64_t>(row.whole(column), 0, k_end_of_time);
    return core::Time{std::chrono::milliseconds{millis}};
}

core::Verdict verdict_at(const Statement& row, int column) {
    return core::parse_verdict(row.text(column)).value_or(core::Verdict::unknown);
}

int count_at(const Statement& row, int column) {
    return static_cast<int>(
        std::clamp<std::int64_t>(row.whole(column), 0, std::numeric_limits<int>::max()));
}

/// What a clock once wrote into the future is no past.
core::Result<void> read_standings(const Database& database, std::int64_t scope, std::int64_t from,
                                  std::int64_t now, facts::Past& into) {
    TRY_ASSIGN(
        auto rows,
        database.prepare("SELECT name, verdict, gone, since, (SELECT count(*) FROM stretch "
                         "WHERE stretch.finding = finding.id AND began >= ?2 AND began <= ?4), "
                         "(SELECT max(began) FROM stretch "
                         "WHERE stretch.finding = finding.id AND began <= ?4) "
                         "FROM finding WHERE scope = ?1 ORDER BY name LIMIT ?3"));
    TRY_ASSIGN(bool more, rows.start({scope, from, k_most_findings, now}));
    while (more) {
        facts::Standing standing{.verdict = verdict_at(rows, 1),
                                 .gone = rows.whole(2) != 0,
                                 .since = time_at(rows, 3),
                                 .problems = count_at(rows, 4)};
        if (!rows.is_null(5)) standing.began = time_at(rows, 5);
        into.standings.emplace(rows.text(0), standing);
        TRY_ASSIGN(more, rows.next());
    }
    return {};
}

struct SeriesKey {
    std::int64_t id = 0;
    std::string name{};
    std::string unit{};
};

core::Result<std::vector<SeriesKey>> find_series(const Database& database, std::int64_t scope,
                                                 std::span<const std::string_view> families) {
    std::vector<SeriesKey> keys;
    TRY_ASSIGN(auto rows, database.prepare("SELECT id, name, unit FROM finding WHERE scope = ? AND "
                                           "name >= ? AND name < ? ORDER BY name LIMIT ?"));
    for (const auto family : families) {
        if (family.empty()) continue;
        std::string end{family};
        ++end.back(); // ids are ASCII up to their subject: the next text after all with this prefix
        TRY_ASSIGN(bool more, rows.start({scope, family, view(end), k_most_series}));
        while (more && std::ssize(keys) < k_most_series) {
            keys.push_back({rows.whole(0), rows.text(1), rows.text(2)});
            TRY_ASSIGN(more, rows.next());
        }
    }
    return keys;
}

core::Result<void> read_series(const Database& database, const std::vector<SeriesKey>& keys,
                               std::int64_t now, facts::Past& into) {
    TRY_ASSIGN(auto rows, database.prepare("SELECT time, value, verdict FROM sample WHERE finding "
                                           "= ?1 AND time < ?3 ORDER BY slot DESC LIMIT ?2"));
    for (const auto& key : keys) {
        auto& series = into.series[key.name];
        series.unit = key.unit;
        TRY_ASSIGN(bool more, rows.start({key.id, k_most_samples, now}));
        while (more) {
            series.samples.push_back({time_at(rows, 0), rows.real(1), verdict_at(rows, 2)});
            TRY_ASSIGN(more, rows.next());
        }
        std::ranges::reverse(series.samples);
    }
    return {};
}

Run run_at(const Statement& row) {
    Run run;
    run.key = row.whole(0);
    run.run_id = row.text(1);
    run.scope = {row.text(2), row.text(3), row.text(4)};
    run.started_at = time_at(row, 5);
    run.duration = std::chrono::milliseconds{std::max<std::int64_t>(row.whole(6), 0)};
    run.verdict = verdict_at(row, 7);
    run.summary = {.ok = count_at(row, 8),
                   .warning = count_at(row, 9),
                   .critical = count_at(row, 10),
                   .unknown = count_at(row, 11),
                   .skipped = count_at(row, 12)};
    run.interrupted = row.whole(13) != 0;
    run.narrowed = row.whole(14) != 0;
    run.looked_at = row.text(15);
    run.tool = row.text(16);
    return run;
}

std::optional<core::Measured> measured_at(const Statement& row, int value, int unit) {
    if (row.is_null(value)) return std::nullopt;
    core::Measured measured;
    measured.unit = row.text(unit);
    if (row.is_text(value)) {
        measured.value = row.text(value);
    } else if (row.is_whole(value)) {
        measured.value = row.whole(value);
    } else {
        measured.value = row.real(value);
    }
    return measured;
}

core::Finding finding_at(const Statement& row) {
    core::Finding finding;
    finding.id = row.text(0);
    finding.title = row.text(1);
    finding.group = row.text(2);
    finding.subject = row.text(3);
    finding.component = row.text(4);
    finding.verdict = verdict_at(row, 5);
    finding.message = row.text(6);
    finding.measured = measured_at(row, 7, 8);
    finding.duration = std::chrono::microseconds{std::max<std::int64_t>(row.whole(9), 0)};
    if (!row.is_null(10)) finding.since = time_at(row, 10);
    const auto causes = row.text(11);
    for (const auto cause : core::split(causes, '\n'))
        finding.caused_by.emplace_back(cause);
    return finding;
}

struct KeyedScope {
    std::int64_t key = 0;
    Scope scope{};
};

/// Returns the scope that had this finding last; nothing when none has it.
core::Result<std::optional<KeyedScope>> scope_with(const Database& database, const Filter& filter,
                                                   std::string_view id) {
    TRY_ASSIGN(auto row,
               database.prepare("SELECT scope.id, command, project, host FROM "
                                "finding JOIN scope ON scope.id = finding.scope WHERE "
                                "name = ?4 AND " GALLERY_OPS_FILTER " ORDER BY seen DESC LIMIT 1"));
    TRY_ASSIGN(const bool found,
               row.start({view(filter.command), view(filter.project), view(filter.host), id}));
    if (!found) return std::nullopt;
    return KeyedScope{row.whole(0), {row.text(1), row.text(2), row.text(3)}};
}

} // namespace

core::Result<facts::Past> read_past(const Database& database, const Scope& scope, core::Time now,
                                    std::span<const std::string_view> families,
                                    const Retention& retention) {
    facts::Past past;
    past.window = retention.window;
    TRY_ASSIGN(auto find, database.prepare("SELECT id FROM scope WHERE command = ? AND project = ? "
                                           "AND host = ?"));
    TRY_ASSIGN(const bool known,
               find.start({view(scope.command), view(scope.project), view(scope.host)}));
    if (!known) return past;
    const auto key = find.whole(0);
    TRY(read_standings(database, key, stored_time(now - retention.window), stored_time(now), past));
    TRY_ASSIGN(const auto keys, find_series(database, key, families));
    TRY(read_series(database, keys, stored_time(now), past));
    return past;
}

core::Result<std::vector<Run>> read_runs(const Database& database, const Filter& filter,
                                         std::size_t limit) {
    TRY_ASSIGN(
        auto rows,
        database.prepare("SELECT run.id, run_id, command, project, host, started_at, duration, "
                         "verdict, ok, warning, critical, unknown, skipped, interrupted, narrowed, "
                         "looked_at, tool FROM run JOIN scope ON scope.id = run.scope "
                         "WHERE " GALLERY_OPS_FILTER " ORDER BY run.id DESC LIMIT ?4"));
    std::vector<Run> runs;
    TRY_ASSIGN(bool more, rows.start({view(filter.command), view(filter.project), view(filter.host),
                                      bound(limit)}));
    while (more) {
        runs.push_back(run_at(rows));
        TRY_ASSIGN(more, rows.next());
    }
    return runs;
}

core::Result<report::Report> read_report(const Database& database, const Run& run) {
    report::Report report;
    report.command = run.scope.command;
    report.project = run.scope.project;
    report.host = run.scope.host;
    report.run_id = run.run_id;
    report.scope = run.looked_at;
    report.started_at = run.started_at;
    report.duration = run.duration;
    report.interrupted = run.interrupted;
    report.narrowed = run.narrowed;
    TRY_ASSIGN(auto rows,
               database.prepare("SELECT name, title, family, subject, component, result.verdict, "
                                "message, value, result.unit, duration, result.since, caused_by "
                                "FROM result JOIN finding ON finding.id = result.finding "
                                "WHERE run = ? ORDER BY finding.id"));
    TRY_ASSIGN(bool more, rows.start({run.key}));
    while (more) {
        report.findings.push_back(finding_at(rows));
        TRY_ASSIGN(more, rows.next());
    }
    return report;
}

core::Result<std::vector<std::string>> read_findings(const Database& database,
                                                     const Filter& filter) {
    TRY_ASSIGN(auto rows, database.prepare("SELECT DISTINCT name FROM finding JOIN scope ON "
                                           "scope.id = finding.scope WHERE " GALLERY_OPS_FILTER
                                           " ORDER BY name"));
    std::vector<std::string> names;
    TRY_ASSIGN(bool more,
               rows.start({view(filter.command), view(filter.project), view(filter.host)}));
    while (more) {
        names.push_back(rows.text(0));
        TRY_ASSIGN(more, rows.next());
    }
    return names;
}

core::Result<Trend> read_trend(const Database& database, const Filter& filter, std::string_view id,
                               std::size_t limit) {
    Trend trend;
    TRY_ASSIGN(const auto scope, scope_with(database, filter, id));
    if (!scope) return trend;
    trend.scope = scope->scope;
    TRY_ASSIGN(auto rows,
               database.prepare("SELECT started_at, result.verdict, value, result.unit, message "
                                "FROM finding JOIN run ON run.scope = finding.scope JOIN result ON "
                                "result.run = run.id AND result.finding = finding.id "
                                "WHERE finding.scope = ?1 AND finding.name = ?2 "
                                "ORDER BY run.id DESC LIMIT ?3"));
    TRY_ASSIGN(bool more, rows.start({scope->key, id, bound(limit)}));
    while (more) {
        Point point{.time = time_at(rows, 0), .verdict = verdict_at(rows, 1)};
        if (!rows.is_null(2) && !rows.is_text(2)) point.value = rows.real(2);
        point.unit = rows.text(3);
        point.message = rows.text(4);
        trend.points.push_back(std::move(point));
        TRY_ASSIGN(more, rows.next());
    }
    std::ranges::reverse(trend.points);
    return trend;
}

core::Result<Totals> read_totals(const Database& database, const Filter& filter) {
    TRY_ASSIGN(auto row, database.prepare("SELECT count(*), count(DISTINCT run.scope), "
                                          "min(started_at) FROM run JOIN scope ON "
                                          "scope.id = run.scope WHERE " GALLERY_OPS_FILTER));
    TRY(row.start({view(filter.command), view(filter.project), view(filter.host)}));
    Totals totals{.runs = row.whole(0), .scopes = row.whole(1), .oldest = time_at(row, 2)};
    std::error_code failed;
    const auto size = std::filesystem::file_size(database.file(), failed);
    if (!failed) totals.bytes = static_cast<std::int64_t>(size);
    return totals;
}

#undef GALLERY_OPS_FILTER

} // namespace history
