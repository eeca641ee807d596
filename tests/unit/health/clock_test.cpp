// SPDX-License-Identifier: MIT
// Whose clock is wrong, and what of it still stands.
#include "unit/health/support.hpp"

#include <string>
#include <utility>
#include <vector>

namespace health_clock_test {

using core::Verdict;

namespace {

/// The observations of web servers (their address, what the configuration calls them) that all say
/// that it is 2031.
facts::Observations all_later(const std::vector<std::pair<std::string, std::string>>& servers) {
    auto seen = sample::observations();
    seen.self = facts::Self{};
    for (const auto& [address, url] : servers) {
        facts::Http answer;
        answer.status = 200;
        answer.remote_address = address;
        answer.headers = {{"date", "Tue, 04 Mar 2031 08:00:00 GMT"}};
        auto observed = sample::observed(url, answer);
        observed.target = url;
        seen.endpoints.push_back(std::move(observed));
    }
    return seen;
}

bool doubts_clock(const facts::Observations& seen) {
    return sample::has(health::judge(seen, {}), "health.self.clock");
}

} // namespace

TEST_CASE("the word of one host, however often, does not make our clock wrong") {
    using Servers = std::vector<std::pair<std::string, std::string>>;
    const Servers one_address{{"192.0.2.7", "http://web.test/"}, {"192.0.2.7", "http://api.test/"}};
    const Servers one_name{{"", "http://web.test:80/"}, {"", "https://u@web.test:443/health"}};
    const Servers two{{"192.0.2.7", "http://web.test/"}, {"192.0.2.8", "http://api.test/"}};
    const Servers tunnels{{"127.0.0.1", "http://127.0.0.1:8080/"},
                          {"127.0.0.1", "http://127.0.0.1:8081/"}};
    const Servers one_tunnel{{"127.0.0.1", "http://127.0.0.1:8080/"},
                             {"127.0.0.1", "http://127.0.0.1:8080/health"}};
    CHECK_FALSE(doubts_clock(all_later(one_address)));
    CHECK_FALSE(doubts_clock(all_later(one_name)));
    CHECK(doubts_clock(all_later(two)));
    CHECK(doubts_clock(all_later(tunnels)));
    CHECK_FALSE(doubts_clock(all_later(one_tunnel)));
}

TEST_CASE("two hosts are said to be two, whatever they serve") {
    const auto seen = all_later({{"192.0.2.7", "http://web.test/"},
                                 {"192.0.2.7", "http://api.test/"},
                                 {"192.0.2.8", "http://cdn.test/"}});
    const auto finding = sample::judge_one(seen, "health.self.clock");
    CHECK(finding.message.find("the clocks of 2 servers") != std::string::npos);
}

TEST_CASE("what no clock has a part in stands though the clock is wrong") {
    auto seen = all_later({{"192.0.2.7", "http://web.test/"}, {"192.0.2.8", "http://api.test/"}});
    facts::Redis failing;
    failing.rdb_last_status = "err";
    facts::Redis saving;
    saving.since_last_save = std::chrono::minutes{2};
    seen.redis = {sample::observed("failing", failing), sample::observed("saving", saving)};
    const auto findings = health::judge(seen, {});
    CHECK(sample::find(findings, "health.redis-save.failing").verdict == Verdict::critical);
    CHECK(sample::find(findings, "health.redis-save.saving").verdict == Verdict::unknown);
}

} // namespace health_clock_test
