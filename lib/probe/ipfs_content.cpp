// SPDX-License-Identifier: MIT
#include "probe/ipfs_content.hpp"

#include "core/secret.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "probe/answer.hpp"
#include "probe/ipfs_blocks.hpp"
#include "probe/ipfs_unixfs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <iterator>

// How content is verified. A CID names a block, never a file: a file is a tree of blocks, and only
// hashing every block on the way down proves that the bytes at its leaves belong to the CID. So the
// blocks are read (from the node, else raw from the gateway), each is hashed, the file is put
// together from them, and only then compared with what the gateway serves to visitors. A gateway
// that lies, serves an error page with status 200, or cuts the file short is found out; so is a
// node whose store is damaged.

namespace probe {
namespace {

constexpr std::size_t k_most_content = std::size_t{4} << 20;

/// So many blocks are fetched side by side.
constexpr std::size_t k_batch = 16;

/// Directories inside one another are followed so far.
constexpr int k_deepest_path = 8;

/// What the blocks say that the gateway must serve.
struct Truth {
    std::string path{};  ///< below /ipfs/CID, "" for the object itself
    std::string bytes{}; ///< the content's beginning
    bool complete = false;
    bool is_listing = false; ///< an empty directory: what the gateway shows for it is its own
    bool is_part = false;    ///< of a directory with more in it
};

/// A piece of a file in its order: bytes, or a block that is still to be fetched.
struct Piece {
    std::string bytes{};
    std::optional<Cid> pending{};
};

/// Puts a file together, breadth by breadth, until it is whole or one of the bounds is met.
class FileReader {
  public:
    explicit FileReader(BlockReader& blocks) : m_blocks(blocks) {}

    /// Errors: protocol for a block that is no part of a file. False: a block was wrong.
    core::Result<bool> read(const Cid& root, Truth& truth) {
        m_pieces.push_back({{}, root});
        while (true) {
            collect(truth);
            if (m_pieces.empty() || truth.bytes.size() >= k_most_content) break;
            if (m_blocks.left() == 0) break;
            TRY_ASSIGN(const bool sound, expand());
            if (!sound) return false;
        }
        truth.complete = m_pieces.empty() && truth.bytes.size() <= k_most_content;
        if (truth.bytes.size() > k_most_content) truth.bytes.resize(k_most_content);
        return true;
    }

  private:
    /// Moves the pieces that are known, up to the first that is not, to the truth.
    void collect(Truth& truth) {
        while (!m_pieces.empty() && !m_pieces.front().pending
               && truth.bytes.size() < k_most_content) {
            truth.bytes += m_pieces.front().bytes;
            m_pieces.pop_front();
        }
    }

    /// Fetches the first pending blocks and puts what they hold in their places.
    core::Result<bool> expand() {
        std::vector<Cid> wanted;
        const std::size_t most = std::min(k_batch, m_blocks.left());
        for (const auto& piece : m_pieces) {
            if (piece.pending && wanted.size() < most) wanted.push_back(*piece.pending);
        }
        TRY_ASSIGN(auto fetched, m_blocks.read(wanted));
        std::deque<Piece> grown;
        std::size_t next = 0;
        for (auto& piece : m_pieces) {
            if (!piece.pending || next >= fetched.size()) {
                grown.push_back(std::move(piece));
                continue;
            }
            auto& block = fetched[next++];
            if (!block) return false;
            TRY(add(*piece.pending, std::move(*block), grown));
        }
        m_pieces = std::move(grown);
        drop_out_of_reach();
        return true;
    }

    /// A block may name thousands more than may be read: those behind the first of these are not
    /// kept, and the one that stays says that the file is not whole.
    void drop_out_of_reach() {
        std::size_t pending = 0;
        const auto last = std::ranges::find_if(m_pieces, [&](const Piece& piece) {
            return piece.pending && ++pending > m_blocks.left();
        });
        if (last != m_pieces.end()) m_pieces.erase(std::next(last), m_pieces.end());
    }

    static core::Result<void> add(const Cid& cid, std::string block, std::deque<Piece>& pieces) {
        if (cid.codec == k_codec_raw) {
            pieces.push_back({std::move(block), {}});
            return {};
        }
        auto node = parse_unixfs(block);
        if (!node || (node->type != UnixFsType::file && node->type != UnixFsType::raw)) {
            return std::unexpected(answer_error({"checking content against its CID", to_text(cid)},
                                                core::ErrorKind::protocol,
                                                "the block is no part of a file"));
        }
        pieces.push_back({std::move(node->data), {}});
        for (auto& link : node->links)
            pieces.push_back({{}, std::move(link.cid)});
        return {};
    }

    BlockReader& m_blocks;
    std::deque<Piece> m_pieces{};
};

/// Finds out what the blocks hold: goes down from directories to the first file. Nothing when a
/// block was wrong.
core::Result<std::optional<Truth>> read_truth(BlockReader& blocks, Cid cid) {
    Truth truth;
    for (int depth = 0; depth < k_deepest_path; ++depth) {
        if (cid.codec == k_codec_dag_pb) {
            TRY_ASSIGN(const auto block, blocks.read(cid));
            if (!block) return std::nullopt;
            const auto node = parse_unixfs(*block);
            if (node
                && (node->type == UnixFsType::directory || node->type == UnixFsType::hamt_shard)) {
                const auto entries = entries_of(*node);
                if (entries.empty()) {
                    truth.is_listing = true;
                    truth.complete = !truth.is_part;
                    return truth;
                }
                truth.is_part = truth.is_part || entries.size() > 1;
                if (!entries.front().name.empty())
                    truth.path += "/" + net::percent_encode(entries.front().name);
                cid = entries.front().cid;
                continue;
            }
        }
        if (cid.codec != k_codec_dag_pb && cid.codec != k_codec_raw) {
            // Not a file: its block is sound or not, and the gateway shows it in its own way.
            TRY_ASSIGN(const auto block, blocks.read(cid));
            if (!block) return std::nullopt;
            truth.is_listing = true;
            return truth;
        }
        TRY_ASSIGN(const bool sound, FileReader{blocks}.read(cid, truth));
        if (!sound) return std::nullopt;
        truth.complete = truth.complete && !truth.is_part;
        return truth;
    }
    truth.is_listing = true;
    return truth;
}

/// Where a redirect leads, when it stays with the same gateway: to the object's own subdomain
/// (Kubo for "localhost"), or to the path with a slash.
std::optional<net::HttpRequest> follow(const net::HttpRequest& request, const facts::Http& answer) {
    if (answer.status < 300 || answer.status >= 400) return std::nullopt;
    const auto found = answer.headers.find("location");
    const auto from = net::parse_url(request.url);
    if (found == answer.headers.end() || !from) return std::nullopt;
    auto next = request;
    if (found->second.starts_with('/') && !found->second.starts_with("//")) {
        next.url = fmt::format("{}://{}:{}{}", from->scheme,
                               from->host.find(':') == std::string::npos ? from->host
                                                                         : "[" + from->host + "]",
                               from->port, found->second);
        return next;
    }
    const auto to = net::parse_url(found->second);
    if (!to || to->scheme != from->scheme || to->port != from->port) return std::nullopt;
    const bool is_subdomain = to->host.ends_with("." + from->host);
    if (to->host != from->host && !is_subdomain) return std::nullopt;
    next.url = fmt::format("{}://{}:{}{}", from->scheme, from->host, from->port, to->path);
    if (is_subdomain) next.server_name = to->host;
    return next;
}

core::Result<facts::Http> get_from_gateway(const config::Ipfs& target, const std::string& path,
                                           core::Deadline deadline, const std::stop_token& stop) {
    net::HttpRequest request;
    request.url = net::join_url(target.gateway, path);
    request.max_body = k_most_content;
    request.truncate_body = true;
    const Asked asked{"fetching " + path + " from the gateway",
                      core::printable(core::mask_url(target.gateway))};
    for (int redirects = 0; redirects < 4; ++redirects) {
        auto answer = net::fetch(request, deadline, stop);
        if (!answer) {
            auto error = std::move(answer).error();
            error.what = asked.what;
            error.where = asked.where;
            return std::unexpected(std::move(error));
        }
        auto next = follow(request, *answer);
        if (next) {
            request = std::move(*next);
            continue;
        }
        TRY(check_status(*answer, asked));
        return answer;
    }
    return std::unexpected(
        answer_error(asked, core::ErrorKind::protocol, "the gateway redirects in a circle"));
}

/// Says how the gateway's bytes differ from the true ones; empty when they do not.
std::string difference(std::string_view served, const Truth& truth) {
    const std::string_view expected = truth.bytes;
    const std::size_t common = std::min(served.size(), expected.size());
    const auto [at, other] =
        std::mismatch(served.begin(), served.begin() + static_cast<long>(common), expected.begin());
    const auto offset = static_cast<std::size_t>(at - served.begin());
    if (offset < common)
        return fmt::format("the gateway's bytes differ from the object's from offset {} on",
                           offset);
    const bool cut = served.size() < expected.size();
    const bool more = truth.complete && served.size() > expected.size();
    if (cut || more) {
        return fmt::format("the gateway serves {} where the object has {}",
                           core::format_bytes({served.size()}),
                           core::format_bytes({expected.size()}));
    }
    return {};
}

} // namespace

core::Result<facts::IpfsContent> fetch_ipfs_content(const config::Ipfs& target,
                                                    const std::string& cid_text,
                                                    core::Deadline deadline, std::stop_token stop) {
    const auto began = std::chrono::steady_clock::now();
    facts::IpfsContent content;
    content.cid = cid_text;
    const auto cid = parse_cid(cid_text);
    if (!cid) {
        return std::unexpected(answer_error({"checking content against its CID", {}},
                                            core::ErrorKind::protocol,
                                            fmt::format("'{}' is no CID", excerpt(cid_text))));
    }
    BlockReader blocks{target, deadline, stop};
    TRY_ASSIGN(const auto truth, read_truth(blocks, *cid));
    const std::string path = "/ipfs/" + cid_text + (truth ? truth->path : std::string{});
    TRY_ASSIGN(const auto served, get_from_gateway(target, path, deadline, stop));
    content.bytes = served.body.size();
    content.duration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    if (!truth) {
        content.mismatch = blocks.mismatch();
        return content;
    }
    if (!truth->is_listing) content.mismatch = difference(served.body, *truth);
    content.verified = content.mismatch.empty();
    content.complete = truth->complete;
    return content;
}

} // namespace probe
