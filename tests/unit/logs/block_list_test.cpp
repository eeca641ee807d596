// SPDX-License-Identifier: MIT
#include "logs/block_list.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <algorithm>
#include <string>

namespace logs_block_list_test {
namespace {

logs::Suspect suspect(const std::string& address, double score, const std::string& last) {
    return {*core::parse_address(address),
            score,
            "scanner",
            "3 × probe\nx",
            3,
            analysed::at(last),
            analysed::at(last)};
}

} // namespace

TEST_CASE("a block list has who is suspicious enough and was seen lately, and does nothing") {
    logs::Summary summary;
    summary.end = analysed::at("2026-02-02T00:00:00Z");
    summary.suspects = {suspect("198.51.100.7", 0.9, "2026-02-01T12:00:00Z"),
                        suspect("2001:db8:1:2::7", 0.8, "2026-02-01T12:00:00Z"),
                        suspect("198.51.100.8", 0.7, "2026-02-01T12:00:00Z"),
                        suspect("198.51.100.9", 0.9, "2026-01-30T12:00:00Z")};
    const auto plain = logs::block_list(summary, logs::BlockForm::plain);
    CHECK(plain.starts_with(
        "# gallery-ops logs, 2026-02-02T00:00:00Z: 2 suspicious addresses; nothing was applied\n"));
    CHECK(plain.find("\n198.51.100.7 # scanner: ") != std::string::npos);
    CHECK(plain.find("2001:db8:1:2::/64") != std::string::npos);
    CHECK(plain.find("198.51.100.8") == std::string::npos);
    CHECK(std::ranges::count(plain, '\n') == 3);
    const auto nft = logs::block_list(summary, logs::BlockForm::nft);
    CHECK(nft.find("elements = { 198.51.100.7 timeout 24h }") != std::string::npos);
    CHECK(nft.find("elements = { 2001:db8:1:2::/64 timeout 24h }") != std::string::npos);
}

TEST_CASE("a block list ends somewhere, and says so") {
    logs::Summary summary;
    summary.end = analysed::at("2026-02-02T00:00:00Z");
    for (int i = 0; i < 1500; ++i)
        summary.suspects.push_back(
            suspect("198.51." + std::to_string(i / 250) + '.' + std::to_string(i % 250), 0.9,
                    "2026-02-01T12:00:00Z"));
    const auto plain = logs::block_list(summary, logs::BlockForm::plain);
    CHECK(plain.find("# 500 more are left out") != std::string::npos);
    CHECK(std::ranges::count(plain, '\n') == 1002);
}

} // namespace logs_block_list_test
