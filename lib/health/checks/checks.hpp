// SPDX-License-Identifier: MIT
#pragma once

#include "health/check.hpp"

/// Every health check. A new one is declared here and listed in health/catalogue.cpp.
namespace health::checks {

/// Below this many failed requests a share of them is chance.
inline constexpr double k_least_errors = 5;

extern const Check k_self;
extern const Check k_gallery, k_engine, k_service, k_restarts, k_container_network, k_container_cpu,
    k_container_memory, k_image;
extern const Check k_swarm, k_swarm_node, k_swarm_service, k_swarm_task;
extern const Check k_endpoint, k_latency, k_certificate, k_error_rate;
extern const Check k_postgres, k_postgres_connections, k_postgres_transactions, k_postgres_locks,
    k_postgres_replication, k_postgres_archive, k_postgres_cache, k_postgres_wraparound;
extern const Check k_redis, k_redis_memory, k_redis_clients, k_redis_evictions, k_redis_save,
    k_redis_aof, k_redis_replication;
extern const Check k_ipfs, k_ipfs_repo, k_ipfs_peers, k_ipfs_content;
extern const Check k_prometheus, k_scrape, k_rules, k_alertmanager, k_alert, k_grafana;
extern const Check k_gan_queue, k_gan_generation, k_gpu;
extern const Check k_ethereum, k_ethereum_head, k_ethereum_gas, k_ethereum_contract;
extern const Check k_host_cpu, k_host_memory, k_host_disk, k_host_inodes, k_host_network,
    k_host_descriptors;
extern const Check k_latency_baseline, k_error_baseline, k_network_baseline;

} // namespace health::checks
