// SPDX-License-Identifier: MIT
#include "probe/pg_facts.hpp"

#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

namespace probe {
namespace {

using std::chrono::milliseconds;

/// One row of an answer; a cell that is missing, NULL or nonsense gives nothing.
class Row {
  public:
    Row(const PgRows& rows, std::size_t index) {
        if (index < rows.size()) m_cells = &rows[index];
    }

    [[nodiscard]] std::optional<std::string> text(std::size_t column) const {
        if (m_cells == nullptr || column >= m_cells->size()) return std::nullopt;
        constexpr std::size_t k_most = 128;
        const auto& cell = (*m_cells)[column];
        return cell ? std::optional{cell->substr(0, k_most)} : std::nullopt;
    }

    /// Figures as numeric, which may have a fraction or, in a garbled answer, any size.
    [[nodiscard]] std::optional<double> real(std::size_t column) const {
        const auto cell = text(column);
        if (!cell) return std::nullopt;
        double number = 0;
        const auto [end, failure] =
            std::from_chars(cell->data(), cell->data() + cell->size(), number);
        if (failure != std::errc{} || !std::isfinite(number)) return std::nullopt;
        return number;
    }

    [[nodiscard]] std::optional<std::int64_t> number(std::size_t column) const {
        constexpr double k_most = 4e18;
        const auto value = real(column);
        if (!value) return std::nullopt;
        return static_cast<std::int64_t>(std::clamp(*value, -k_most, k_most));
    }

    /// A count: never negative.
    [[nodiscard]] std::int64_t count(std::size_t column) const {
        return std::max<std::int64_t>(number(column).value_or(0), 0);
    }

    [[nodiscard]] std::optional<core::Bytes> bytes(std::size_t column) const {
        const auto value = number(column);
        if (!value) return std::nullopt;
        return core::Bytes{static_cast<std::uint64_t>(std::max<std::int64_t>(*value, 0))};
    }

    [[nodiscard]] std::optional<milliseconds> millis(std::size_t column) const {
        constexpr std::int64_t k_century = 100LL * 366 * 86'400'000;
        const auto value = number(column);
        if (!value) return std::nullopt;
        return milliseconds{std::clamp<std::int64_t>(*value, 0, k_century)};
    }

    [[nodiscard]] bool flag(std::size_t column) const { return text(column) == "t"; }

  private:
    const PgRow* m_cells = nullptr;
};

void apply_settings(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    facts.database = row.text(0).value_or("");
    facts.in_recovery = row.flag(1);
    facts.max_connections = row.count(2);
    facts.reserved_connections = row.count(3);
    if (const auto age = row.number(4); age && *age > 0) facts.autovacuum_freeze_max_age = *age;
}

constexpr std::string_view k_mend = "GRANT pg_monitor TO it";

void apply_activity(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    facts.connections = row.count(0);
    const auto hidden = row.number(2);
    // Without the right a role still sees its own sessions, and there may be no others.
    if (row.flag(1) || (hidden && *hidden <= 0)) return;
    facts.not_visible.emplace_back("other roles' transactions (needs pg_monitor)");
    facts.transactions_problem =
        fmt::format("this role may not look into {} of other roles: {}",
                    hidden ? core::count_of(*hidden, "session") : "the sessions", k_mend);
}

void apply_locks(const PgRows& rows, facts::Postgres& facts) {
    facts.waiting_locks = Row{rows, 0}.count(0);
}

void apply_longest(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    facts.longest_transaction = row.millis(0);
    if (!facts.longest_transaction) return;
    facts.longest_transaction_state = row.text(1).value_or("");
    facts.longest_transaction_pid = row.count(2);
}

void apply_databases(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    const auto hit = static_cast<double>(row.count(0));
    const auto read = static_cast<double>(row.count(1));
    facts.blocks_read = static_cast<std::uint64_t>(hit + read);
    if (hit + read > 0) facts.cache_hit_ratio = hit / (hit + read);
    facts.deadlocks = row.count(2);
}

void apply_wraparound(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    facts.wraparound_database = row.text(0).value_or("");
    facts.wraparound_age = row.count(1);
}

void apply_recovery(const PgRows& rows, facts::Postgres& facts) {
    facts.recovery_lag = Row{rows, 0}.millis(0);
}

void apply_replicas(const PgRows& rows, facts::Postgres& facts) {
    std::int64_t hidden = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row row{rows, i};
        // Without the right to see it, a replica is a row of NULLs.
        if (!row.text(1)) ++hidden;
        facts.replicas.push_back(
            {row.text(0).value_or("?"), row.text(1).value_or(""), row.bytes(2), row.millis(3)});
    }
    if (hidden == 0) return;
    facts.not_visible.emplace_back("replicas' state and lag (needs pg_monitor)");
    facts.replicas_problem = fmt::format("this role may not see the state and lag of {}: {}",
                                         core::count_of(hidden, "replica"), k_mend);
}

constexpr std::string_view k_no_figures = "the server's answer has no figures";

void apply_slots(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    if (!row.number(0)) facts.slots_problem = k_no_figures;
    facts.inactive_slots = row.count(0);
    facts.slot_retained = row.bytes(1);
}

void apply_archiver(const PgRows& rows, facts::Postgres& facts) {
    const Row row{rows, 0};
    facts.archiver_failing = row.flag(0);
    if (!facts.archiver_failing && row.text(0) != "f") facts.archiver_problem = k_no_figures;
    facts.archive_mode = row.text(1).value_or("");
}

void apply_size(const PgRows& rows, facts::Postgres& facts) {
    facts.database_size = Row{rows, 0}.bytes(0).value_or(core::Bytes{});
}

using enum PgQuestion::Need;

/// Sources: PostgreSQL manual, "Monitoring Database Activity" and "System Administration
/// Functions".
constexpr std::array k_questions = std::to_array<PgQuestion>({
    {"settings", required, R"(
SELECT current_database(), pg_is_in_recovery(), current_setting('max_connections')::int,
       current_setting('superuser_reserved_connections')::int
         + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0),
       current_setting('autovacuum_freeze_max_age')::bigint)",
     apply_settings},
    // Without pg_read_all_stats the kind of another role's backend is hidden, its user is not.
    {"activity", required, R"(
SELECT count(*) FILTER (WHERE backend_type = 'client backend'
                           OR (backend_type IS NULL AND usesysid IS NOT NULL
                               AND datid IS NOT NULL)),
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
       count(*) FILTER (WHERE backend_type IS NULL AND usesysid IS NOT NULL
                          AND datid IS NOT NULL)
  FROM pg_catalog.pg_stat_activity)",
     apply_activity},
    {"locks", required, R"(
SELECT count(DISTINCT pid) FROM pg_catalog.pg_locks WHERE NOT granted)",
     apply_locks},
    {"transactions", required, R"(
SELECT (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::bigint, state, pid
  FROM pg_catalog.pg_stat_activity
 WHERE xact_start IS NOT NULL AND backend_type = 'client backend' AND pid <> pg_backend_pid()
 ORDER BY xact_start LIMIT 1)",
     apply_longest},
    {"database statistics", required, R"(
SELECT sum(blks_hit), sum(blks_read), sum(deadlocks) FROM pg_catalog.pg_stat_database)",
     apply_databases},
    {"transaction ids", required, R"(
SELECT datname, age(datfrozenxid) FROM pg_catalog.pg_database ORDER BY 2 DESC LIMIT 1)",
     apply_wraparound},
    // All that was received is replayed: no lag, but only while somebody sends.
    {"recovery lag", optional, R"(
SELECT CASE
         WHEN NOT pg_is_in_recovery() THEN NULL
         WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
              AND EXISTS (SELECT 1 FROM pg_catalog.pg_stat_wal_receiver) THEN 0
         ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000
       END::bigint)",
     apply_recovery, &facts::Postgres::recovery_problem},
    {"replicas", optional, R"(
SELECT coalesce(nullif(application_name, ''), client_addr::text, usename::text), state,
       pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                            ELSE pg_current_wal_lsn() END, replay_lsn)::bigint,
       (extract(epoch FROM replay_lag) * 1000)::bigint
  FROM pg_catalog.pg_stat_replication LIMIT 64)",
     apply_replicas, &facts::Postgres::replicas_problem},
    {"replication slots", optional, R"(
SELECT count(*) FILTER (WHERE NOT active),
       max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_lsn() END, restart_lsn))::bigint
  FROM pg_catalog.pg_replication_slots)",
     apply_slots, &facts::Postgres::slots_problem},
    {"WAL archiver", optional, R"(
SELECT current_setting('archive_mode') <> 'off' AND last_failed_time IS NOT NULL
       AND last_failed_time > coalesce(last_archived_time, '-infinity'),
       current_setting('archive_mode')
  FROM pg_catalog.pg_stat_archiver)",
     apply_archiver, &facts::Postgres::archiver_problem},
    {"database size", optional, R"(
SELECT pg_database_size(current_database()))",
     apply_size},
});

/// Why a question has no answer, and what mends it.
std::string why_unseen(const core::Error& error) {
    const auto reason = error.reason.empty() ? "no answer came" : error.reason;
    return error.kind == core::ErrorKind::auth ? fmt::format("{}: {}", reason, k_mend) : reason;
}

} // namespace

std::span<const PgQuestion> pg_questions() {
    return k_questions;
}

core::Result<void> apply_pg_answers(const std::vector<core::Result<PgRows>>& answers,
                                    facts::Postgres& facts) {
    for (std::size_t i = 0; i < k_questions.size(); ++i) {
        const auto& question = k_questions.at(i);
        if (i < answers.size() && answers[i]) {
            question.apply(*answers[i], facts);
            continue;
        }
        const core::Error error = i < answers.size() ? answers[i].error() : core::Error{};
        if (question.need == required) return std::unexpected(error);
        facts.not_visible.push_back(std::string{question.subject}
                                    + (error.reason.empty() ? "" : ": " + error.reason));
        if (question.problem != nullptr) facts.*question.problem = why_unseen(error);
    }
    return {};
}

} // namespace probe
