// SPDX-License-Identifier: MIT
#include "health/catalogue.hpp"

#include "health/checks/checks.hpp"
#include "health/own_trouble.hpp"

#include <array>

namespace health {
namespace {

using namespace checks;

constexpr std::array k_catalogue{
    &k_gallery,
    &k_engine,
    &k_service,
    &k_swarm,
    &k_swarm_node,
    &k_swarm_service,
    &k_swarm_task,
    &k_restarts,
    &k_container_network,
    &k_container_cpu,
    &k_container_memory,
    &k_image,
    &k_endpoint,
    &k_latency,
    &k_latency_baseline,
    &k_certificate,
    &k_error_rate,
    &k_error_baseline,
    &k_gan_queue,
    &k_gan_generation,
    &k_gpu,
    &k_postgres,
    &k_postgres_connections,
    &k_postgres_transactions,
    &k_postgres_locks,
    &k_postgres_replication,
    &k_postgres_archive,
    &k_postgres_cache,
    &k_postgres_wraparound,
    &k_redis,
    &k_redis_memory,
    &k_redis_clients,
    &k_redis_evictions,
    &k_redis_save,
    &k_redis_aof,
    &k_redis_replication,
    &k_ipfs,
    &k_ipfs_repo,
    &k_ipfs_peers,
    &k_ipfs_content,
    &k_ethereum,
    &k_ethereum_head,
    &k_ethereum_gas,
    &k_ethereum_contract,
    &k_prometheus,
    &k_scrape,
    &k_rules,
    &k_alertmanager,
    &k_alert,
    &k_grafana,
    &k_host_cpu,
    &k_host_memory,
    &k_host_disk,
    &k_host_inodes,
    &k_host_network,
    &k_network_baseline,
    &k_host_descriptors,
    &k_self,
};

/// Takes back a judgement that rests on a clock that is wrong.
void leave_open(core::Judgement& judgement) {
    if (judgement.verdict == core::Verdict::skipped) return;
    judgement.verdict = core::Verdict::unknown;
    judgement.failure = core::Failure::none;
    judgement.message += "; but the clock of this host is wrong";
    judgement.remediation = "set the clock, then look again: timedatectl";
    judgement.since.reset();
    judgement.cause = own_finding("clock");
}

/// Takes back those judgements that the time has a part in: judged at another time, they come out
/// differently. That a snapshot failed, say, stands by any clock.
void leave_open_by_clock(std::vector<Judged>& all, const Check& check, facts::Observations seen,
                         const config::Config& config) {
    constexpr std::chrono::days k_other_time{1000};
    seen.now += k_other_time;
    const auto later = check.judge(seen, config, check.spec);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool same = later.size() == all.size() && later[i].judgement == all[i].judgement;
        if (!same) leave_open(all[i].judgement);
    }
}

} // namespace

std::span<const Check* const> catalogue() {
    return k_catalogue;
}

const Check* find_check(std::string_view id) {
    const Check* best = nullptr;
    for (const Check* check : catalogue()) {
        const auto own = check->spec.id;
        const bool mine =
            id == own || (id.starts_with(own) && id.substr(own.size()).starts_with('.'));
        if (mine && (best == nullptr || own.size() > best->spec.id.size())) best = check;
    }
    return best;
}

std::vector<core::Finding> judge(const facts::Observations& observed,
                                 const config::Config& config) {
    const auto seen = own_up(observed);
    const bool clock_is_wrong = !clock_trouble(seen).empty();
    std::vector<core::Finding> findings;
    for (const Check* check : catalogue()) {
        auto all = check->judge(seen, config, check->spec);
        if (clock_is_wrong && check->spec.by_clock) leave_open_by_clock(all, *check, seen, config);
        for (auto& judged : all)
            findings.push_back(core::identified(std::move(judged), check->spec));
    }
    return findings;
}

} // namespace health
