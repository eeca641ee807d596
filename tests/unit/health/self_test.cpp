// SPDX-License-Identifier: MIT
#include "health/own_trouble.hpp"
#include "unit/health/support.hpp"

#include <functional>
#include <string>
#include <vector>

namespace health_self_test {

// Is it them or is it us? Tables of what a run met, and who is to blame.

namespace {

using namespace std::chrono_literals;
using core::ErrorKind;
using core::OwnTrouble;
using core::Phase;
using core::Verdict;

core::Error error(ErrorKind kind, OwnTrouble own, Phase phase = Phase::connect) {
    return {.kind = kind, .reason = "it failed", .phase = phase, .own = own};
}

const auto k_no_route = error(ErrorKind::unreachable, OwnTrouble::route);
const auto k_no_answer = error(ErrorKind::unreachable, OwnTrouble::resolver, Phase::dns);
const auto k_hung = error(ErrorKind::timeout, OwnTrouble::resolver, Phase::dns);
const auto k_unknown_name = error(ErrorKind::unreachable, OwnTrouble::none, Phase::dns);
const auto k_refused = error(ErrorKind::refused, OwnTrouble::none);
const auto k_silent = error(ErrorKind::timeout, OwnTrouble::none);
const auto k_full = error(ErrorKind::observer, OwnTrouble::descriptors);
const auto k_expired = error(ErrorKind::tls, OwnTrouble::clock, Phase::tls);
const std::optional<core::Error> k_well{};

/// A server that is looked at: its host, and what came of it (nothing: it is well).
struct Server {
    std::string host{};
    std::optional<core::Error> error{};
};

facts::Observations observations(const std::vector<Server>& servers) {
    auto seen = sample::observations();
    seen.self = facts::Self{.descriptor_limit = 64};
    for (const auto& server : servers) {
        auto observed = sample::observed(server.host, facts::Redis{.version = "7"});
        observed.target = "redis://" + server.host + ":6379";
        if (server.error) observed.result = std::unexpected(*server.error);
        seen.redis.push_back(std::move(observed));
    }
    return seen;
}

struct Row {
    const char* what = "";
    std::vector<Server> servers{};
    std::string blamed{};            ///< last part of the own finding; empty: it is them
    std::vector<Verdict> verdicts{}; ///< one a server
};

const std::vector<Row>& rows() {
    using enum Verdict;
    static const std::vector<Row> k_rows{
        {"all is well", {{"a", k_well}, {"b", k_well}}, "", {ok, ok}},
        {"one is down", {{"a", k_refused}, {"b", k_well}}, "", {critical, ok}},
        {"no route to anything",
         {{"10.0.0.1", k_no_route}, {"10.0.0.2", k_no_route}},
         "route",
         {unknown, unknown}},
        {"no route to one", {{"10.0.0.1", k_no_route}, {"10.0.0.2", k_well}}, "", {critical, ok}},
        {"no route to one, the other answers by a refusal",
         {{"10.0.0.1", k_no_route}, {"10.0.0.2", k_refused}},
         "",
         {critical, critical}},
        {"no route, and therefore no resolver",
         {{"10.0.0.1", k_no_route}, {"a", k_no_answer}, {"b", k_hung}},
         "route",
         {unknown, unknown, unknown}},
        {"no route, while another is silent",
         {{"10.0.0.1", k_no_route}, {"10.0.0.2", k_silent}},
         "route",
         {unknown, critical}},
        {"no name is answered",
         {{"a", k_no_answer}, {"b", k_hung}, {"10.0.0.1", k_well}},
         "resolver",
         {unknown, unknown, ok}},
        {"one name is not answered", {{"a", k_no_answer}}, "", {critical}},
        {"one name twice is one name",
         {{"a", k_no_answer}, {"a", k_no_answer}},
         "",
         {critical, critical}},
        {"a name is answered: no such name",
         {{"a", k_no_answer}, {"b", k_no_answer}, {"c", k_unknown_name}},
         "",
         {critical, critical, critical}},
        {"a name is answered and its server is down",
         {{"a", k_no_answer}, {"b", k_no_answer}, {"c", k_refused}},
         "",
         {critical, critical, critical}},
        {"localhost needs no resolver",
         {{"a", k_no_answer}, {"b", k_no_answer}, {"localhost", k_well}, {"[::1]", k_well}},
         "resolver",
         {unknown, unknown, ok, ok}},
        {"no descriptor for one",
         {{"a", k_full}, {"b", k_well}, {"c", k_refused}},
         "descriptors",
         {unknown, ok, critical}},
        {"an expired certificate, and a clock that nobody doubts",
         {{"a", k_expired}},
         "",
         {critical}},
    };
    return k_rows;
}

std::vector<std::string> own_findings(const std::vector<core::Finding>& findings) {
    std::vector<std::string> ids;
    for (const auto& finding : findings) {
        if (finding.id.starts_with("health.self.")) ids.push_back(finding.id);
    }
    return ids;
}

facts::Http dated(const std::string& date) {
    facts::Http answer;
    answer.status = 200;
    answer.headers = {{"date", date}};
    return answer;
}

/// The observations of two web servers with these dates (now is 2026-03-04 08:00), and of a
/// certificate that is over.
facts::Observations with_dates(const std::string& first, const std::string& second) {
    auto seen = observations({{"a", k_expired}});
    seen.endpoints = {sample::observed("web", dated(first)),
                      sample::observed("cdn", dated(second))};
    seen.ethereum = {sample::observed("eth", facts::Ethereum{.head_time = sample::k_now - 5s})};
    return seen;
}

} // namespace

TEST_CASE("who is to blame, and what of it is unknown") {
    for (const auto& row : rows()) {
        INFO(row.what);
        const auto findings = health::judge(observations(row.servers), {});
        const auto own = own_findings(findings);
        REQUIRE(own.size() == 1);
        CHECK(own.front() == health::own_finding(row.blamed.empty() ? "observer" : row.blamed));
        const auto about = sample::find(findings, own.front());
        CHECK(about.verdict == (row.blamed.empty() ? Verdict::ok : Verdict::unknown));
        if (!row.blamed.empty()) CHECK_FALSE(about.remediation.empty());
        std::size_t i = 0;
        for (const auto& finding : findings) {
            if (!finding.id.starts_with("health.redis.")) continue;
            INFO(finding.id << ": " << finding.message);
            REQUIRE(i < row.verdicts.size());
            CHECK(core::name(finding.verdict) == core::name(row.verdicts[i++]));
            const bool follows = finding.verdict == Verdict::unknown;
            CHECK(finding.caused_by == (follows ? own : std::vector<std::string>{}));
        }
        CHECK(i == row.verdicts.size());
    }
}

TEST_CASE("without a look at itself the observer says nothing of itself") {
    auto seen = observations({{"a", k_well}});
    seen.self.reset();
    CHECK(own_findings(health::judge(seen, {})).empty());
    seen = observations({{"a", k_full}});
    seen.self.reset();
    CHECK(own_findings(health::judge(seen, {}))
          == std::vector<std::string>{"health.self.descriptors"});
}

TEST_CASE("a clock is doubted when it jumps, is too early, or the servers say otherwise") {
    struct Doubt {
        const char* what;
        std::function<facts::Observations()> make;
        bool wrong;
    };

    const std::string now = "Wed, 04 Mar 2026 08:00:03 GMT";
    const std::string later = "Tue, 04 Mar 2031 08:00:00 GMT";
    const std::string earlier = "Mon, 04 Mar 2019 08:00:00 GMT";
    const auto stepped = [&](std::chrono::milliseconds step) {
        auto seen = with_dates(now, now);
        seen.self->clock_step = step;
        return seen;
    };
    const std::vector<Doubt> doubts{
        {"as it should be", [&] { return with_dates(now, now); }, false},
        {"both say later", [&] { return with_dates(later, later); }, true},
        {"both say earlier", [&] { return with_dates(earlier, earlier); }, true},
        {"one says later, one agrees", [&] { return with_dates(later, now); }, false},
        {"one says later, one earlier", [&] { return with_dates(later, earlier); }, false},
        {"one says later, one says nothing sound", [&] { return with_dates(later, "yesterday"); },
         false},
        {"a month that is none", [&] { return with_dates(later, "Tue, 04 Foo 2031 08:00:00 GMT"); },
         false},
        {"a day that is none", [&] { return with_dates(later, "Tue, 41 Feb 2031 08:00:00 GMT"); },
         false},
        {"a cached answer",
         [&] {
             auto seen = with_dates(later, later);
             seen.endpoints[0].result->headers["age"] = "10";
             return seen;
         },
         false},
        {"slewed", [&] { return stepped(400ms); }, false},
        {"forwards", [&] { return stepped(3600s); }, true},
        {"backwards", [&] { return stepped(-2s); }, true},
        {"before the build",
         [&] {
             auto seen = with_dates(now, now);
             seen.self->built = sample::k_now + std::chrono::hours{24 * 30};
             return seen;
         },
         true},
        {"the day before the build, in another zone",
         [&] {
             auto seen = with_dates(now, now);
             seen.self->built = sample::k_now + std::chrono::hours{24};
             return seen;
         },
         false},
    };
    for (const auto& doubt : doubts) {
        INFO(doubt.what);
        const auto findings = health::judge(doubt.make(), {});
        CHECK(sample::has(findings, "health.self.clock") == doubt.wrong);
        const auto head = sample::find(findings, "health.ethereum-head.eth");
        const auto certificate = sample::find(findings, "health.redis.a");
        CHECK(core::name(head.verdict) == core::name(doubt.wrong ? Verdict::unknown : Verdict::ok));
        CHECK(core::name(certificate.verdict)
              == core::name(doubt.wrong ? Verdict::unknown : Verdict::critical));
        if (!doubt.wrong) continue;
        const std::vector<std::string> cause{"health.self.clock"};
        CHECK(head.caused_by == cause);
        CHECK(certificate.caused_by == cause);
    }
}

TEST_CASE("a restart in the middle says nothing of the target") {
    const auto findings =
        health::judge(observations({{"a", error(ErrorKind::restarted, OwnTrouble::none)}}), {});
    CHECK(sample::find(findings, "health.redis.a").verdict == Verdict::unknown);
}

} // namespace health_self_test
