// SPDX-License-Identifier: MIT
#pragma once

#include "core/secret.hpp"
#include "core/units.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace config {

using namespace std::chrono_literals;

/// Where an effective value came from, shown by `config show`.
enum class Origin : std::uint8_t { built_in, discovered, environment, file };

/// TLS settings of a target.
struct Tls {
    std::string ca_file{};
    std::string cert_file{};
    std::string key_file{};
    bool verify = true;
};

struct DockerHost {
    std::string name{}; ///< shown when there are several
    std::string url{};  ///< unix:///var/run/docker.sock, tcp://host:2376
    Tls tls{};
};

struct Docker {
    std::vector<DockerHost> hosts{};
    std::string compose_file{}; ///< empty: taken from the containers' labels
};

/// What is expected of a service, beyond what the compose file says.
enum class Expected : std::uint8_t { running, completed, absent };

struct Service {
    std::string name{};
    std::optional<Expected> expected{};
    std::optional<int> replicas{};
    std::string component{}; ///< frontend, gan, contracts, database: the playbook's components
};

struct Endpoint {
    std::string name{};
    std::string url{};
    std::string service{};
    std::string method{"GET"};
    std::string host_header{};
    std::map<std::string, core::Secret> headers{};
    std::vector<int> expect_status{200};
    std::string
        expect_body{}; ///< must occur in the body; "re:…" is an ECMAScript regular expression
    std::map<std::string, std::string> expect_headers{}; ///< name → text that the value must hold
    std::optional<core::Duration> max_latency{};         ///< else thresholds.latency
    Tls tls{};
};

struct Postgres {
    std::string name{};
    std::string dsn{}; ///< keyword/value or URL; never with a password once loaded
    core::Secret password{};
    std::string service{};
};

struct Redis {
    std::string name{};
    std::string url{}; ///< redis://host:port/db or rediss://; never with a password once loaded
    std::string username{};
    core::Secret password{};
    std::vector<std::string> queues{}; ///< keys whose length is watched (job queues)
    std::string service{};
    Tls tls{};
};

struct Ipfs {
    std::string name{};
    std::string api{};
    std::string gateway{}; ///< empty: content is not fetched
    std::string cid{};     ///< empty: the node's first pin
    std::string service{};
};

/// A server with one URL: Prometheus, Alertmanager, Grafana.
struct Monitor {
    std::string url{};
    std::string username{};
    core::Secret password{};
    core::Secret bearer_token{};
    std::string service{};
    Tls tls{};
};

struct Prometheus : Monitor {
    std::string error_rate_query{}; ///< replaces the built-in query; a vector with label "service"
    std::string generation_query{}; ///< seconds, a scalar or one-element vector
    core::Duration window{5min};    ///< look-back of the built-in rates
};

struct Contract {
    std::string name{};
    std::string address{};
};

struct Ethereum {
    std::string rpc{};
    std::optional<std::uint64_t> chain_id{};
    std::vector<Contract> contracts{};
    std::string service{};
};

/// After which runs a webhook is called.
enum class When : std::uint8_t { change, problem, always };

struct Webhook {
    std::string name{};
    core::Secret url{}; ///< whoever knows it can post
    std::map<std::string, core::Secret> headers{};
    When when = When::change;
    Tls tls{};
};

/// A dead man's switch: it is called after each run, and raises the alarm when no call comes.
struct Ping {
    std::string name{};
    core::Secret url{};
    core::Secret fail_url{}; ///< called instead when the exit code is not 0; empty: url is
    Tls tls{};
};

/// Who can be told after a run (`--notify`).
struct Notify {
    std::vector<Webhook> webhooks{};
    std::vector<Ping> pings{};
    std::optional<core::Duration> after{}; ///< how long a problem must have lasted to be told
    core::Duration keep{1h};               ///< how long an alert stands that no later run renews
};

/// Whose addresses count in logs: networks as core::parse_network reads them.
struct Logs {
    std::vector<std::string> proxies{};
    std::vector<std::string> allow{};
};

/// Limits of the daily check; the defaults are the playbook's.
struct Thresholds {
    core::Percent cpu{80};
    core::Percent memory{85};
    core::Percent disk{90};
    core::Percent inodes{90};
    core::Percent error_rate{1};
    core::Duration latency{1s};
    core::Percent connections{80};
    core::Duration longest_transaction{5min};
    core::Duration replication_lag{30s};
    core::Percent cache_hit{90};
    core::Percent wraparound{50}; ///< of the 2^31 transactions after which Postgres stops
    core::Percent redis_memory{85};
    core::Duration last_save{26h};
    core::Percent ipfs_repo{85};
    core::Duration certificate_warning{24h * 30};
    core::Duration certificate_critical{24h * 7};
    core::Duration head_age{2min};
    double gas_price_gwei = 200;
    std::int64_t gan_queue = 50;
    core::Duration generation{30s};
    core::Percent gpu_memory{98};
    int restarts = 3; ///< restarts of a container from which on it is a finding
};

/// Which of the sections that can be discovered were given by the file.
struct Given {
    bool docker = false;
    bool endpoints = false;
    bool postgres = false;
    bool redis = false;
    bool ipfs = false;
    bool prometheus = false;
    bool alertmanager = false;
    bool ethereum = false;
    bool grafana = false;
};

/// The effective configuration: a plain value, complete once loaded and discovered.
struct Config {
    std::string project{}; ///< compose project; empty until discovered
    Docker docker{};
    std::map<std::string, Service> services{};
    std::vector<Endpoint> endpoints{};
    std::vector<Postgres> postgres{};
    std::vector<Redis> redis{};
    std::vector<Ipfs> ipfs{};
    std::optional<Prometheus> prometheus{};
    std::optional<Monitor> alertmanager{};
    std::optional<Monitor> grafana{};
    std::optional<Ethereum> ethereum{};
    Thresholds thresholds{};
    Notify notify{};
    Logs logs{};
    std::map<std::string, std::string> owners{};   ///< component or playbook section → team
    std::map<std::string, std::string> contacts{}; ///< team → address
    std::map<std::string, std::string> sla{};      ///< as written; read by later commands

    std::string file{}; ///< the file it was read from; empty: built-in defaults
    Given given{};
    std::map<std::string, Origin> origins{}; ///< dotted key → origin; a missing key is built in
    std::map<std::string, std::string>
        sources{}; ///< dotted key → where exactly: "gallery-ops.yaml:12", "${NAME}"
};

} // namespace config
