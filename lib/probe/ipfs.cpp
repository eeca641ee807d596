// SPDX-License-Identifier: MIT
#include "probe/ipfs.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/answer.hpp"
#include "probe/aside.hpp"
#include "probe/ipfs_content.hpp"
#include "probe/ipfs_pins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <optional>
#include <span>

// Kubo's RPC API (docs.ipfs.tech/reference/kubo/rpc), every call a POST; js-ipfs speaks the same
// with other details: numbers as text, CIDs in base58.

namespace probe {
namespace {

/// Pins beyond these are counted no more: their list is left unread.
constexpr std::size_t k_largest_list = std::size_t{32} << 20;

/// Every other answer is small; the peers of a busy node take a few hundred KB.
constexpr std::size_t k_largest_answer = std::size_t{4} << 20;

/// Content up to this size is small enough to be fetched in every check.
constexpr std::int64_t k_small = std::int64_t{4} << 20;

/// So many pins are looked at for a small one: a few at first, since a node computes each answer.
constexpr std::size_t k_first_candidates = 2;
constexpr std::size_t k_candidates = 8;

struct IpfsSession {
    const config::Ipfs& target;
    core::Deadline deadline;
    std::stop_token stop;

    [[nodiscard]] net::HttpRequest call(const std::string& path) const {
        net::HttpRequest request;
        request.method = "POST";
        request.url = net::join_url(target.api, "/api/v0/" + path);
        request.max_body = path.starts_with("pin/ls") ? k_largest_list : k_largest_answer;
        return request;
    }

    [[nodiscard]] Asked asked(std::string_view what) const {
        return {fmt::format("asking IPFS for {}", what),
                core::printable(core::mask_url(target.api))};
    }
};

/// Returns the text of an API error ({"Message": …, "Code": …}); empty when it is none.
std::string api_message(const core::Result<facts::Http>& answer) {
    if (!answer || answer->status < 400) return {};
    const auto body = JsonView::parse(answer->body, {});
    if (!body || !body->is_object()) return {};
    return body->text_or_empty("Message").value_or("");
}

/// As json_answer, with the API's own words for what went wrong.
core::Result<JsonView> api_answer(const core::Result<facts::Http>& answer, const Asked& asked) {
    const std::string message = api_message(answer);
    if (!message.empty() && answer->status != 401 && answer->status != 403) {
        return std::unexpected(
            answer_error(asked, core::ErrorKind::protocol,
                         fmt::format("HTTP {}: {}", answer->status, excerpt(message))));
    }
    return json_answer(answer, asked);
}

/// Returns "kubo 0.18.0" for "kubo/0.18.0/675f8bddc" and the like.
std::string agent_of(const std::string& agent_version) {
    const auto parts = core::split(agent_version, '/');
    if (parts.empty()) return {};
    if (parts.size() == 1) return std::string{parts[0]};
    return fmt::format("{} {}", parts[0], parts[1]);
}

core::Result<void> read_repo(const JsonView& stat, facts::Ipfs& facts) {
    TRY_ASSIGN(const auto size, stat.whole("RepoSize"));
    if (size < 0) return std::unexpected(stat.error("holds a negative size"));
    facts.repo_size = {static_cast<std::uint64_t>(size)};
    if (!stat.has("StorageMax")) return {};
    TRY_ASSIGN(const auto storage_max, stat.at("StorageMax"));
    // "No limit" is the largest number of 64 bits, which may not fit.
    const auto most = storage_max.whole();
    if (most && *most > 0 && *most < (std::int64_t{1} << 60))
        facts.storage_max = {static_cast<std::uint64_t>(*most)};
    return {};
}

using HttpResult = core::Result<facts::Http>;

/// Begins to ask for the size of the repository, beside the fetch of its content. Kubo is told not
/// to count its objects; js-ipfs reads every block all the same, which takes it longer than
/// everything else together.
std::future<HttpResult> begin_repo_stat(const IpfsSession& session) {
    return aside<HttpResult>([request = session.call("repo/stat?size-only=true"),
                              deadline = session.deadline,
                              stop = session.stop] { return net::fetch(request, deadline, stop); });
}

/// Reads the list of pins, which may be long.
core::Result<Pins> read_pins(const core::Result<facts::Http>& answer, const Asked& asked) {
    if (answer && answer->status / 100 == 2) {
        if (auto pins = count_pins(answer->body, k_candidates)) return *std::move(pins);
    }
    // What is odd about it is found out slowly, and told with its place.
    TRY_ASSIGN(const auto list, api_answer(answer, asked));
    if (!list.has("Keys")) return Pins{}; // no pin: Kubo writes null or nothing
    TRY_ASSIGN(const auto keys, list.at("Keys"));
    TRY(keys.members());
    return std::unexpected(keys.error("holds no pins"));
}

/// Whether a list in the node's configuration is there and empty (null counts as empty).
bool is_empty_list(const JsonView& config, const std::string& name) {
    if (!config.is_object()) return false;
    if (!config.has(name)) return config.member(name).has_value();
    const auto list = config.items(name);
    return list && list->empty();
}

/// Whether the node is told to have no network.
bool is_offline(const core::Result<facts::Http>& answer) {
    const auto config = json_answer(answer, {});
    if (!config || !is_empty_list(*config, "Bootstrap")) return false;
    const auto addresses = config->at("Addresses");
    return addresses && is_empty_list(*addresses, "Swarm");
}

core::Result<void> read_peers(const IpfsSession& session, const core::Result<facts::Http>& answer,
                              facts::Ipfs& facts) {
    // "This command must be run in online mode": the daemon was started with --offline.
    if (core::to_lower(api_message(answer)).find("online") != std::string::npos) {
        facts.offline = true;
        return {};
    }
    TRY_ASSIGN(const auto peers, api_answer(answer, session.asked("its peers")));
    if (!peers.is_object()) return std::unexpected(peers.error("is not an object"));
    if (!peers.has("Peers")) return {}; // Kubo writes null for "none"
    TRY_ASSIGN(const auto list, peers.items("Peers"));
    facts.peers = static_cast<std::int64_t>(list.size());
    return {};
}

/// Returns the first of these pins that is small; nothing when none is.
std::optional<std::string> small_one(const IpfsSession& session,
                                     std::span<const std::string> pins) {
    const auto patience = session.deadline.remaining();
    std::vector<net::HttpRequest> requests;
    for (const auto& pin : pins)
        requests.push_back(
            session.call(fmt::format("files/stat?arg=%2Fipfs%2F{}&timeout={}ms",
                                     net::percent_encode(pin), patience.count() / 4 + 1)));
    const auto answers =
        net::fetch_all(requests, session.deadline.within(patience / 3), session.stop);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto stat = json_answer(answers[i], {});
        if (!stat) continue;
        const auto size = stat->whole("CumulativeSize");
        if (size && *size > 0 && *size <= k_small) return pins[i];
    }
    return std::nullopt;
}

/// Returns the first pin that is small; the first of all when none is.
std::string choose_pin(const IpfsSession& session, std::span<const std::string> pins) {
    const auto candidates = pins.first(std::min(pins.size(), k_candidates));
    const auto few = candidates.first(std::min(candidates.size(), k_first_candidates));
    if (auto found = small_one(session, few)) return *std::move(found);
    return small_one(session, candidates.subspan(few.size())).value_or(pins.front());
}

/// Fetches the configured object, else a small pinned one. Nothing when there is neither.
std::optional<core::Result<facts::IpfsContent>> read_content(const IpfsSession& session,
                                                             const core::Result<Pins>& pins) {
    if (session.target.gateway.empty()) return std::nullopt;
    std::string cid = session.target.cid;
    if (cid.starts_with("ipfs://")) cid.erase(0, 7);
    if (cid.starts_with("/ipfs/")) cid.erase(0, 6);
    if (cid.empty()) {
        if (!pins || pins->first.empty()) return std::nullopt;
        cid = choose_pin(session, pins->first);
    }
    // A gateway that hangs must cost the content only: time is kept to hand over the other facts.
    const auto left = session.deadline.remaining();
    const auto span = left - std::min(left / 10, std::chrono::milliseconds{200});
    return fetch_ipfs_content(session.target, cid, session.deadline.within(span), session.stop);
}

} // namespace

core::Result<facts::Ipfs> observe_ipfs(const config::Ipfs& target, core::Deadline deadline,
                                       std::stop_token stop) {
    const IpfsSession session{target, deadline, stop};
    const std::array<net::HttpRequest, 5> requests{
        session.call("version"), session.call("id"), session.call("swarm/peers"),
        session.call("config/show"), session.call("pin/ls?type=recursive&cid-base=base32")};
    const auto answers = net::fetch_all(requests, deadline, stop);
    facts::Ipfs facts;
    TRY_ASSIGN(const auto version, api_answer(answers[0], session.asked("its version")));
    TRY_ASSIGN(facts.version, version.text("Version"));
    TRY_ASSIGN(const auto identity, api_answer(answers[1], session.asked("its identity")));
    TRY_ASSIGN(const auto agent, identity.text("AgentVersion"));
    facts.agent = agent_of(agent);
    TRY(read_peers(session, answers[2], facts));
    facts.offline = facts.offline || is_offline(answers[3]);
    const auto pins = read_pins(answers[4], session.asked("its pins"));
    if (pins) {
        facts.pins = pins->count;
    } else if (pins.error().kind != core::ErrorKind::too_large) {
        return std::unexpected(pins.error());
    }
    auto repo_stat = begin_repo_stat(session);
    facts.content = read_content(session, pins);
    TRY_ASSIGN(const auto stat, api_answer(repo_stat.get(), session.asked("its repository")));
    TRY(read_repo(stat, facts));
    return facts;
}

} // namespace probe
