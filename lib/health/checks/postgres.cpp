// SPDX-License-Identifier: MIT
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace health::checks {
namespace {

using config::Config;
using core::Judgement;
using facts::Postgres;

std::string version_of(const Postgres& server) {
    return fmt::format("{}.{}", server.version / 10000, server.version % 10000);
}

Judgement judge_connection(const Postgres& server, const Config& /*config*/, core::Time /*now*/) {
    const auto answer = core::format_duration(server.query);
    auto made = ok(fmt::format("PostgreSQL {} {}, connected in {}, answered in {}",
                               version_of(server), server.in_recovery ? "standby" : "primary",
                               core::format_duration(server.connect), answer),
                   fmt::format("{} answered in {}", version_of(server), answer));
    if (!server.not_visible.empty()) {
        made.message += fmt::format("; not visible to this role: {} (GRANT pg_monitor)",
                                    fmt::join(server.not_visible, ", "));
    }
    made.measured = figure(static_cast<double>(server.query.count()) / 1e6, "s");
    return made;
}

Judgement judge_connections(const Postgres& server, const Config& config, core::Time /*now*/) {
    const auto usable = server.max_connections - server.reserved_connections;
    if (usable <= 0) return unknown("the server did not tell max_connections");
    const auto share =
        share_of(static_cast<double>(server.connections), static_cast<double>(usable));
    return judge_share(share, {config.thresholds.connections, k_nearly_full},
                       fmt::format("connections {{}}, {} of {}", server.connections, usable),
                       fmt::format("{} of {} connections", server.connections, usable));
}

/// Judges what could not be seen; `problem` says why.
Judgement unseen(std::string_view what, std::string_view problem) {
    auto made = unknown(fmt::format("{} not seen: {}", what, problem));
    if (problem.find("GRANT pg_monitor") != std::string_view::npos)
        made.remediation = "as a superuser: GRANT pg_monitor TO the role of the DSN";
    return made;
}

Judgement judge_transactions(const Postgres& server, const Config& config, core::Time now) {
    const auto limit = config.thresholds.longest_transaction;
    const auto& problem = server.transactions_problem;
    const bool late = server.longest_transaction && *server.longest_transaction >= limit;
    if (!problem.empty() && !late) return unseen("the open transactions were", problem);
    if (!server.longest_transaction) return ok("no transaction open");
    const auto age = *server.longest_transaction;
    const auto message =
        fmt::format("longest transaction {} (limit {}), {}, pid {}", core::format_duration(age),
                    core::format_duration(limit), server.longest_transaction_state,
                    server.longest_transaction_pid);
    auto made = late ? warning(message) : ok(message);
    made.since = now - age;
    made.measured = figure(static_cast<double>(age.count()) / 1e3, "s");
    made.measured->warn = static_cast<double>(limit.count()) / 1e3;
    if (made.verdict != core::Verdict::ok)
        made.remediation = fmt::format(
            "look at it, then end it if nobody needs it: SELECT pg_terminate_backend({})",
            server.longest_transaction_pid);
    return made;
}

Judgement judge_locks(const Postgres& server, const Config& /*config*/, core::Time /*now*/) {
    constexpr std::int64_t k_many = 5;
    const auto message = fmt::format("{} for a lock (limit {})",
                                     server.waiting_locks == 1
                                         ? "1 backend waits"
                                         : fmt::format("{} backends wait", server.waiting_locks),
                                     k_many);
    auto made = server.waiting_locks >= k_many ? warning(message) : ok(message);
    made.measured = figure(static_cast<double>(server.waiting_locks), "count");
    made.measured->warn = static_cast<double>(k_many);
    return made;
}

/// Judges what a standby reports of itself.
Judgement judge_standby(const Postgres& server, core::Duration limit) {
    if (!server.recovery_problem.empty())
        return unseen("the standby's lag was", server.recovery_problem);
    if (!server.recovery_lag) return ok("standby, nothing replayed yet to measure a lag on");
    const auto message =
        fmt::format("standby is {} behind (limit {})", core::format_duration(*server.recovery_lag),
                    core::format_duration(limit));
    auto made = *server.recovery_lag >= limit ? warning(message) : ok(message);
    made.measured = figure(static_cast<double>(server.recovery_lag->count()) / 1e3, "s");
    return made;
}

Judgement judge_replication(const Postgres& server, const Config& config, core::Time /*now*/) {
    const auto limit = config.thresholds.replication_lag;
    if (server.in_recovery) return judge_standby(server, limit);
    for (const auto& replica : server.replicas) {
        if (replica.replay_lag && *replica.replay_lag >= limit)
            return warning(fmt::format("replica {} is {} behind (limit {})", replica.name,
                                       core::format_duration(*replica.replay_lag),
                                       core::format_duration(limit)));
    }
    if (server.inactive_slots > 0) {
        return warning(
            fmt::format("{} inactive, holding back {} of WAL",
                        core::count_of(server.inactive_slots, "replication slot"),
                        core::format_bytes(server.slot_retained.value_or(core::Bytes{}))));
    }
    if (!server.replicas_problem.empty())
        return unseen("the replicas were", server.replicas_problem);
    if (!server.slots_problem.empty())
        return unseen("the replication slots were", server.slots_problem);
    if (server.replicas.empty()) return skipped("no replica is connected and no slot exists");
    return ok(
        fmt::format("{} within {}",
                    core::count_of(static_cast<std::int64_t>(server.replicas.size()), "replica"),
                    core::format_duration(limit)));
}

Judgement judge_archive(const Postgres& server, const Config& /*config*/, core::Time /*now*/) {
    if (server.archiver_failing)
        return critical("the last archive_command failed: WAL is not being archived");
    if (!server.archiver_problem.empty())
        return unseen("the WAL archiver was", server.archiver_problem);
    if (server.archive_mode == "off")
        return skipped("WAL archiving is switched off (archive_mode = off)");
    return ok("WAL archiving reports no failure");
}

Judgement judge_cache(const Postgres& server, const Config& config, core::Time /*now*/) {
    constexpr std::uint64_t k_least_blocks =
        100'000; // 780 MiB read: below it the ratio says nothing
    if (!server.cache_hit_ratio || server.blocks_read < k_least_blocks)
        return skipped("too few blocks read since the statistics began to judge the cache");
    const core::Percent hit{*server.cache_hit_ratio * 100};
    const auto limit = config.thresholds.cache_hit;
    const auto message = fmt::format("{} of blocks come from the cache (at least {})",
                                     core::format_percent(hit), core::format_percent(limit));
    auto made = hit < limit ? warning(message) : ok(message);
    made.measured = figure(hit.value, "%");
    return made;
}

Judgement judge_wraparound(const Postgres& server, const Config& config, core::Time /*now*/) {
    constexpr double k_stop = 2147483648.0 - 3'000'000; // the server refuses new transactions here
    const auto share = share_of(static_cast<double>(server.wraparound_age), k_stop);
    return judge_share(
        share, {config.thresholds.wraparound, core::Percent{85}},
        fmt::format("{{}} of the transaction ids used in {}", server.wraparound_database), {});
}

} // namespace

const Check k_postgres{
    {.id = "health.postgres",
     .title = "Postgres connection",
     .group = "postgres",
     .section = "daily/system-health-check",
     .what = "Connects, logs in and runs SELECT 1 in a read-only session.",
     .why = "Artworks, mints and sign-ins all live in this database.",
     .threshold = "Critical when it can't be reached, refuses the login or does not answer within "
                  "--timeout.",
     .setting = "postgres[].dsn",
     .remediation = "docker-compose logs --tail=50 postgres, then docker-compose up -d postgres",
     .reference = "PostgreSQL manual, chapter 34 (libpq)"},
    each<&facts::Observations::postgres, judge_connection>};

const Check k_postgres_connections{
    {.id = "health.postgres-connections",
     .title = "Postgres connections",
     .group = "postgres",
     .section = "daily/system-health-check",
     .what =
         "Counts client backends against max_connections less the ones reserved for superusers.",
     .why = "When the last connection is taken every new request of the gallery fails.",
     .threshold = "Warning from 80 %, critical from 97 %.",
     .setting = "thresholds.connections",
     .remediation = "find who holds them: SELECT usename, application_name, state, count(*) FROM "
                    "pg_stat_activity GROUP BY 1, 2, 3",
     .reference = "PostgreSQL manual, section 20.3"},
    each_observed<&facts::Observations::postgres, judge_connections>};

const Check k_postgres_transactions{
    {.id = "health.postgres-transactions",
     .title = "Postgres longest transaction",
     .group = "postgres",
     .section = "daily/system-health-check",
     .what = "Finds the oldest open transaction of a client.",
     .why = "A transaction that stays open holds locks and keeps vacuum from its work.",
     .threshold = "Warning from 5 min; unknown where the role may not see the sessions of others.",
     .setting = "thresholds.longest_transaction",
     .remediation = "look at pg_stat_activity for its query",
     .reference = "PostgreSQL manual, section 28.2.3"},
    each_observed<&facts::Observations::postgres, judge_transactions>};

const Check k_postgres_locks{{.id = "health.postgres-locks",
                              .title = "Postgres lock waits",
                              .group = "postgres",
                              .section = "daily/system-health-check",
                              .what = "Counts backends that wait for a lock right now.",
                              .why = "Many waiters at once are a pile-up behind one transaction.",
                              .threshold = "Warning from 5 waiting backends.",
                              .remediation = "SELECT pid, pg_blocking_pids(pid), query FROM "
                                             "pg_stat_activity WHERE wait_event_type = 'Lock'",
                              .reference = "PostgreSQL manual, section 54.12"},
                             each_observed<&facts::Observations::postgres, judge_locks>};

const Check k_postgres_replication{
    {.id = "health.postgres-replication",
     .title = "Postgres replication",
     .group = "postgres",
     .section = "daily/system-health-check",
     .what = "Measures how far replicas are behind and whether an abandoned slot holds WAL back.",
     .why = "A late replica is a late restore; an abandoned slot fills the disk.",
     .threshold =
         "Warning from 30 s behind or with an inactive slot; skipped where nothing is replicated, "
         "unknown where the role may not see it.",
     .setting = "thresholds.replication_lag",
     .remediation = "look at pg_stat_replication and pg_replication_slots",
     .reference = "PostgreSQL manual, section 27.2"},
    each_observed<&facts::Observations::postgres, judge_replication>};

const Check k_postgres_archive{
    {.id = "health.postgres-archive",
     .title = "Postgres WAL archiving",
     .group = "postgres",
     .section = "weekly/backup-verification",
     .what = "Asks whether the last archive_command failed after the last success.",
     .why =
         "Without the WAL archive the newest restorable moment stands still, and the disk fills.",
     .threshold = "Critical when the last attempt failed; skipped where archive_mode is off.",
     .remediation = "read the server's log for archive_command and mend its target",
     .reference = "PostgreSQL manual, section 28.2.9"},
    each_observed<&facts::Observations::postgres, judge_archive>};

const Check k_postgres_cache{
    {.id = "health.postgres-cache",
     .title = "Postgres cache hits",
     .group = "postgres",
     .section = "daily/system-health-check",
     .what = "Computes the share of blocks that were found in shared buffers since the statistics "
             "began.",
     .why = "A falling share means that the working set has outgrown the memory.",
     .threshold = "Warning below 90 %; skipped below 100 000 blocks read.",
     .setting = "thresholds.cache_hit",
     .remediation = "compare shared_buffers with the size of the hot tables",
     .reference = "PostgreSQL manual, section 28.2.15"},
    each_observed<&facts::Observations::postgres, judge_cache>};

const Check k_postgres_wraparound{
    {.id = "health.postgres-wraparound",
     .title = "Postgres transaction id age",
     .group = "postgres",
     .section = "daily/system-health-check",
     .what = "Takes the oldest datfrozenxid of all databases against the 2^31 ids after which the "
             "server stops.",
     .why = "At the end the server refuses every write until it has been vacuumed by hand.",
     .threshold = "Warning from 50 %, critical from 85 %.",
     .setting = "thresholds.wraparound",
     .remediation = "VACUUM (FREEZE) the database's oldest tables; look for old transactions, "
                    "slots and prepared transactions that hold it back",
     .reference = "PostgreSQL manual, section 25.1.5"},
    each_observed<&facts::Observations::postgres, judge_wraparound>};

} // namespace health::checks
