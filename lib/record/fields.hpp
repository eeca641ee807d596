// SPDX-License-Identifier: MIT
//
// What a recording holds, one line a struct. A line names every field of its struct, in the order
// of the declaration; both directions, scrubbing and the tests walk it. A structured binding stands
// behind it, so a field that was added to the struct and forgotten here does not compile. The names
// are those of the JSON: they may not change while the schema's version stays.
#pragma once

#include "config/config.hpp"
#include "facts/observations.hpp"
#include "record/recording.hpp"

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace record {

/// Cuts the first name off "container, host, host_ip".
constexpr std::string_view next_name(std::string_view& names) {
    const auto comma = names.find(',');
    const auto name = names.substr(0, comma);
    names = comma < names.size() ? names.substr(comma + 1) : std::string_view{};
    while (names.starts_with(' '))
        names = names.substr(1);
    return name;
}

template <class Visit, class... Field>
void each_named(std::string_view names, Visit& visit, Field&... fields) {
    (visit(next_name(names), fields), ...);
}

template <class Record, class Type>
concept Is = std::same_as<std::remove_const_t<Record>, Type>;

// Calls `visit(name, field)` for every field of a Type.
#define GALLERY_OPS_RECORDED(Type, ...)                                                            \
    template <Is<Type> Record, class Visit>                                                        \
    void each_field(Record& record, Visit visit) {                                                 \
        auto& [__VA_ARGS__] = record;                                                              \
        each_named(#__VA_ARGS__, visit, __VA_ARGS__);                                              \
    }

// --- core

GALLERY_OPS_RECORDED(core::Error, kind, what, where, reason, hint, phase, elapsed, own)

// --- facts

GALLERY_OPS_RECORDED(facts::Phases, dns, connect, tls, first_byte, total)

template <class Record>
struct IsObserved : std::false_type {};

template <class Facts>
struct IsObserved<facts::Observed<Facts>> : std::true_type {};

template <class Record, class Visit>
    requires IsObserved<std::remove_const_t<Record>>::value
void each_field(Record& record, Visit visit) {
    auto& [name, service, target, result, duration] = record;
    each_named("name, service, target, result, duration", visit, name, service, target, result,
               duration);
}

GALLERY_OPS_RECORDED(facts::Port, container, host, host_ip, protocol)
GALLERY_OPS_RECORDED(facts::HealthRun, ended, exit_code, output)
GALLERY_OPS_RECORDED(facts::ContainerUsage, window, cpu_cores, cpu_limit_cores, memory,
                     memory_limit, memory_limited, oom_kills, throttled_share)
GALLERY_OPS_RECORDED(facts::Mount, type, name, source, destination, writable)
GALLERY_OPS_RECORDED(facts::Container, id, name, project, service, image, image_id,
                     current_image_id, state, oom_killed, exit_code, error, created_at, started_at,
                     finished_at, restart_count, restart_policy, one_off, health, failing_streak,
                     health_log, pid, log_driver, command, environment, labels, ports, addresses,
                     aliases, mounts, memory_limit, cpu_limit_cores, last_log, usage, usage_problem,
                     reach, reach_address)
GALLERY_OPS_RECORDED(facts::SwarmNode, id, hostname, role, availability, state, message,
                     reachability, leader)
GALLERY_OPS_RECORDED(facts::SwarmTask, id, node, slot, state, error, exit_code, time)
GALLERY_OPS_RECORDED(facts::SwarmService, id, name, service, stack, mode, desired, running,
                     starting, completed, update_state, update_message, updated_at, failed, waiting)
GALLERY_OPS_RECORDED(facts::Swarm, node, state, manager, problem, nodes, services)
GALLERY_OPS_RECORDED(facts::Docker, server, engine_version, api_version, local, swarm, containers,
                     cluster)

GALLERY_OPS_RECORDED(facts::Certificate, subject, issuer, names, not_before, not_after,
                     verify_error, protocol, key)
GALLERY_OPS_RECORDED(facts::Http, status, headers, body, http_version, remote_address, phases,
                     certificate)

GALLERY_OPS_RECORDED(facts::Replica, name, state, lag, replay_lag)
GALLERY_OPS_RECORDED(facts::Postgres, version, database, in_recovery, read_only, connect, query,
                     connections, max_connections, reserved_connections, waiting_locks,
                     longest_transaction, longest_transaction_state, longest_transaction_pid,
                     cache_hit_ratio, blocks_read, wraparound_age, autovacuum_freeze_max_age,
                     wraparound_database, recovery_lag, replicas, inactive_slots, slot_retained,
                     database_size, deadlocks, archive_mode, archiver_failing, not_visible,
                     transactions_problem, recovery_problem, replicas_problem, slots_problem,
                     archiver_problem)
GALLERY_OPS_RECORDED(facts::Redis, version, role, connect, ping, loading, used_memory, max_memory,
                     system_memory, eviction_policy, fragmentation_ratio, connected_clients,
                     max_clients, blocked_clients, rejected_connections, evicted_keys, uptime,
                     rdb_enabled, rdb_last_status, since_last_save, changes_since_save, aof_enabled,
                     aof_last_write_status, aof_last_rewrite_status, master_link_status,
                     master_last_io, connected_replicas, worst_replica_lag_bytes, queue_lengths,
                     queue_problems)
GALLERY_OPS_RECORDED(facts::IpfsContent, cid, bytes, verified, complete, mismatch, duration)
GALLERY_OPS_RECORDED(facts::Ipfs, agent, version, repo_size, storage_max, peers, pins, offline,
                     content)

GALLERY_OPS_RECORDED(facts::Gpu, id, name, uuid, busy, memory_used, memory_total, temperature,
                     slowdown_temperature, thermal_slowdown, uncorrected_ecc, last_xid, problem)
GALLERY_OPS_RECORDED(facts::Gpus, source, all)
GALLERY_OPS_RECORDED(facts::AccessLog, window, lines, requests, errors, gateway, cut)
GALLERY_OPS_RECORDED(facts::ScrapeTarget, job, instance, service, scrape_host, health, last_error,
                     last_scrape)
GALLERY_OPS_RECORDED(facts::RuleError, group, rule, error)
GALLERY_OPS_RECORDED(facts::ErrorRate, service, requests_per_second, errors_per_second, share)
GALLERY_OPS_RECORDED(facts::PrometheusProblems, targets, rules, error_rates, generation, queue,
                     gpus)
GALLERY_OPS_RECORDED(facts::Prometheus, ready, version, targets, rule_errors, rules, window,
                     error_rate_metric, error_rates, generation_query, generation_p95,
                     generation_end, gan_queue_depth, gpus, warnings, problems)
GALLERY_OPS_RECORDED(facts::Alert, name, severity, state, silenced, inhibited, starts_at, summary,
                     labels)
GALLERY_OPS_RECORDED(facts::Alertmanager, ready, version, cluster_status, alerts)

GALLERY_OPS_RECORDED(facts::ContractCode, name, address, code_bytes)
GALLERY_OPS_RECORDED(facts::Ethereum, client, chain_id, syncing, syncing_problem, current_block,
                     highest_block, head_time, gas_price_gwei, peers, contracts)

GALLERY_OPS_RECORDED(facts::Filesystem, mount_point, device, type, used, total, inodes_used,
                     inodes_total, read_only, unresponsive, problem)
GALLERY_OPS_RECORDED(facts::Interface, name, rx_bytes_per_second, tx_bytes_per_second, errors,
                     drops, new_errors, new_drops, packets)
GALLERY_OPS_RECORDED(facts::Host, name, window, cpus, cpu_busy, cpu_iowait, cpu_steal, cpu_still,
                     core_busy, load1, memory_total, memory_available, memory_of_group, swap_total,
                     swap_used, filesystems, interfaces, descriptors_used, descriptors_max)

GALLERY_OPS_RECORDED(config::ComposeService, name, image, restart, has_healthcheck, depends_on,
                     profiles, replicas, memory_limit, environment_hosts, given)
GALLERY_OPS_RECORDED(config::ComposeProject, name, services, other_files)

GALLERY_OPS_RECORDED(facts::Outlet, file, folder, free, full)
GALLERY_OPS_RECORDED(facts::Self, descriptor_limit, clock_step, built, outlets)

GALLERY_OPS_RECORDED(facts::PastSample, time, value, verdict)
GALLERY_OPS_RECORDED(facts::PastSeries, unit, samples)
GALLERY_OPS_RECORDED(facts::Standing, verdict, gone, since, problems, began)
GALLERY_OPS_RECORDED(facts::Past, window, standings, series)

GALLERY_OPS_RECORDED(facts::Observations, now, engines, compose, compose_problem, discovery_problem,
                     endpoints, access_logs, postgres, redis, ipfs, prometheus, alertmanager,
                     grafana, ethereum, host, gpus, past, self)

// --- configuration

GALLERY_OPS_RECORDED(config::Tls, ca_file, cert_file, key_file, verify)
GALLERY_OPS_RECORDED(config::DockerHost, name, url, tls)
GALLERY_OPS_RECORDED(config::Docker, hosts, compose_file)
GALLERY_OPS_RECORDED(config::Service, name, expected, replicas, component)
GALLERY_OPS_RECORDED(config::Endpoint, name, url, service, method, host_header, headers,
                     expect_status, expect_body, expect_headers, max_latency, tls)
GALLERY_OPS_RECORDED(config::Postgres, name, dsn, password, service)
GALLERY_OPS_RECORDED(config::Redis, name, url, username, password, queues, service, tls)
GALLERY_OPS_RECORDED(config::Ipfs, name, api, gateway, cid, service)
GALLERY_OPS_RECORDED(config::Monitor, url, username, password, bearer_token, service, tls)

// A struct with a base takes no structured binding; the test of the samples watches over this one.
template <Is<config::Prometheus> Record, class Visit>
void each_field(Record& record, Visit visit) {
    using Base =
        std::conditional_t<std::is_const_v<Record>, const config::Monitor, config::Monitor>;
    each_field(static_cast<Base&>(record), visit);
    each_named("error_rate_query, generation_query, window", visit, record.error_rate_query,
               record.generation_query, record.window);
}

GALLERY_OPS_RECORDED(config::Contract, name, address)
GALLERY_OPS_RECORDED(config::Ethereum, rpc, chain_id, contracts, service)
GALLERY_OPS_RECORDED(config::Thresholds, cpu, memory, disk, inodes, error_rate, latency,
                     connections, longest_transaction, replication_lag, cache_hit, wraparound,
                     redis_memory, last_save, ipfs_repo, certificate_warning, certificate_critical,
                     head_age, gas_price_gwei, gan_queue, generation, gpu_memory, restarts)
GALLERY_OPS_RECORDED(config::Webhook, name, url, headers, when, tls)
GALLERY_OPS_RECORDED(config::Ping, name, url, fail_url, tls)
GALLERY_OPS_RECORDED(config::Logs, proxies, allow)
GALLERY_OPS_RECORDED(config::Notify, webhooks, pings, after, keep)
GALLERY_OPS_RECORDED(config::Given, docker, endpoints, postgres, redis, ipfs, prometheus,
                     alertmanager, ethereum, grafana)
GALLERY_OPS_RECORDED(config::Config, project, docker, services, endpoints, postgres, redis, ipfs,
                     prometheus, alertmanager, grafana, ethereum, thresholds, notify, logs, owners,
                     contacts, sla, file, given, origins, sources)

// --- the run itself

GALLERY_OPS_RECORDED(Run, command, host, run_id, started_at, duration, interrupted, shown_at)
GALLERY_OPS_RECORDED(Zone, name, abbreviation, offset)
GALLERY_OPS_RECORDED(Head, version, run, zone, environment)

/// A visitor that does nothing, to ask whether a type can be visited.
struct Ignore {
    template <class Field>
    void operator()(std::string_view /*name*/, Field& /*field*/) const {}
};

template <class Record>
concept Described = requires(Record& record) { each_field(record, Ignore{}); };

// --- words of the enumerations: a switch each, so that the compiler misses none

[[nodiscard]] inline std::string_view word(core::ErrorKind kind) {
    return core::name(kind);
}

[[nodiscard]] inline std::string_view word(core::Phase phase) {
    return phase == core::Phase::none ? "none" : core::name(phase);
}

[[nodiscard]] inline std::string_view word(core::OwnTrouble trouble) {
    return trouble == core::OwnTrouble::none ? "none" : core::name(trouble);
}

[[nodiscard]] inline std::string_view word(core::Verdict verdict) {
    return core::name(verdict);
}

[[nodiscard]] constexpr std::string_view word(facts::ContainerState state) {
    using enum facts::ContainerState;
    switch (state) {
    case unknown:
        return "unknown";
    case created:
        return "created";
    case running:
        return "running";
    case paused:
        return "paused";
    case restarting:
        return "restarting";
    case removing:
        return "removing";
    case exited:
        return "exited";
    case dead:
        return "dead";
    }
    return {};
}

[[nodiscard]] constexpr std::string_view word(facts::Reach reach) {
    using enum facts::Reach;
    switch (reach) {
    case unknown:
        return "unknown";
    case answered:
        return "answered";
    case silent:
        return "silent";
    }
    return {};
}

[[nodiscard]] constexpr std::string_view word(config::Expected expected) {
    using enum config::Expected;
    switch (expected) {
    case running:
        return "running";
    case completed:
        return "completed";
    case absent:
        return "absent";
    }
    return {};
}

[[nodiscard]] constexpr std::string_view word(config::When when) {
    using enum config::When;
    switch (when) {
    case change:
        return "change";
    case problem:
        return "problem";
    case always:
        return "always";
    }
    return {};
}

[[nodiscard]] constexpr std::string_view word(config::Origin origin) {
    using enum config::Origin;
    switch (origin) {
    case built_in:
        return "built_in";
    case discovered:
        return "discovered";
    case environment:
        return "environment";
    case file:
        return "file";
    }
    return {};
}

} // namespace record
