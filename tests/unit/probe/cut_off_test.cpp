// SPDX-License-Identifier: MIT
#include "probe/cut_off.hpp"
#include "unit/health/support.hpp"

namespace probe_cut_off_test {

using namespace std::chrono_literals;
using core::ErrorKind;
using core::Verdict;

namespace {

/// Two servers, one of which did not answer in time and one that refused.
facts::Observations observations() {
    auto seen = sample::observations();
    seen.redis = {sample::failed<facts::Redis>("silent", ErrorKind::timeout),
                  sample::failed<facts::Redis>("closed", ErrorKind::refused)};
    seen.postgres = {sample::failed<facts::Postgres>("db", ErrorKind::timeout)};
    facts::Ipfs node;
    node.content = std::unexpected(core::Error{.kind = ErrorKind::timeout, .reason = "no answer"});
    seen.ipfs = {sample::observed("ipfs", node)};
    return seen;
}

Verdict verdict_of(const facts::Observations& seen, const std::string& id) {
    return sample::judge_one(seen, id).verdict;
}

} // namespace

TEST_CASE("what the command's deadline cut off is unknown and says why") {
    auto seen = observations();
    probe::own_up_to_deadline(seen, {}, {.first = true, .second = true});
    const auto silent = sample::judge_one(seen, "health.redis.silent");
    CHECK(silent.verdict == Verdict::unknown);
    CHECK(silent.message.find("deadline") != std::string::npos);
    CHECK(silent.remediation.find("--deadline") != std::string::npos);
    CHECK(verdict_of(seen, "health.redis.closed") == Verdict::critical);
    CHECK(verdict_of(seen, "health.ipfs-content.ipfs") == Verdict::unknown);
}

TEST_CASE("only the round that was cut off is unknown") {
    auto seen = observations();
    const config::Given given{.redis = true};
    SECTION("neither") {
        probe::own_up_to_deadline(seen, given, {});
        CHECK(verdict_of(seen, "health.redis.silent") == Verdict::critical);
        CHECK(verdict_of(seen, "health.postgres.db") == Verdict::critical);
    }
    SECTION("the second: what was discovered") {
        probe::own_up_to_deadline(seen, given, {.second = true});
        CHECK(verdict_of(seen, "health.redis.silent") == Verdict::critical);
        CHECK(verdict_of(seen, "health.postgres.db") == Verdict::unknown);
    }
}

TEST_CASE("a probe that had most of its time-out was not cut off") {
    CHECK(probe::is_cut_off(core::Deadline::after(1s), 5s));
    CHECK(probe::is_cut_off(core::Deadline::after(0s), 5s));
    CHECK_FALSE(probe::is_cut_off(core::Deadline::after(4900ms), 5s));
    CHECK_FALSE(probe::is_cut_off(core::Deadline::after(12s), 5s));
}

} // namespace probe_cut_off_test
