// SPDX-License-Identifier: MIT
#include "probe/ipfs_blocks.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/answer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace probe {
namespace {

/// Blocks are at most 1 MiB by convention, 2 MiB by what nodes pass on.
constexpr std::size_t k_largest_block = std::size_t{2} << 20;

core::Error unknown_hash(const Cid& cid) {
    core::Error error;
    error.kind = core::ErrorKind::observer;
    error.what = "checking content against its CID";
    error.where = to_text(cid);
    error.reason = fmt::format("hash function 0x{:x} is not known to this program", cid.hash);
    error.phase = core::Phase::query;
    return error;
}

core::Error ended(const Cid& cid, bool stopped) {
    core::Error error;
    error.kind = stopped ? core::ErrorKind::cancelled : core::ErrorKind::timeout;
    error.what = "checking content against its CID";
    error.where = to_text(cid);
    error.reason = stopped ? "interrupted" : "no time was left to read the rest of it";
    error.phase = core::Phase::query;
    return error;
}

} // namespace

BlockReader::BlockReader(const config::Ipfs& target, core::Deadline deadline, std::stop_token stop)
    : m_target(target), m_deadline(deadline), m_stop(std::move(stop)),
      m_from_gateway(target.api.empty()) {}

std::vector<core::Result<std::string>> BlockReader::fetch(std::span<const Cid> cids,
                                                          bool from_gateway) const {
    std::vector<net::HttpRequest> requests;
    for (const auto& cid : cids) {
        net::HttpRequest request;
        request.max_body = k_largest_block;
        if (from_gateway) {
            request.url =
                net::join_url(m_target.gateway, fmt::format("/ipfs/{}?format=raw", to_text(cid)));
            request.headers["Accept"] = core::Secret{"application/vnd.ipld.raw"};
        } else {
            // Offline: a block that the node does not hold itself is not searched for.
            request.method = "POST";
            request.url = net::join_url(
                m_target.api, fmt::format("/api/v0/block/get?arg={}&offline=true&timeout={}ms",
                                          to_text(cid), m_deadline.remaining().count() + 1));
        }
        requests.push_back(std::move(request));
    }
    std::vector<core::Result<std::string>> blocks;
    auto answers = net::fetch_all(requests, m_deadline, m_stop);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Asked asked{
            "fetching block " + to_text(cids[i]),
            core::printable(core::mask_url(from_gateway ? m_target.gateway : m_target.api))};
        auto& answer = answers[i];
        if (!answer) {
            blocks.push_back(std::unexpected(answer.error()));
        } else if (auto good = check_status(*answer, asked); !good) {
            blocks.push_back(std::unexpected(std::move(good).error()));
        } else {
            blocks.push_back(std::move(answer->body));
        }
    }
    return blocks;
}

core::Result<std::vector<std::optional<std::string>>> BlockReader::read(std::span<const Cid> cids) {
    // Blocks that stand in their CIDs are read without a fetch that would look at the time.
    if (!cids.empty() && (m_deadline.passed() || m_stop.stop_requested()))
        return std::unexpected(ended(cids.front(), m_stop.stop_requested()));
    std::vector<std::optional<std::string>> blocks(cids.size());
    std::vector<Cid> wanted;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < cids.size(); ++i) {
        if (!can_check(cids[i])) return std::unexpected(unknown_hash(cids[i]));
        if (cids[i].hash == k_hash_identity) {
            blocks[i] = cids[i].digest;
        } else {
            wanted.push_back(cids[i]);
            places.push_back(i);
        }
    }
    m_left -= std::min(m_left, cids.size());
    auto fetched = fetch(wanted, m_from_gateway);
    const bool closed = !m_from_gateway && !m_target.gateway.empty() && !fetched.empty()
                        && !fetched.front()
                        && fetched.front().error().kind != core::ErrorKind::timeout
                        && fetched.front().error().kind != core::ErrorKind::cancelled;
    if (closed) {
        m_from_gateway = true;
        fetched = fetch(wanted, true);
    }
    for (std::size_t i = 0; i < fetched.size(); ++i) {
        if (!fetched[i]) return std::unexpected(std::move(fetched[i]).error());
        if (matches(wanted[i], *fetched[i])) {
            blocks[places[i]] = std::move(*fetched[i]);
        } else if (m_mismatch.empty()) {
            m_mismatch = fmt::format("block {} is not what its CID names ({} received)",
                                     to_text(wanted[i]), core::format_bytes({fetched[i]->size()}));
        }
    }
    return blocks;
}

core::Result<std::optional<std::string>> BlockReader::read(const Cid& cid) {
    TRY_ASSIGN(auto blocks, read(std::span{&cid, 1}));
    return std::move(blocks.front());
}

} // namespace probe
