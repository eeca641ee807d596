// SPDX-License-Identifier: MIT
#include "probe/ipfs_cid.hpp"
#include "probe/ipfs_content.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>

namespace ipfs_bounds_test {

// Objects that are made to cost whoever checks them.

namespace {

using namespace std::chrono_literals;

std::string varint(std::size_t number) {
    std::string bytes;
    for (; number >= 0x80; number >>= 7U)
        bytes += static_cast<char>((number & 0x7FU) | 0x80U);
    return bytes + static_cast<char>(number);
}

std::string field(char key, const std::string& bytes) {
    return key + varint(bytes.size()) + bytes;
}

/// A file of so many one-byte blocks, each of which stands in its own CID.
std::string file_of_identities(int count) {
    const std::string leaf{"\x01\x55\x00\x01x", 5};
    std::string block;
    for (int i = 0; i < count; ++i)
        block += field('\x12', field('\x0a', leaf));
    return block + field('\x0a', std::string{"\x08\x02", 2});
}

std::string cid_of(const std::string& block) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(block.data(), block.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"no SHA-256"};
    probe::Cid cid{1, probe::k_codec_dag_pb, probe::k_hash_sha2_256, {}};
    cid.digest.assign(digest.begin(), digest.begin() + size);
    return probe::to_text(cid);
}

} // namespace

TEST_CASE("an object of countless tiny blocks is compared in part, within the time") {
    constexpr int k_count = 100'000;
    const auto block = file_of_identities(k_count);
    const hostile::Server gateway{[&](hostile::Connection& client) {
        const bool raw = client.read_request().find("format=raw") != std::string::npos;
        client.send(hostile::http_answer(200, raw ? block : std::string(k_count, 'x'),
                                         "application/octet-stream"));
    }};
    config::Ipfs target;
    target.gateway = "http://127.0.0.1:" + std::to_string(gateway.port());
    const auto began = std::chrono::steady_clock::now();
    const auto content =
        probe::fetch_ipfs_content(target, cid_of(block), core::Deadline::after(2s + k_slack), {});
    CHECK(std::chrono::steady_clock::now() - began < 2s + k_slack);
    if (!content) FAIL(core::describe(content.error()));
    CHECK(content->verified);
    CHECK_FALSE(content->complete);
}

} // namespace ipfs_bounds_test
