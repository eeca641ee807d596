// SPDX-License-Identifier: MIT
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

namespace health::checks {
namespace {

using config::Config;
using core::Judgement;
using facts::Redis;

Judgement judge_ping(const Redis& server, const Config& /*config*/, core::Time /*now*/) {
    if (server.loading) {
        auto made = critical(
            fmt::format("Redis {} is still loading its data set from disk", server.version));
        made.failure = core::Failure::unhealthy;
        return made;
    }
    const auto took = core::format_duration(server.ping);
    auto made = ok(fmt::format("PONG in {}, Redis {}, {}", took, server.version, server.role),
                   fmt::format("PONG in {}", took));
    made.measured = figure(static_cast<double>(server.ping.count()) / 1e6, "s");
    return made;
}

Judgement judge_redis_memory(const Redis& server, const Config& config, core::Time /*now*/) {
    if (server.max_memory.count == 0) {
        const auto used = core::format_bytes(server.used_memory);
        auto made =
            ok(fmt::format("{} used, maxmemory is not set", used), fmt::format("{} used", used));
        made.measured = figure(static_cast<double>(server.used_memory.count), "bytes");
        return made;
    }
    const auto share = share_of(static_cast<double>(server.used_memory.count),
                                static_cast<double>(server.max_memory.count));
    const auto what = core::format_bytes_of(server.used_memory, server.max_memory);
    // A cache that may evict runs full by design: only a server that may not is in danger.
    const bool evicts = server.eviction_policy.starts_with("allkeys");
    const ShareLimit limit = evicts ? ShareLimit{core::Percent{101}}
                                    : ShareLimit{config.thresholds.redis_memory, k_nearly_full};
    auto made = judge_share(share, limit, "memory {}, " + what, what);
    if (evicts) made.message = fmt::format("{}, evicting by {}", what, server.eviction_policy);
    return made;
}

Judgement judge_clients(const Redis& server, const Config& config, core::Time /*now*/) {
    if (server.max_clients <= 0) return skipped("the server does not tell maxclients");
    const auto share = share_of(static_cast<double>(server.connected_clients),
                                static_cast<double>(server.max_clients));
    auto made = judge_share(
        share, {config.thresholds.connections, k_nearly_full},
        fmt::format("clients {{}}, {} of {}", server.connected_clients, server.max_clients), {});
    if (server.rejected_connections > 0 && made.verdict == core::Verdict::ok) {
        made = warning(fmt::format("{} rejected since its start {} ago, now {} of {} clients",
                                   core::count_of(server.rejected_connections, "connection"),
                                   core::format_duration(server.uptime), server.connected_clients,
                                   server.max_clients));
        made.measured = figure(static_cast<double>(server.rejected_connections), "count");
    }
    return made;
}

Judgement judge_evictions(const Redis& server, const Config& /*config*/, core::Time /*now*/) {
    const auto message = fmt::format("{} evicted since its start {} ago ({})",
                                     core::count_of(server.evicted_keys, "key"),
                                     core::format_duration(server.uptime), server.eviction_policy);
    auto made = server.evicted_keys > 0 ? warning(message) : ok(message);
    made.measured = figure(static_cast<double>(server.evicted_keys), "count");
    return made;
}

Judgement judge_save(const Redis& server, const Config& config, core::Time now) {
    if (server.rdb_enabled == false) return skipped("snapshots are switched off (save \"\")");
    if (server.rdb_last_status != "ok")
        return critical(fmt::format("the last snapshot failed ({}), {} not saved",
                                    server.rdb_last_status,
                                    core::count_of(server.changes_since_save, "change")));
    if (!server.rdb_enabled)
        return skipped("the server does not tell whether snapshots are switched on: the user may "
                       "not CONFIG GET save");
    const auto limit = config.thresholds.last_save;
    const auto age = core::format_duration(server.since_last_save);
    const auto message =
        fmt::format("saved {} ago (limit {}), {} since", age, core::format_duration(limit),
                    core::count_of(server.changes_since_save, "change"));
    const bool late = server.since_last_save >= limit && server.changes_since_save > 0;
    auto made = late ? warning(message) : ok(message, fmt::format("saved {} ago", age));
    made.since = now - server.since_last_save;
    made.measured = figure(static_cast<double>(server.since_last_save.count()), "s");
    return made;
}

Judgement judge_aof(const Redis& server, const Config& /*config*/, core::Time /*now*/) {
    if (!server.aof_enabled) return skipped("the append-only file is switched off");
    if (server.aof_last_write_status != "ok")
        return critical(fmt::format("the last write to the append-only file failed ({})",
                                    server.aof_last_write_status));
    if (server.aof_last_rewrite_status != "ok")
        return warning(fmt::format("the last rewrite of the append-only file failed ({})",
                                   server.aof_last_rewrite_status));
    return ok("append-only file written and rewritten without error", "append-only file ok");
}

Judgement judge_replica(const Redis& server, const Config& /*config*/, core::Time /*now*/) {
    if (server.role == "slave") {
        if (server.master_link_status != "up") return critical("the link to its primary is down");
        return ok("replica, link to its primary up");
    }
    if (server.connected_replicas == 0) return skipped("no replica is connected");
    return ok(core::count_of(server.connected_replicas, "replica") + " connected");
}

} // namespace

const Check k_redis{
    {.id = "health.redis",
     .title = "Redis availability",
     .group = "redis",
     .section = "daily/system-health-check",
     .what = "Connects, logs in and sends PING.",
     .why = "Sessions and the GAN's job queue live in Redis.",
     .threshold = "Critical when it can't be reached, refuses the login, is still loading, or does "
                  "not answer within --timeout.",
     .setting = "redis[].url",
     .remediation = "docker-compose logs --tail=50 redis, then docker-compose up -d redis",
     .reference = "Redis manual, PING and AUTH"},
    each<&facts::Observations::redis, judge_ping>};

const Check k_redis_memory{
    {.id = "health.redis-memory",
     .title = "Redis memory",
     .group = "redis",
     .section = "daily/system-health-check",
     .what = "Takes used_memory against maxmemory. A server that may evict any key runs full by "
             "design.",
     .why = "A full server that may not evict refuses every write.",
     .threshold = "Warning from 85 %, critical from 97 %; never for an allkeys policy.",
     .setting = "thresholds.redis_memory",
     .remediation = "redis-cli --bigkeys, then raise maxmemory or expire what is not needed",
     .reference = "Redis manual, key eviction"},
    each_observed<&facts::Observations::redis, judge_redis_memory>};

const Check k_redis_clients{
    {.id = "health.redis-clients",
     .title = "Redis clients",
     .group = "redis",
     .section = "daily/system-health-check",
     .what =
         "Takes connected clients against maxclients, and rejected connections since the start.",
     .why = "A rejected connection is a failed request.",
     .threshold = "Warning from 80 % or after any rejected connection, critical from 97 %.",
     .setting = "thresholds.connections",
     .remediation = "redis-cli client list; look for a pool that leaks",
     .reference = "Redis manual, INFO"},
    each_observed<&facts::Observations::redis, judge_clients>};

const Check k_redis_evictions{
    {.id = "health.redis-evictions",
     .title = "Redis evictions",
     .group = "redis",
     .section = "daily/system-health-check",
     .what = "Reads how many keys were evicted for lack of memory since the start.",
     .why = "An evicted key may be a queued job or a session.",
     .threshold = "Warning from the first evicted key.",
     .remediation = "raise maxmemory, or keep jobs and sessions out of a cache that may evict",
     .reference = "Redis manual, INFO stats"},
    each_observed<&facts::Observations::redis, judge_evictions>};

const Check k_redis_save{
    {.id = "health.redis-save",
     .title = "Redis snapshot",
     .group = "redis",
     .section = "weekly/backup-verification",
     .what = "Reads when the last snapshot was saved and whether it succeeded.",
     .why = "What is not saved is gone with the next crash.",
     .threshold = "Critical when the last snapshot failed; warning when it is older than 26 h and "
                  "there are changes; skipped where snapshots are off or CONFIG GET is refused.",
     .setting = "thresholds.last_save",
     .remediation = "redis-cli BGSAVE, then look at the server's log and its disk",
     .reference = "Redis manual, persistence",
     .by_clock = true},
    each_observed<&facts::Observations::redis, judge_save>};

const Check k_redis_aof{
    {.id = "health.redis-aof",
     .title = "Redis append-only file",
     .group = "redis",
     .section = "weekly/backup-verification",
     .what = "Reads whether the append-only file was written and rewritten without error.",
     .why = "Redis refuses writes when it cannot append.",
     .threshold =
         "Critical after a failed write, warning after a failed rewrite; skipped when it is off.",
     .remediation = "look at the disk that holds appendonlydir",
     .reference = "Redis manual, persistence"},
    each_observed<&facts::Observations::redis, judge_aof>};

const Check k_redis_replication{
    {.id = "health.redis-replication",
     .title = "Redis replication",
     .group = "redis",
     .section = "daily/system-health-check",
     .what = "Reads a replica's link to its primary, or how many replicas a primary has.",
     .why = "A replica with a broken link serves old data.",
     .threshold = "Critical when a replica's link is down; skipped where nothing is replicated.",
     .remediation = "redis-cli INFO replication on both sides",
     .reference = "Redis manual, replication"},
    each_observed<&facts::Observations::redis, judge_replica>};

} // namespace health::checks
