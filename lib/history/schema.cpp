// SPDX-License-Identifier: MIT
//
// A run is kept whole for a while: `run`, and a `result` for each of its findings. What must be
// known at once about all earlier runs, however many, is kept beside them in a size that does not
// grow with their number: `finding` holds where each finding stands and since when, `stretch` every
// beginning of a trouble, `sample` one figure a quarter of an hour. `kept` holds what one run hands
// to the next, by name. Times are milliseconds since
// 1970, verdicts their words, so that sqlite3's own shell can be asked.
#include "history/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <thread>

namespace history {
namespace {

constexpr const char* k_first = R"sql(
CREATE TABLE scope (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL, project TEXT NOT NULL, host TEXT NOT NULL,
  UNIQUE (command, project, host));
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  scope INTEGER NOT NULL REFERENCES scope,
  started_at INTEGER NOT NULL, duration INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  ok INTEGER NOT NULL, warning INTEGER NOT NULL, critical INTEGER NOT NULL,
  unknown INTEGER NOT NULL, skipped INTEGER NOT NULL,
  interrupted INTEGER NOT NULL, narrowed INTEGER NOT NULL,
  looked_at TEXT NOT NULL, tool TEXT NOT NULL);
CREATE INDEX run_by_time ON run (started_at);
CREATE INDEX run_of_scope ON run (scope, started_at);
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  scope INTEGER NOT NULL REFERENCES scope,
  name TEXT NOT NULL,
  title TEXT NOT NULL, family TEXT NOT NULL, subject TEXT NOT NULL, component TEXT NOT NULL,
  unit TEXT NOT NULL,
  verdict TEXT NOT NULL, gone INTEGER NOT NULL, since INTEGER NOT NULL, seen INTEGER NOT NULL,
  UNIQUE (scope, name));
CREATE TABLE result (
  run INTEGER NOT NULL REFERENCES run, finding INTEGER NOT NULL REFERENCES finding,
  verdict TEXT NOT NULL, message TEXT NOT NULL,
  value, unit TEXT NOT NULL, duration INTEGER NOT NULL, since INTEGER, caused_by TEXT NOT NULL,
  PRIMARY KEY (run, finding)) WITHOUT ROWID;
CREATE TABLE stretch (
  finding INTEGER NOT NULL REFERENCES finding, began INTEGER NOT NULL,
  PRIMARY KEY (finding, began)) WITHOUT ROWID;
CREATE TABLE sample (
  finding INTEGER NOT NULL REFERENCES finding, slot INTEGER NOT NULL,
  time INTEGER NOT NULL, value REAL NOT NULL, verdict TEXT NOT NULL,
  PRIMARY KEY (finding, slot)) WITHOUT ROWID;
CREATE TABLE kept (
  name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

/// The script at place N leads from version N to N + 1. None is ever changed once released.
constexpr std::array k_migrations{k_first};
static_assert(k_migrations.size() == k_schema_version);

core::Error refusal(const Database& database, core::ErrorKind kind, std::string reason,
                    std::string hint) {
    return {.kind = kind,
            .what = "open the history",
            .where = database.file().string(),
            .reason = std::move(reason),
            .hint = std::move(hint)};
}

/// Whether the file holds nothing at all. Only then it may be made ours.
core::Result<bool> check_identity(const Database& database) {
    TRY_ASSIGN(const auto tables, database.number("SELECT count(*) FROM sqlite_master"));
    TRY_ASSIGN(const auto owner, database.number("PRAGMA application_id"));
    TRY_ASSIGN(const auto version, database.number("PRAGMA user_version"));
    if (tables == 0 && version == 0 && (owner == 0 || owner == k_application_id)) return true;
    if (owner != k_application_id || version < 1)
        return std::unexpected(refusal(database, core::ErrorKind::protocol,
                                       "it is a database of another program",
                                       "it is left as it is; name another: --history FILE"));
    if (version > k_schema_version)
        return std::unexpected(
            refusal(database, core::ErrorKind::protocol,
                    fmt::format("a newer gallery-ops wrote it (schema {}; this one knows {})",
                                version, k_schema_version),
                    "use that version, or name another file: --history FILE"));
    return false;
}

/// Of two that make the same file at once one is told "locked" without having waited.
core::Result<void> start_journal(const Database& database) {
    for (int tries = 0;; ++tries) {
        const auto started = database.run("PRAGMA journal_mode = WAL");
        constexpr int k_most_tries = 40;
        if (started || started.error().kind != core::ErrorKind::timeout || tries == k_most_tries)
            return started;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

core::Result<void> migrate(const Database& database) {
    TRY_ASSIGN(auto transaction, Transaction::begin(database));
    // Another process may have done it while this one waited.
    TRY_ASSIGN(const auto version, database.number("PRAGMA user_version"));
    for (auto at = static_cast<std::size_t>(version); at < k_migrations.size(); ++at)
        TRY(database.run(k_migrations.at(at)));
    TRY(database.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                 k_application_id, k_schema_version)
                         .c_str()));
    return transaction.commit();
}

} // namespace

core::Result<void> bring_up_to_date(const Database& database, Access access) {
    TRY_ASSIGN(const bool empty, check_identity(database));
    if (empty && access == Access::read)
        return std::unexpected(refusal(database, core::ErrorKind::missing, "it holds no run yet",
                                       "gallery-ops health writes it"));
    if (empty) {
        TRY(database.run("PRAGMA auto_vacuum = INCREMENTAL"));
        TRY(start_journal(database));
    }
    TRY_ASSIGN(const auto version, database.number("PRAGMA user_version"));
    if (version == k_schema_version) return {};
    TRY(migrate(database));
    TRY(check_identity(database)); // another program may have been quicker
    return {};
}

} // namespace history
