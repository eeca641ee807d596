// SPDX-License-Identifier: MIT
#include "history/recording.hpp"

#include "core/text.hpp"
#include "report/arrange.hpp"
#include "report/completeness.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace history {
namespace {

using core::Finding;
using core::Verdict;

constexpr std::size_t k_longest_message = 600; ///< columns; what a target sent may be long
constexpr int k_runs_removed_at_once = 4; ///< a write adds one, so the file shrinks all the same
constexpr std::int64_t k_runs_to_believe = 10; ///< a clock that so many runs agree with is right

std::int64_t milliseconds(std::chrono::system_clock::duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

/// Of two findings with one id the graver stands.
std::map<std::string_view, const Finding*> by_id(const report::Report& report) {
    std::map<std::string_view, const Finding*> all;
    for (const auto& finding : report.findings) {
        auto& kept = all[finding.id];
        if (kept == nullptr || finding.verdict > kept->verdict) kept = &finding;
    }
    return all;
}

std::optional<double> number_of(const Finding& finding) {
    if (!finding.measured) return std::nullopt;
    double number = NAN;
    if (const auto* real = std::get_if<double>(&finding.measured->value)) number = *real;
    if (const auto* whole = std::get_if<std::int64_t>(&finding.measured->value))
        number = static_cast<double>(*whole);
    if (!std::isfinite(number)) return std::nullopt;
    return number;
}

Value measured_value(const Finding& finding) {
    if (!finding.measured) return nullptr;
    return std::visit(
        [](const auto& held) -> Value {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
                return std::string_view{held};
            } else {
                return held;
            }
        },
        finding.measured->value);
}

/// Where a finding stood before this run.
struct Before {
    std::int64_t id = 0;
    Verdict verdict = Verdict::skipped;
    bool gone = true;
    std::int64_t since = 0;
    std::string unit{};
};

/// Writes the findings of one run; its statements are prepared once for all of them.
struct Recorder {
    Statement find;
    Statement add;
    Statement update;
    Statement result;
    Statement begin_stretch;
    Statement trim_stretches;
    Statement sample;
    Statement trim_samples;
    const Database* database = nullptr;
    const Retention* retention = nullptr;
    std::int64_t scope = 0;
    std::int64_t run = 0;
    std::int64_t now = 0;
    std::int64_t oldest = 0; ///< what is older is kept no longer
    bool interrupted = false;

    core::Result<Before> before(const Finding& finding);
    core::Result<void> note_state(const Finding& finding, const Before& before);
    core::Result<void> note_sample(const Finding& finding, const Before& before);
    core::Result<void> write(const Finding& finding);
};

core::Result<Recorder> make_recorder(const Database& database, const Retention& retention) {
    TRY_ASSIGN(auto find, database.prepare("SELECT id, verdict, gone, since, unit FROM finding "
                                           "WHERE scope = ? AND name = ?"));
    TRY_ASSIGN(auto add,
               database.prepare("INSERT INTO finding (scope, name, title, family, subject, "
                                "component, unit, verdict, gone, since, seen) "
                                "VALUES (?, ?, ?, ?, ?, ?, ?, 'skipped', 1, ?, ?) RETURNING id"));
    TRY_ASSIGN(auto update,
               database.prepare("UPDATE finding SET title = ?, family = ?, subject = ?, component "
                                "= ?, unit = ?, verdict = ?, gone = ?, since = ?, seen = ? "
                                "WHERE id = ?"));
    TRY_ASSIGN(auto result,
               database.prepare("INSERT INTO result (run, finding, verdict, message, value, unit, "
                                "duration, since, caused_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    TRY_ASSIGN(auto begin_stretch,
               database.prepare("INSERT OR IGNORE INTO stretch (finding, began) VALUES (?, ?)"));
    TRY_ASSIGN(auto trim_stretches,
               database.prepare("DELETE FROM stretch WHERE finding = ? AND began < ?"));
    TRY_ASSIGN(auto sample,
               database.prepare("INSERT OR IGNORE INTO sample (finding, slot, time, value, "
                                "verdict) VALUES (?, ?, ?, ?, ?)"));
    TRY_ASSIGN(auto trim_samples,
               database.prepare("DELETE FROM sample WHERE finding = ? AND slot < ?"));
    return Recorder{std::move(find),   std::move(add),           std::move(update),
                    std::move(result), std::move(begin_stretch), std::move(trim_stretches),
                    std::move(sample), std::move(trim_samples),  &database,
                    &retention};
}

core::Result<Before> Recorder::before(const Finding& finding) {
    TRY_ASSIGN(const bool known, find.start({scope, std::string_view{finding.id}}));
    if (known) {
        return Before{.id = find.whole(0),
                      .verdict = core::parse_verdict(find.text(1)).value_or(Verdict::unknown),
                      .gone = find.whole(2) != 0,
                      .since = find.whole(3),
                      .unit = find.text(4)};
    }
    const std::string unit = finding.measured ? finding.measured->unit : "";
    TRY(add.start({scope, std::string_view{finding.id}, std::string_view{finding.title},
                   std::string_view{finding.group}, std::string_view{finding.subject},
                   std::string_view{finding.component}, std::string_view{unit}, now, now}));
    Before made{.id = add.whole(0), .since = now, .unit = unit};
    TRY(add.next()); // a row that is returned must be read to its end
    return made;
}

/// An interrupted run says that it was seen, and nothing about how it is.
core::Result<void> Recorder::note_state(const Finding& finding, const Before& before) {
    const auto verdict = interrupted ? before.verdict : finding.verdict;
    const bool gone = interrupted && before.gone;
    const bool same = interrupted || (!before.gone && before.verdict == verdict);
    // A clock that went back must not leave a beginning in the future.
    const auto since = same ? std::min(before.since, now) : now;
    const std::string unit = finding.measured ? finding.measured->unit : before.unit;
    TRY(update.run({std::string_view{finding.title}, std::string_view{finding.group},
                    std::string_view{finding.subject}, std::string_view{finding.component},
                    std::string_view{unit}, core::name(verdict), std::int64_t{gone}, since, now,
                    before.id}));
    if (interrupted || !report::is_problem(finding)) return {};
    const bool was_problem =
        !before.gone && before.verdict != Verdict::ok && before.verdict != Verdict::skipped;
    if (was_problem) return {};
    TRY(begin_stretch.run({before.id, now}));
    return trim_stretches.run({before.id, oldest});
}

core::Result<void> Recorder::note_sample(const Finding& finding, const Before& before) {
    const auto number = number_of(finding);
    if (interrupted || !number) return {};
    const auto width = milliseconds(retention->sample_slot);
    if (before.unit != finding.measured->unit) // figures of another unit can't be compared
        TRY(trim_samples.run({before.id, now / width + 1}));
    TRY(sample.run({before.id, now / width, now, *number, core::name(finding.verdict)}));
    if (database->changes() == 0) return {};
    return trim_samples.run({before.id, oldest / width});
}

core::Result<void> Recorder::write(const Finding& finding) {
    TRY_ASSIGN(const auto stood, before(finding));
    TRY(note_state(finding, stood));
    TRY(note_sample(finding, stood));
    const auto message = core::cut_end(finding.message, k_longest_message);
    const auto causes = core::join(finding.caused_by, "\n");
    const Value since = finding.since ? Value{stored_time(*finding.since)} : Value{nullptr};
    return result.run(
        {run, stood.id, core::name(finding.verdict), std::string_view{message},
         measured_value(finding),
         finding.measured ? std::string_view{finding.measured->unit} : std::string_view{},
         std::int64_t{finding.duration.count()}, since, std::string_view{causes}});
}

core::Result<std::int64_t> scope_of(const Database& database, const report::Report& report) {
    const std::string_view command{report.command};
    const std::string_view project{report.project};
    const std::string_view host{report.host};
    TRY_ASSIGN(auto add, database.prepare("INSERT OR IGNORE INTO scope (command, project, host) "
                                          "VALUES (?, ?, ?)"));
    TRY(add.run({command, project, host}));
    TRY_ASSIGN(auto find, database.prepare("SELECT id FROM scope WHERE command = ? AND project = ? "
                                           "AND host = ?"));
    TRY(find.start({command, project, host}));
    return find.whole(0);
}

/// Returns the new run's key, or nothing when it is there already.
core::Result<std::optional<std::int64_t>> add_run(const Database& database,
                                                  const report::Report& report, std::int64_t scope,
                                                  std::string_view version) {
    const auto summary = report::summarise(report);
    TRY_ASSIGN(
        auto add,
        database.prepare("INSERT OR IGNORE INTO run (run_id, scope, started_at, duration, verdict, "
                         "ok, warning, critical, unknown, skipped, interrupted, narrowed, "
                         "looked_at, tool) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    TRY(add.run({std::string_view{report.run_id}, scope, stored_time(report.started_at),
                 std::int64_t{report.duration.count()}, core::name(report::verdict(report)),
                 std::int64_t{summary.ok}, std::int64_t{summary.warning},
                 std::int64_t{summary.critical}, std::int64_t{summary.unknown},
                 std::int64_t{summary.skipped}, std::int64_t{report.interrupted},
                 std::int64_t{report.narrowed}, std::string_view{report.scope}, version}));
    if (database.changes() == 0) return std::nullopt;
    TRY_ASSIGN(const auto key, database.number("SELECT last_insert_rowid()"));
    return key;
}

core::Result<void> mark_gone(const Database& database, std::int64_t scope, std::int64_t now) {
    TRY_ASSIGN(auto mark, database.prepare("UPDATE finding SET gone = 1, since = ?2 WHERE scope = "
                                           "?1 AND gone = 0 AND seen <> ?2"));
    return mark.run({scope, now});
}

/// Removes the runs that a query with one parameter names; returns how many.
core::Result<std::int64_t> remove_runs(const Database& database, std::string_view query,
                                       std::int64_t parameter) {
    TRY_ASSIGN(auto find, database.prepare(query));
    std::vector<std::int64_t> keys;
    TRY_ASSIGN(bool more, find.start({parameter}));
    while (more) {
        keys.push_back(find.whole(0));
        TRY_ASSIGN(more, find.next());
    }
    TRY_ASSIGN(auto results, database.prepare("DELETE FROM result WHERE run = ?"));
    TRY_ASSIGN(auto run, database.prepare("DELETE FROM run WHERE id = ?"));
    for (const auto key : keys) {
        TRY(results.run({key}));
        TRY(run.run({key}));
    }
    return std::ssize(keys);
}

/// Forgets findings that no run has any more. When it was seen may be wrong, the runs are not.
core::Result<void> forget_findings(const Database& database, std::int64_t before) {
    TRY_ASSIGN(auto find,
               database.prepare("SELECT id FROM finding WHERE seen < ? AND NOT EXISTS (SELECT 1 "
                                "FROM run JOIN result ON result.run = run.id AND result.finding = "
                                "finding.id WHERE run.scope = finding.scope)"));
    std::vector<std::int64_t> keys;
    TRY_ASSIGN(bool more, find.start({before}));
    while (more) {
        keys.push_back(find.whole(0));
        TRY_ASSIGN(more, find.next());
    }
    for (const auto* sql :
         {"DELETE FROM sample WHERE finding = ?", "DELETE FROM stretch WHERE finding = ?",
          "DELETE FROM finding WHERE id = ?"}) {
        TRY_ASSIGN(auto forget, database.prepare(sql));
        for (const auto key : keys)
            TRY(forget.run({key}));
    }
    return {};
}

/// The time as all of the last runs, this one among them, had it at least: one run whose clock is
/// far ahead must not make everything old.
core::Result<std::int64_t> believed_time(const Database& database, std::int64_t now) {
    TRY_ASSIGN(auto find, database.prepare("SELECT min(started_at) FROM (SELECT started_at FROM "
                                           "run ORDER BY id DESC LIMIT ?)"));
    TRY_ASSIGN(const bool found, find.start({k_runs_to_believe}));
    return found && !find.is_null(0) ? std::min(std::max<std::int64_t>(find.whole(0), 0), now)
                                     : now;
}

core::Result<void> tidy(const Database& database, const Retention& retention, std::int64_t oldest) {
    static_assert(k_runs_removed_at_once == 4, "the queries below say so");
    TRY_ASSIGN(const auto old,
               remove_runs(database,
                           "SELECT id FROM run WHERE started_at < ? ORDER BY started_at LIMIT 4",
                           oldest));
    TRY(remove_runs(database,
                    "SELECT id FROM run WHERE id <= (SELECT max(id) FROM run) - ? ORDER BY id "
                    "LIMIT 4",
                    retention.most_runs));
    return old > 0 ? forget_findings(database, oldest) : core::Result<void>{};
}

} // namespace

std::int64_t stored_time(core::Time time) {
    return milliseconds(time.time_since_epoch());
}

core::Result<void> record_run(const Database& database, const report::Report& report,
                              std::string_view version, const Retention& retention) {
    TRY_ASSIGN(auto transaction, Transaction::begin(database));
    {
        TRY_ASSIGN(const auto scope, scope_of(database, report));
        TRY_ASSIGN(const auto run, add_run(database, report, scope, version));
        if (!run) return {};
        TRY_ASSIGN(auto recorder, make_recorder(database, retention));
        recorder.scope = scope;
        recorder.run = *run;
        recorder.now = stored_time(report.started_at);
        TRY_ASSIGN(const auto believed, believed_time(database, recorder.now));
        recorder.oldest = believed - milliseconds(retention.runs);
        recorder.interrupted = report.interrupted;
        for (const auto& [id, finding] : by_id(report))
            TRY(recorder.write(*finding));
        if (report::saw_everything(report)) TRY(mark_gone(database, scope, recorder.now));
        TRY(tidy(database, retention, recorder.oldest));
    } // all statements are finished before the commit
    return transaction.commit();
}

core::Result<std::int64_t> prune_runs(const Database& database, core::Time before) {
    const auto oldest = stored_time(before);
    std::int64_t removed = 0;
    for (;;) { // in portions, so that a run that wants to write meanwhile does not wait long
        TRY_ASSIGN(auto transaction, Transaction::begin(database));
        TRY_ASSIGN(
            const auto portion,
            remove_runs(database,
                        "SELECT id FROM run WHERE started_at < ? ORDER BY started_at LIMIT 100",
                        oldest));
        if (portion == 0) {
            TRY(forget_findings(database, oldest));
            for (const auto* sql :
                 {"DELETE FROM sample WHERE time < ?", "DELETE FROM stretch WHERE began < ?"}) {
                TRY_ASSIGN(auto trim, database.prepare(sql));
                TRY(trim.run({oldest}));
            }
        }
        TRY(transaction.commit());
        removed += portion;
        if (portion == 0) break;
    }
    TRY(database.run("PRAGMA incremental_vacuum"));
    return removed;
}

} // namespace history
