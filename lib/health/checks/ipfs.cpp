// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

namespace health::checks {
namespace {

using config::Config;
using core::Judgement;
using facts::Ipfs;

Judgement judge_ipfs(const Ipfs& node, const Config& /*config*/, core::Time /*now*/) {
    return ok(fmt::format("{} answers", node.agent), node.agent);
}

Judgement judge_repo(const Ipfs& node, const Config& config, core::Time /*now*/) {
    // js-ipfs names 2^53 bytes: as good as none.
    constexpr core::Bytes k_no_limit{1ULL << 50U};
    if (node.storage_max.count == 0 || node.storage_max >= k_no_limit) {
        const auto size = core::format_bytes(node.repo_size);
        return ok(fmt::format("repository {}, the node names no limit", size), size);
    }
    const auto what = core::format_bytes_of(node.repo_size, node.storage_max);
    return judge_share(share_of(static_cast<double>(node.repo_size.count),
                                static_cast<double>(node.storage_max.count)),
                       {config.thresholds.ipfs_repo, k_nearly_full}, "repository {}, " + what,
                       what);
}

Judgement judge_peers(const Ipfs& node, const Config& /*config*/, core::Time /*now*/) {
    if (node.offline) return skipped("the node runs without a network on purpose");
    auto made = node.peers == 0
                    ? warning("no peer: nobody can fetch what is pinned here")
                    : ok(core::count_of(node.peers, "peer"), core::count_of(node.peers, "peer"));
    made.measured = figure(static_cast<double>(node.peers), "count");
    return made;
}

/// Judges a fetch that failed, or one whose content was compared.
Judgement judge_fetched(const core::Result<facts::IpfsContent>& content,
                        const core::CheckSpec& spec) {
    if (!content) return judge_error(content.error(), spec);
    const auto took = core::format_duration(content->duration);
    const auto cid = core::cut_middle(content->cid, 20);
    if (!content->verified) {
        auto made = critical(fmt::format("the gateway's content does not match its CID {}: {}", cid,
                                         content->mismatch));
        made.failure = core::Failure::broken;
        return made;
    }
    return ok(fmt::format("pinned {} fetched in {}: {}{} hashed and equal to the CID", cid, took,
                          content->complete ? "" : "the first ",
                          core::format_bytes({content->bytes})),
              fmt::format("pinned CID verified in {}", took));
}

std::vector<Judged> judge_content(const facts::Observations& seen, const Config& /*config*/,
                                  const core::CheckSpec& spec) {
    std::vector<Judged> all;
    for (const auto& node : seen.ipfs) {
        if (!node.result) continue;
        auto made = node.result->content
                        ? judge_fetched(*node.result->content, spec)
                        : skipped("no gateway is configured, or nothing is pinned");
        all.push_back({node.name, node.service, node.target, node.duration, std::move(made)});
    }
    return all;
}

} // namespace

const Check k_ipfs{
    {.id = "health.ipfs",
     .title = "IPFS node",
     .group = "ipfs",
     .section = "daily/system-health-check",
     .what = "Asks the node's RPC API for its version.",
     .why = "The art itself is on IPFS: without the node no image can be pinned.",
     .threshold = "Critical when the API does not answer within --timeout.",
     .setting = "ipfs[].api",
     .remediation = "docker-compose logs --tail=50 ipfs, then docker-compose up -d ipfs",
     .reference = "Kubo RPC API v0, version"},
    each<&facts::Observations::ipfs, judge_ipfs>};

const Check k_ipfs_repo{{.id = "health.ipfs-repo",
                         .title = "IPFS repository",
                         .group = "ipfs",
                         .section = "daily/system-health-check",
                         .what = "Takes the repository's size against StorageMax.",
                         .why = "At the limit the node collects garbage or refuses new blocks.",
                         .threshold = "Warning from 85 %, critical from 97 %.",
                         .setting = "thresholds.ipfs_repo",
                         .remediation = "ipfs repo gc, or raise Datastore.StorageMax",
                         .reference = "Kubo RPC API v0, repo/stat"},
                        each_observed<&facts::Observations::ipfs, judge_repo>};

const Check k_ipfs_peers{
    {.id = "health.ipfs-peers",
     .title = "IPFS peers",
     .group = "ipfs",
     .section = "daily/system-health-check",
     .what = "Counts the node's peers.",
     .why = "Without peers the art is served from one machine only.",
     .threshold = "Warning with no peer; skipped for a node that is offline on purpose.",
     .remediation = "ipfs bootstrap list; look at the firewall for port 4001",
     .reference = "Kubo RPC API v0, swarm/peers"},
    each_observed<&facts::Observations::ipfs, judge_peers>};

const Check k_ipfs_content{
    {.id = "health.ipfs-content",
     .title = "IPFS content",
     .group = "ipfs",
     .section = "daily/system-health-check",
     .what =
         "Fetches one pinned object through the gateway, hashes it and compares it with its CID.",
     .why =
         "A gateway that answers 200 with the wrong bytes, or not at all, loses the art silently.",
     .threshold = "Critical when it can't be fetched within --timeout or differs from the CID.",
     .setting = "ipfs[].cid, ipfs[].gateway",
     .remediation = "ipfs pin verify; ipfs block stat CID",
     .reference = "multiformats CID, UnixFS"},
    judge_content};

} // namespace health::checks
