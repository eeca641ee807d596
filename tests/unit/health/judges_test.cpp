// SPDX-License-Identifier: MIT
// A table of facts and verdicts for every check: each row spoils healthy facts in one way.
#include "unit/health/support.hpp"

#include <functional>
#include <set>

namespace health_judges_test {

using namespace std::chrono_literals;
using core::Bytes;
using core::Verdict;
using sample::k_now;
using sample::observed;

namespace {

facts::Http answer() {
    facts::Http made;
    made.status = 200;
    made.body = "ok";
    made.headers = {{"content-type", "application/json"}};
    made.phases.total = 8ms;
    made.certificate = facts::Certificate{
        .subject = "localhost", .not_before = k_now - 24h, .not_after = k_now + 61 * 24h};
    return made;
}

facts::Postgres postgres() {
    facts::Postgres made;
    made.version = 150018;
    made.connections = 10;
    made.max_connections = 100;
    made.reserved_connections = 3;
    made.cache_hit_ratio = 0.99;
    made.blocks_read = 1'000'000;
    made.wraparound_age = 1000;
    return made;
}

facts::Redis redis() {
    facts::Redis made;
    made.version = "7.0.15";
    made.role = "master";
    made.used_memory = Bytes{84};
    made.max_memory = Bytes{256};
    made.eviction_policy = "noeviction";
    made.connected_clients = 5;
    made.max_clients = 10000;
    made.aof_enabled = true;
    made.since_last_save = 2min;
    made.queue_lengths["gan:queue"] = 1;
    return made;
}

facts::Ipfs ipfs() {
    facts::Ipfs made;
    made.agent = "kubo 0.18.0";
    made.repo_size = Bytes{1};
    made.storage_max = Bytes{10};
    made.peers = 3;
    made.content =
        facts::IpfsContent{.cid = "bafy", .bytes = 10, .verified = true, .complete = true};
    return made;
}

facts::Prometheus prometheus() {
    facts::Prometheus made;
    made.ready = true;
    made.rules = 4;
    made.targets = {{.job = "api", .instance = "api:8080", .health = "up"}};
    made.error_rate_metric = "http_requests_total";
    made.error_rates = {{.service = "api", .requests_per_second = 10, .errors_per_second = 0}};
    made.generation_p95 = 2.0;
    return made;
}

facts::Ethereum ethereum() {
    facts::Ethereum made;
    made.chain_id = 31337;
    made.head_time = k_now - 4s;
    made.gas_price_gwei = 1.2;
    made.contracts = {{.name = "gallery", .address = "0x1", .code_bytes = 100}};
    return made;
}

facts::Host host() {
    facts::Host made;
    made.window = 250ms;
    made.cpus = 2;
    made.cpu_busy = 0.2;
    made.core_busy = {0.1, 0.3};
    made.memory_total = Bytes{100};
    made.memory_available = Bytes{60};
    made.filesystems = {{.mount_point = "/",
                         .used = Bytes{50},
                         .total = Bytes{100},
                         .inodes_used = 1,
                         .inodes_total = 100}};
    made.interfaces = {{.name = "eth0"}};
    made.descriptors_used = 10;
    made.descriptors_max = 1000;
    return made;
}

facts::Gpus gpus() {
    facts::Gpu one;
    one.id = "0";
    one.name = "NVIDIA T4";
    one.busy = 0.4;
    one.memory_used = Bytes{4};
    one.memory_total = Bytes{16};
    one.temperature = 60;
    one.slowdown_temperature = 93;
    one.uncorrected_ecc = 0;
    return {.source = "NVML, driver 535", .all = {one}};
}

facts::PastSeries usually(double value, const char* unit) {
    facts::PastSeries made{.unit = unit};
    for (int i = 48; i > 0; --i)
        made.samples.push_back({k_now - std::chrono::hours{i}, value, Verdict::ok});
    return made;
}

facts::Past past() {
    facts::Past made;
    made.series["health.latency-baseline.web"] = usually(0.008, "s");
    made.series["health.error-baseline.api"] = usually(0, "%");
    made.series["health.network-baseline.eth0.in"] = usually(0, "B/s");
    made.series["health.network-baseline.eth0.out"] = usually(0, "B/s");
    return made;
}

facts::Swarm swarm() {
    facts::Swarm made;
    made.state = "active";
    made.manager = true;
    made.nodes = {{.id = "n1",
                   .hostname = "one",
                   .role = "manager",
                   .availability = "active",
                   .state = "ready",
                   .reachability = "reachable",
                   .leader = true}};
    made.services = {{.id = "s1",
                      .name = "gallery_api",
                      .service = "api",
                      .stack = "gallery",
                      .mode = "replicated",
                      .desired = 2,
                      .running = 2}};
    return made;
}

facts::SwarmTask failed_task(std::chrono::minutes ago) {
    return {.id = "t",
            .node = "one",
            .slot = 1,
            .state = "failed",
            .error = "task: non-zero exit (1)",
            .exit_code = 1,
            .time = k_now - ago};
}

facts::Observations gallery() {
    auto seen = sample::with_containers({sample::container("api")});
    seen.engines[0].result->containers[0].reach = facts::Reach::answered;
    seen.engines[0].result->cluster = swarm();
    seen.endpoints = {observed("web", answer())};
    seen.postgres = {observed("db", postgres())};
    seen.redis = {observed("cache", redis())};
    seen.ipfs = {observed("ipfs", ipfs())};
    seen.prometheus = {observed("prometheus", prometheus())};
    seen.alertmanager = {observed("alertmanager", facts::Alertmanager{.ready = true})};
    seen.grafana = {observed("grafana", std::string{"10.0"})};
    seen.ethereum = {observed("ethereum", ethereum())};
    seen.host = {observed("host", host())};
    seen.gpus = {observed("gpu", gpus())};
    seen.past = past();
    seen.self = facts::Self{.descriptor_limit = 1024};
    return seen;
}

config::Config settings() {
    config::Config made;
    made.project = "gallery";
    made.endpoints = {{.name = "web",
                       .url = "http://web/health",
                       .expect_body = "ok",
                       .expect_headers = {{"Content-Type", "json"}}}};
    made.ethereum = config::Ethereum{.rpc = "http://eth", .chain_id = 31337};
    return made;
}

struct Row {
    const char* id;
    const char* what;
    std::function<void(facts::Observations&)> spoil;
    Verdict verdict;
};

template <class Change>
std::function<void(facts::Observations&)> web(Change change) {
    return [change](facts::Observations& seen) { change(*seen.endpoints[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> db(Change change) {
    return [change](facts::Observations& seen) { change(*seen.postgres[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> cache(Change change) {
    return [change](facts::Observations& seen) { change(*seen.redis[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> node(Change change) {
    return [change](facts::Observations& seen) { change(*seen.ipfs[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> prom(Change change) {
    return [change](facts::Observations& seen) { change(*seen.prometheus[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> alerts(Change change) {
    return [change](facts::Observations& seen) { change(*seen.alertmanager[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> eth(Change change) {
    return [change](facts::Observations& seen) { change(*seen.ethereum[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> machine(Change change) {
    return [change](facts::Observations& seen) { change(*seen.host[0].result); };
}

template <class Change>
std::function<void(facts::Observations&)> card(Change change) {
    return [change](facts::Observations& seen) { change(seen.gpus[0].result->all[0]); };
}

std::function<void(facts::Observations&)> no_card(core::ErrorKind kind) {
    return [kind](facts::Observations& seen) {
        seen.gpus = {sample::failed<facts::Gpus>("gpu", kind)};
    };
}

template <class Change>
std::function<void(facts::Observations&)> box(Change change) {
    return [change](facts::Observations& seen) { change(seen.engines[0].result->containers[0]); };
}

/// A gallery whose Prometheus counts no requests, and what came of reading a service's log.
std::function<void(facts::Observations&)> logged(core::Result<facts::AccessLog> log) {
    if (log) log->window = 5min;
    return [log](facts::Observations& seen) {
        seen.prometheus[0].result->error_rates.clear();
        facts::Observed<facts::AccessLog> one;
        one.name = "gallery_web_1";
        one.service = "web";
        one.result = log;
        seen.access_logs = {one};
    };
}

template <class Change>
std::function<void(facts::Observations&)> cluster(Change change) {
    return [change](facts::Observations& seen) { change(*seen.engines[0].result->cluster); };
}

facts::Alert alert(const std::string& name, const std::string& severity) {
    facts::Alert made;
    made.name = name;
    made.severity = severity;
    made.labels["service"] = "api";
    return made;
}

const std::vector<Row>& rows() {
    static const std::vector<Row> k_rows{
        {"health.self.disk", "no room for an output",
         [](auto& s) { s.self->outlets = {{"/out/a.json", "/out", Bytes{0}, true}}; },
         Verdict::unknown},
        {"health.gallery.discovery", "nothing to look at",
         [](auto& s) { s.discovery_problem = "two projects"; }, Verdict::unknown},
        {"health.docker-engine.local", "silent",
         [](auto& s) {
             s.engines[0] = sample::failed<facts::Docker>("local", core::ErrorKind::timeout);
         },
         Verdict::critical},
        {"health.docker-engine.local", "not for this user",
         [](auto& s) {
             s.engines[0] = sample::failed<facts::Docker>("local", core::ErrorKind::permission);
         },
         Verdict::unknown},
        {"health.docker.api", "paused",
         box([](auto& c) { c.state = facts::ContainerState::paused; }), Verdict::critical},
        {"health.swarm.local", "a worker", cluster([](auto& c) {
             c = {.node = "n2", .state = "active", .problem = "not a manager"};
         }),
         Verdict::unknown},
        {"health.swarm.local", "locked",
         cluster([](auto& c) { c = {.state = "locked", .problem = "Swarm is encrypted"}; }),
         Verdict::critical},
        {"health.swarm.local", "without a leader", cluster([](auto& c) {
             c = {.state = "active", .manager = true, .problem = "The swarm has no leader"};
         }),
         Verdict::critical},
        {"health.swarm.local", "silent", cluster([](auto& c) { c = {.problem = "no answer"}; }),
         Verdict::unknown},
        {"health.swarm-node.one", "down", cluster([](auto& c) { c.nodes[0].state = "down"; }),
         Verdict::critical},
        {"health.swarm-node.one", "a manager out of reach",
         cluster([](auto& c) { c.nodes[0].reachability = "unreachable"; }), Verdict::critical},
        {"health.swarm-node.one", "drained",
         cluster([](auto& c) { c.nodes[0].availability = "drain"; }), Verdict::warning},
        {"health.swarm-node.one", "paused",
         cluster([](auto& c) { c.nodes[0].availability = "pause"; }), Verdict::warning},
        {"health.swarm-node.one", "not known",
         cluster([](auto& c) { c.nodes[0].state = "unknown"; }), Verdict::unknown},
        {"health.swarm-service.api", "one of two",
         cluster([](auto& c) { c.services[0].running = 1; }), Verdict::warning},
        {"health.swarm-service.api", "none of two",
         cluster([](auto& c) { c.services[0].running = 0; }), Verdict::critical},
        {"health.swarm-service.api", "just deployed", cluster([](auto& c) {
             c.services[0].running = 0;
             c.services[0].starting = 2;
             c.services[0].updated_at = k_now - 10s;
         }),
         Verdict::warning},
        {"health.swarm-service.api", "on the way for long", cluster([](auto& c) {
             c.services[0].running = 0;
             c.services[0].starting = 2;
             c.services[0].updated_at = k_now - 10min;
         }),
         Verdict::critical},
        {"health.swarm-service.api", "scaled to none",
         cluster([](auto& c) { c.services[0].desired = c.services[0].running = 0; }), Verdict::ok},
        {"health.swarm-service.api", "its update stopped",
         cluster([](auto& c) { c.services[0].update_state = "paused"; }), Verdict::warning},
        {"health.swarm-service.api", "a job that is done", cluster([](auto& c) {
             c.services[0].mode = "replicated-job";
             c.services[0].running = 0;
             c.services[0].completed = 2;
         }),
         Verdict::ok},
        {"health.swarm-service.api", "a job that nobody does", cluster([](auto& c) {
             c.services[0].mode = "replicated-job";
             c.services[0].running = 0;
         }),
         Verdict::critical},
        {"health.swarm-task.api", "three failures within the hour", cluster([](auto& c) {
             c.services[0].failed = {failed_task(1min), failed_task(20min), failed_task(59min)};
         }),
         Verdict::warning},
        {"health.swarm-task.api", "two, and one long ago", cluster([](auto& c) {
             c.services[0].failed = {failed_task(1min), failed_task(20min), failed_task(61min)};
         }),
         Verdict::ok},
        {"health.docker-restarts.api", "four in an hour", box([](auto& c) {
             c.restart_count = 4;
             c.started_at = k_now - 10min;
         }),
         Verdict::warning},
        {"health.container-cpu.api", "at its quota", box([](auto& c) {
             c.usage =
                 facts::ContainerUsage{.cpu_cores = 0.9, .cpu_limit_cores = 1, .memory_limit = {1}};
         }),
         Verdict::warning},
        {"health.container-memory.api", "nearly killed", box([](auto& c) {
             c.usage = facts::ContainerUsage{.memory = {98}, .memory_limit = {100}};
         }),
         Verdict::critical},
        {"health.docker-image.api", "drift is a note", box([](auto& c) {
             c.image_id = "a";
             c.current_image_id = "b";
         }),
         Verdict::ok},
        {"health.http.web", "502", web([](auto& a) { a.status = 502; }), Verdict::critical},
        {"health.http.web", "a redirect is no success", web([](auto& a) {
             a.status = 302;
             a.headers["location"] = "/login";
         }),
         Verdict::critical},
        {"health.http.web", "wrong body", web([](auto& a) { a.body = "maintenance"; }),
         Verdict::critical},
        {"health.http.web", "wrong header",
         web([](auto& a) { a.headers["content-type"] = "text/html"; }), Verdict::critical},
        {"health.http.web", "no header", web([](auto& a) { a.headers.clear(); }),
         Verdict::critical},
        {"health.http.web", "refused",
         [](auto& s) {
             s.endpoints[0] = sample::failed<facts::Http>("web", core::ErrorKind::refused);
         },
         Verdict::critical},
        {"health.http.web", "interrupted",
         [](auto& s) {
             s.endpoints[0] = sample::failed<facts::Http>("web", core::ErrorKind::cancelled);
         },
         Verdict::unknown},
        {"health.http.web", "no descriptors left here",
         [](auto& s) {
             s.endpoints[0] = sample::failed<facts::Http>("web", core::ErrorKind::observer);
         },
         Verdict::unknown},
        {"health.http-latency.web", "slow", web([](auto& a) { a.phases.total = 1001ms; }),
         Verdict::warning},
        {"health.latency-baseline.web", "60 times as slow",
         web([](auto& a) { a.phases.total = 500ms; }), Verdict::warning},
        {"health.latency-baseline.web", "no baseline yet",
         [](auto& s) { s.past->series["health.latency-baseline.web"].samples.resize(7); },
         Verdict::skipped},
        {"health.certificate.web", "29 days",
         web([](auto& a) { a.certificate->not_after = k_now + 29 * 24h; }), Verdict::warning},
        {"health.certificate.web", "6 days",
         web([](auto& a) { a.certificate->not_after = k_now + 6 * 24h; }), Verdict::critical},
        {"health.certificate.web", "expired",
         web([](auto& a) { a.certificate->not_after = k_now - 1s; }), Verdict::critical},
        {"health.certificate.web", "not yet",
         web([](auto& a) { a.certificate->not_before = k_now + 1h; }), Verdict::critical},
        {"health.error-rate.api", "2 %",
         prom([](auto& p) { p.error_rates[0].errors_per_second = 0.2; }), Verdict::warning},
        {"health.error-rate.api", "8 %",
         prom([](auto& p) { p.error_rates[0].errors_per_second = 0.8; }), Verdict::critical},
        {"health.error-rate.api", "three requests",
         prom([](auto& p) { p.error_rates[0] = {"api", 0.01, 0.01}; }), Verdict::skipped},
        {"health.docker-network.api", "cut off",
         box([](auto& c) { c.reach = facts::Reach::silent; }), Verdict::critical},
        {"health.error-rate.web", "2 % of an access log", logged(facts::AccessLog{{}, 400, 200, 4}),
         Verdict::warning},
        {"health.error-rate.web", "a good access log", logged(facts::AccessLog{{}, 400, 200, 0}),
         Verdict::ok},
        {"health.error-rate.web", "a few requests", logged(facts::AccessLog{{}, 400, 5, 4}),
         Verdict::skipped},
        {"health.error-rate.web", "a log of something else",
         logged(facts::AccessLog{{}, 400, 0, 0}), Verdict::skipped},
        {"health.error-rate.web", "a silent log", logged(facts::AccessLog{{}, 0, 0, 0}),
         Verdict::skipped},
        {"health.error-rate.web", "a log that can't be read",
         logged(
             std::unexpected(core::Error{.kind = core::ErrorKind::missing, .reason = "no driver"})),
         Verdict::unknown},
        {"health.error-baseline.api", "errors where there were none",
         prom([](auto& p) { p.error_rates[0].errors_per_second = 0.05; }), Verdict::warning},
        {"health.error-baseline.api", "one error may be chance",
         prom([](auto& p) { p.error_rates[0] = {"api", 1, 0.005}; }), Verdict::ok},
        {"health.error-baseline.api", "over the absolute limit",
         prom([](auto& p) { p.error_rates[0].errors_per_second = 0.2; }), Verdict::skipped},
        {"health.gan-queue.gan:queue", "51 jobs",
         cache([](auto& r) { r.queue_lengths["gan:queue"] = 51; }), Verdict::warning},
        {"health.gan-generation.generation", "no picture lately", prom([](auto& p) {
             p.generation_query = "histogram";
             p.generation_p95.reset();
         }),
         Verdict::skipped},
        {"health.gan-generation.generation", "40 s", prom([](auto& p) { p.generation_p95 = 40; }),
         Verdict::warning},
        {"health.gpu.0", "lost", card([](auto& g) { g.problem = "GPU is lost"; }),
         Verdict::critical},
        {"health.gpu.0", "ECC errors", card([](auto& g) { g.uncorrected_ecc = 2; }),
         Verdict::warning},
        {"health.gpu.0", "an Xid", card([](auto& g) { g.last_xid = 79; }), Verdict::warning},
        {"health.gpu.0", "hot", card([](auto& g) { g.temperature = 91; }), Verdict::warning},
        {"health.gpu.0", "slowed down", card([](auto& g) { g.thermal_slowdown = true; }),
         Verdict::warning},
        {"health.gpu.0", "full", card([](auto& g) { g.memory_used = Bytes{16}; }),
         Verdict::warning},
        {"health.gpu.0", "no figure at all", card([](auto& g) { g = facts::Gpu{.id = "0"}; }),
         Verdict::ok},
        {"health.gpu.gpu", "no driver", no_card(core::ErrorKind::missing), Verdict::skipped},
        {"health.gpu.gpu", "a driver that hangs", no_card(core::ErrorKind::timeout),
         Verdict::unknown},
        {"health.gpu.node7:0", "told by DCGM",
         [](auto& s) {
             s.gpus = {sample::failed<facts::Gpus>("gpu", core::ErrorKind::missing)};
             s.prometheus[0].result->gpus = {facts::Gpu{.id = "node7:0", .last_xid = 31}};
         },
         Verdict::warning},
        {"health.postgres.db", "login refused",
         [](auto& s) {
             s.postgres[0] = sample::failed<facts::Postgres>("db", core::ErrorKind::auth);
         },
         Verdict::critical},
        {"health.postgres-connections.db", "80 of 97", db([](auto& p) { p.connections = 80; }),
         Verdict::warning},
        {"health.postgres-connections.db", "95 of 97", db([](auto& p) { p.connections = 95; }),
         Verdict::critical},
        {"health.postgres-connections.db", "no limit told",
         db([](auto& p) { p.max_connections = 0; }), Verdict::unknown},
        {"health.postgres-transactions.db", "an hour idle",
         db([](auto& p) { p.longest_transaction = 1h; }), Verdict::warning},
        {"health.postgres-transactions.db", "a second",
         db([](auto& p) { p.longest_transaction = 1s; }), Verdict::ok},
        {"health.postgres-locks.db", "a pile-up", db([](auto& p) { p.waiting_locks = 5; }),
         Verdict::warning},
        {"health.postgres-replication.db", "a late standby", db([](auto& p) {
             p.in_recovery = true;
             p.recovery_lag = 31s;
         }),
         Verdict::warning},
        {"health.postgres-replication.db", "a late replica",
         db([](auto& p) { p.replicas = {{.name = "r", .replay_lag = 31s}}; }), Verdict::warning},
        {"health.postgres-replication.db", "an abandoned slot",
         db([](auto& p) { p.inactive_slots = 1; }), Verdict::warning},
        {"health.postgres-replication.db", "a good replica",
         db([](auto& p) { p.replicas = {{.name = "r", .replay_lag = 1s}}; }), Verdict::ok},
        {"health.postgres-archive.db", "failing", db([](auto& p) { p.archiver_failing = true; }),
         Verdict::critical},
        {"health.postgres-cache.db", "cold", db([](auto& p) { p.cache_hit_ratio = 0.5; }),
         Verdict::warning},
        {"health.postgres-cache.db", "too young", db([](auto& p) {
             p.blocks_read = 10;
             p.cache_hit_ratio = 0.1;
         }),
         Verdict::skipped},
        {"health.postgres-wraparound.db", "half way",
         db([](auto& p) { p.wraparound_age = 1'100'000'000; }), Verdict::warning},
        {"health.postgres-wraparound.db", "nearly there",
         db([](auto& p) { p.wraparound_age = 2'000'000'000; }), Verdict::critical},
        {"health.redis.cache", "loading", cache([](auto& r) { r.loading = true; }),
         Verdict::critical},
        {"health.redis-memory.cache", "86 %", cache([](auto& r) { r.used_memory = Bytes{221}; }),
         Verdict::warning},
        {"health.redis-memory.cache", "full", cache([](auto& r) { r.used_memory = Bytes{256}; }),
         Verdict::critical},
        {"health.redis-memory.cache", "a full cache may evict", cache([](auto& r) {
             r.used_memory = Bytes{256};
             r.eviction_policy = "allkeys-lru";
         }),
         Verdict::ok},
        {"health.redis-clients.cache", "9000 of 10000",
         cache([](auto& r) { r.connected_clients = 9000; }), Verdict::warning},
        {"health.redis-clients.cache", "rejected",
         cache([](auto& r) { r.rejected_connections = 1; }), Verdict::warning},
        {"health.redis-evictions.cache", "one", cache([](auto& r) { r.evicted_keys = 1; }),
         Verdict::warning},
        {"health.redis-save.cache", "failed", cache([](auto& r) { r.rdb_last_status = "err"; }),
         Verdict::critical},
        {"health.redis-save.cache", "late, with changes", cache([](auto& r) {
             r.since_last_save = 27h;
             r.changes_since_save = 1;
         }),
         Verdict::warning},
        {"health.redis-save.cache", "late, nothing to save",
         cache([](auto& r) { r.since_last_save = 27h; }), Verdict::ok},
        {"health.redis-aof.cache", "write failed",
         cache([](auto& r) { r.aof_last_write_status = "err"; }), Verdict::critical},
        {"health.redis-aof.cache", "rewrite failed",
         cache([](auto& r) { r.aof_last_rewrite_status = "err"; }), Verdict::warning},
        {"health.redis-replication.cache", "link down", cache([](auto& r) {
             r.role = "slave";
             r.master_link_status = "down";
         }),
         Verdict::critical},
        {"health.redis-replication.cache", "two replicas",
         cache([](auto& r) { r.connected_replicas = 2; }), Verdict::ok},
        {"health.ipfs.ipfs", "silent",
         [](auto& s) { s.ipfs[0] = sample::failed<facts::Ipfs>("ipfs", core::ErrorKind::timeout); },
         Verdict::critical},
        {"health.ipfs-repo.ipfs", "9 of 10", node([](auto& n) { n.repo_size = Bytes{9}; }),
         Verdict::warning},
        {"health.ipfs-peers.ipfs", "alone", node([](auto& n) { n.peers = 0; }), Verdict::warning},
        {"health.ipfs-peers.ipfs", "offline on purpose", node([](auto& n) { n.offline = true; }),
         Verdict::skipped},
        {"health.ipfs-content.ipfs", "lying gateway", node([](auto& n) {
             n.content = facts::IpfsContent{.cid = "bafy", .mismatch = "other bytes"};
         }),
         Verdict::critical},
        {"health.ipfs-content.ipfs", "hanging gateway", node([](auto& n) {
             n.content = std::unexpected(
                 core::Error{.kind = core::ErrorKind::timeout, .reason = "no answer"});
         }),
         Verdict::critical},
        {"health.ipfs-content.ipfs", "nothing pinned", node([](auto& n) { n.content.reset(); }),
         Verdict::skipped},
        {"health.ethereum.ethereum", "wrong chain", eth([](auto& e) { e.chain_id = 1; }),
         Verdict::critical},
        {"health.ethereum-head.ethereum", "stands still",
         eth([](auto& e) { e.head_time = k_now - 3min; }), Verdict::warning},
        {"health.ethereum-head.ethereum", "from the future",
         eth([](auto& e) { e.head_time = k_now + 1min; }), Verdict::warning},
        {"health.ethereum-head.ethereum", "syncing", eth([](auto& e) { e.syncing = true; }),
         Verdict::warning},
        {"health.ethereum-gas.ethereum", "dear", eth([](auto& e) { e.gas_price_gwei = 300; }),
         Verdict::warning},
        {"health.ethereum-gas.ethereum", "not told", eth([](auto& e) { e.gas_price_gwei.reset(); }),
         Verdict::skipped},
        {"health.contract.gallery", "no code", eth([](auto& e) { e.contracts[0].code_bytes = 0; }),
         Verdict::critical},
        {"health.prometheus.prometheus", "not ready", prom([](auto& p) { p.ready = false; }),
         Verdict::critical},
        {"health.scrape.api", "down", prom([](auto& p) { p.targets[0].health = "down"; }),
         Verdict::warning},
        {"health.scrape.api", "never scraped",
         prom([](auto& p) { p.targets[0].health = "unknown"; }), Verdict::warning},
        {"health.rules.prometheus", "broken rule",
         prom([](auto& p) { p.rule_errors = {{"g", "r", "e"}}; }), Verdict::warning},
        {"health.rules.prometheus", "no rules", prom([](auto& p) { p.rules = 0; }),
         Verdict::warning},
        {"health.alertmanager.alertmanager", "not ready", alerts([](auto& a) { a.ready = false; }),
         Verdict::critical},
        {"health.alert.High5xx.api", "critical",
         alerts([](auto& a) { a.alerts = {alert("High5xx", "critical")}; }), Verdict::critical},
        {"health.alert.Slow.api", "warning",
         alerts([](auto& a) { a.alerts = {alert("Slow", "warning")}; }), Verdict::warning},
        {"health.grafana.grafana", "away",
         [](auto& s) {
             s.grafana[0] = sample::failed<std::string>("grafana", core::ErrorKind::refused);
         },
         Verdict::warning},
        {"health.host-cpu.host", "busy", machine([](auto& h) { h.cpu_busy = 0.81; }),
         Verdict::warning},
        {"health.host-memory.host", "short",
         machine([](auto& h) { h.memory_available = Bytes{15}; }), Verdict::warning},
        {"health.host-memory.host", "gone", machine([](auto& h) { h.memory_available = Bytes{2}; }),
         Verdict::critical},
        {"health.host-memory.host", "not told", machine([](auto& h) { h.memory_total = Bytes{0}; }),
         Verdict::unknown},
        {"health.disk./", "90 %", machine([](auto& h) { h.filesystems[0].used = Bytes{90}; }),
         Verdict::warning},
        {"health.disk./", "full", machine([](auto& h) { h.filesystems[0].used = Bytes{98}; }),
         Verdict::critical},
        {"health.disk./", "hung", machine([](auto& h) { h.filesystems[0].unresponsive = true; }),
         Verdict::unknown},
        {"health.inodes./", "none left",
         machine([](auto& h) { h.filesystems[0].inodes_used = 99; }), Verdict::critical},
        {"health.network.eth0", "errors", machine([](auto& h) { h.interfaces[0].new_errors = 1; }),
         Verdict::warning},
        {"health.network-baseline.eth0.in", "a flood, for the second time",
         [](auto& s) {
             s.host[0].result->interfaces[0].rx_bytes_per_second = 1e9;
             s.past->series["health.network-baseline.eth0.in"].samples.back().value = 1e9;
         },
         Verdict::warning},
        {"health.network-baseline.eth0.out", "no history", [](auto& s) { s.past.reset(); },
         Verdict::skipped},
        {"health.descriptors.host", "short", machine([](auto& h) { h.descriptors_used = 900; }),
         Verdict::warning},
    };
    return k_rows;
}

} // namespace

TEST_CASE("a gallery that is well is well in every line") {
    for (const auto& finding : health::judge(gallery(), settings())) {
        INFO(finding.id << ": " << finding.message);
        CHECK((finding.verdict == Verdict::ok || finding.verdict == Verdict::skipped));
    }
}

TEST_CASE("each fault gets its verdict, a message and a next step") {
    for (const auto& row : rows()) {
        INFO(row.id << ": " << row.what);
        auto seen = gallery();
        row.spoil(seen);
        const auto finding = sample::judge_one(seen, row.id, settings());
        CHECK(finding.verdict == row.verdict);
        CHECK_FALSE(finding.message.empty());
        if (row.verdict == Verdict::warning || row.verdict == Verdict::critical)
            CHECK_FALSE(finding.remediation.empty());
    }
}

TEST_CASE("every check of the catalogue is shown in more than one verdict") {
    std::map<std::string_view, std::set<Verdict>> shown;
    const auto note = [&](const std::vector<core::Finding>& findings) {
        for (const auto& finding : findings)
            shown[health::find_check(finding.id)->spec.id].insert(finding.verdict);
    };
    note(health::judge(gallery(), settings()));
    for (const auto& row : rows()) {
        auto seen = gallery();
        row.spoil(seen);
        note({sample::judge_one(seen, row.id, settings())});
    }
    // Drift is a note by design, and an alert is a finding only when it fires.
    const std::set<std::string_view> one_sided{"health.docker-image", "health.container-cpu",
                                               "health.container-memory"};
    for (const auto* check : health::catalogue()) {
        INFO(check->spec.id);
        CHECK(shown[check->spec.id].size() >= (one_sided.contains(check->spec.id) ? 1U : 2U));
    }
}

TEST_CASE("alerts that are silenced, inhibited or always on are no findings") {
    auto seen = gallery();
    auto silenced = alert("A", "critical");
    silenced.silenced = true;
    auto inhibited = alert("B", "critical");
    inhibited.inhibited = true;
    seen.alertmanager[0].result->alerts = {silenced, inhibited, alert("Watchdog", "none")};
    const auto findings = health::judge(seen, settings());
    CHECK_FALSE(sample::has(findings, "health.alert.A.api"));
    CHECK_FALSE(sample::has(findings, "health.alert.B.api"));
    CHECK_FALSE(sample::has(findings, "health.alert.Watchdog.api"));
    CHECK(sample::find(findings, "health.alertmanager.alertmanager").message.find("1 silenced")
          != std::string::npos);
}

TEST_CASE("alerts that an earlier run of ours has sent are no findings") {
    auto seen = gallery();
    auto own = alert("GalleryOps", "critical");
    own.labels["source"] = "gallery-ops";
    auto other = alert("GalleryOps", "critical");
    other.labels["source"] = "somebody";
    seen.alertmanager[0].result->alerts = {own};
    CHECK_FALSE(sample::has(health::judge(seen, settings()), "health.alert.GalleryOps.api"));
    seen.alertmanager[0].result->alerts = {own, other};
    CHECK(sample::has(health::judge(seen, settings()), "health.alert.GalleryOps.api"));
}

TEST_CASE("a body is matched by text or by expression, and a bad expression never matches") {
    auto config = settings();
    config.endpoints[0].expect_body = "re:^o.$";
    CHECK(sample::judge_one(gallery(), "health.http.web", config).verdict == Verdict::ok);
    config.endpoints[0].expect_body = "re:([";
    CHECK(sample::judge_one(gallery(), "health.http.web", config).verdict == Verdict::critical);
}

TEST_CASE("thresholds come from the configuration") {
    auto config = settings();
    config.thresholds.disk = {40};
    CHECK(sample::judge_one(gallery(), "health.disk./", config).verdict == Verdict::warning);
}

TEST_CASE("a swarm's service says why its replicas are missing, with its tasks' errors") {
    auto seen = gallery();
    auto& service = seen.engines[0].result->cluster->services[0];
    service.running = 0;
    service.failed = {failed_task(1min)};
    auto finding = sample::judge_one(seen, "health.swarm-service.api", settings());
    CHECK(finding.component == "api");
    CHECK(finding.message
          == "0 of 2 replicas running: the last task failed, task: non-zero exit (1)");
    REQUIRE(finding.evidence.size() == 1);
    CHECK(finding.evidence[0].text == "failed on one 1 min ago: task: non-zero exit (1)");
    CHECK(finding.remediation == "docker service ps --no-trunc gallery_api");
    service.starting = 2;
    service.waiting = {{.id = "p", .state = "pending", .error = "no suitable node"}};
    finding = sample::judge_one(seen, "health.swarm-service.api", settings());
    CHECK(finding.message == "0 of 2 replicas running, 2 on the way: no suitable node");
    CHECK(finding.evidence.size() == 2);
}

TEST_CASE("a worker is well when its manager is asked too, and nothing is told twice") {
    auto seen = gallery();
    seen.engines[0].result->cluster->nodes.push_back({.id = "n2",
                                                      .hostname = "two",
                                                      .role = "worker",
                                                      .availability = "active",
                                                      .state = "ready"});
    auto worker = seen.engines[0];
    worker.name = "second";
    worker.result->cluster = {.node = "n2", .state = "active", .problem = "not a manager"};
    auto other_manager = seen.engines[0];
    other_manager.name = "third";
    seen.engines.push_back(worker);
    seen.engines.push_back(other_manager);
    const auto findings = health::judge(seen, settings());
    CHECK(sample::find(findings, "health.swarm.second").verdict == Verdict::ok);
    for (const char* once : {"health.swarm-service.api", "health.swarm-node.two"})
        CHECK(std::ranges::count(findings, once, &core::Finding::id) == 1);
    seen.engines[1].result->cluster->node = "of another swarm";
    CHECK(sample::judge_one(seen, "health.swarm.second", settings()).verdict == Verdict::unknown);
}

TEST_CASE("no body can end or stop the program by an expression that looks at it") {
    auto config = settings();
    auto seen = gallery();
    auto& body = seen.endpoints[0].result->body;
    for (const char* expression :
         {"re:o(.|x)*k$", "re:(x+x+)+y", "re:^(([a-z])+.)+[A-Z]([a-z])+$"}) {
        config.endpoints[0].expect_body = expression;
        body = "o" + std::string(std::size_t{64} << 10, 'x');
        INFO(expression);
        CHECK(sample::judge_one(seen, "health.http.web", config).verdict == Verdict::critical);
    }
    config.endpoints[0].expect_body = "re:\\bx+ (ok|fine)$";
    body = "o " + std::string(1000, 'x') + " fine";
    CHECK(sample::judge_one(seen, "health.http.web", config).verdict == Verdict::ok);
    config.endpoints[0].expect_body = "re:" + std::string(5000, '(');
    CHECK(sample::judge_one(seen, "health.http.web", config).verdict == Verdict::critical);
}

} // namespace health_judges_test
