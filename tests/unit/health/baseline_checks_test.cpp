// SPDX-License-Identifier: MIT
// The checks against what is usual, beyond the table of judges_test.cpp.
#include "health/baseline.hpp"
#include "unit/health/support.hpp"

namespace health_baseline_checks_test {

using namespace std::chrono_literals;
using core::Verdict;
using sample::k_now;
using sample::observed;

namespace {

facts::PastSeries usually(double value, std::string unit) {
    facts::PastSeries made{.unit = std::move(unit)};
    for (int i = 48; i > 0; --i)
        made.samples.push_back({k_now - std::chrono::hours{i}, value, Verdict::ok});
    return made;
}

config::Config settings() {
    config::Config made;
    made.endpoints = {{.name = "web", .url = "http://web/health"}};
    return made;
}

facts::Observations slow_web() {
    auto seen = sample::observations();
    facts::Http answer;
    answer.status = 200;
    answer.phases.total = 600ms;
    seen.endpoints = {observed("web", answer)};
    seen.past = facts::Past{};
    seen.past->series["health.latency-baseline.web"] = usually(0.02, "s");
    return seen;
}

core::Finding latency(const facts::Observations& seen) {
    return sample::judge_one(seen, "health.latency-baseline.web", settings());
}

facts::Observations with_link(double in) {
    auto seen = sample::observations();
    facts::Host host;
    host.interfaces = {{.name = "eth0", .rx_bytes_per_second = in}};
    seen.host = {observed("host", host)};
    seen.past = facts::Past{};
    seen.past->series["health.network-baseline.eth0.in"] = usually(1e6, "B/s");
    return seen;
}

core::Finding traffic(const facts::Observations& seen) {
    return sample::judge_one(seen, "health.network-baseline.eth0.in", settings());
}

} // namespace

TEST_CASE("a figure is measured only where the absolute check found it well") {
    CHECK(latency(slow_web()).verdict == Verdict::warning);
    CHECK(latency(slow_web()).measured);

    auto seen = slow_web();
    seen.endpoints[0].result->status = 502;
    CHECK(latency(seen).verdict == Verdict::skipped);
    CHECK_FALSE(latency(seen).measured);

    seen = slow_web();
    seen.endpoints[0].result->phases.total = 1500ms; // over the absolute limit: warned of there
    CHECK(latency(seen).verdict == Verdict::skipped);
    CHECK_FALSE(latency(seen).measured);
}

TEST_CASE("without a history nothing is compared; before there is a baseline samples are taken") {
    auto seen = slow_web();
    seen.past.reset();
    CHECK(latency(seen).verdict == Verdict::skipped);
    CHECK_FALSE(latency(seen).measured);
    CHECK(latency(seen).message == "no history to compare with");

    seen.past = facts::Past{};
    CHECK(latency(seen).verdict == Verdict::skipped);
    CHECK(latency(seen).message == "no baseline yet: 0 of 20 samples");
    REQUIRE(latency(seen).measured);
    CHECK(latency(seen).measured->unit == "s");
    CHECK(std::get<double>(latency(seen).measured->value) == Approx(0.6));
}

TEST_CASE("samples in another unit are not compared") {
    auto seen = slow_web();
    seen.past->series["health.latency-baseline.web"].unit = "ms";
    CHECK(latency(seen).message == "no baseline yet: 0 of 20 samples");
}

TEST_CASE("a burst of a quarter of a second is no change; twice in a row it is") {
    CHECK(traffic(with_link(1e6)).verdict == Verdict::ok);
    auto seen = with_link(1e9);
    CHECK(traffic(seen).verdict == Verdict::ok);
    CHECK(traffic(seen).message.find("in this look only") != std::string::npos);
    seen.past->series["health.network-baseline.eth0.in"].samples.back().value = 1e9;
    CHECK(traffic(seen).verdict == Verdict::warning);
    seen = with_link(0); // it falls silent, where the sample before was a burst
    seen.past->series["health.network-baseline.eth0.in"].samples.back().value = 1e9;
    CHECK(traffic(seen).verdict == Verdict::ok);
    seen.past->series["health.network-baseline.eth0.in"].samples.back().value = 0;
    CHECK(traffic(seen).verdict == Verdict::warning);
}

TEST_CASE("a link with errors is no sample") {
    auto seen = with_link(1e6);
    seen.host[0].result->interfaces[0].new_errors = 3;
    CHECK(traffic(seen).verdict == Verdict::skipped);
    CHECK_FALSE(traffic(seen).measured);
}

TEST_CASE("errors that an access log counts are held against their past as well") {
    auto seen = sample::observations();
    seen.access_logs = {observed("web", facts::AccessLog{{}, 4000, 4000, 20})};
    seen.access_logs[0].service = "web";
    seen.past = facts::Past{};
    seen.past->series["health.error-baseline.web"] = usually(0, "%");
    const auto judged = [&] {
        return sample::judge_one(seen, "health.error-baseline.web", settings());
    };
    CHECK(judged().verdict == Verdict::warning);
    seen.access_logs[0].result->errors = 4; // too few
    seen.access_logs[0].result->requests = 800;
    CHECK(judged().verdict == Verdict::ok);
    seen.access_logs[0].result->errors = 100; // over the absolute limit
    CHECK(judged().verdict == Verdict::skipped);
    CHECK_FALSE(judged().measured);
    seen.access_logs[0].result = std::unexpected(core::Error{.reason = "no driver"});
    CHECK_FALSE(sample::has(health::judge(seen, settings()), "health.error-baseline.web"));
}

TEST_CASE("a history of nonsense neither crashes nor alarms by overflow") {
    for (const double value : {1e300, -1e300, 0.0}) {
        auto seen = slow_web();
        seen.past->series["health.latency-baseline.web"] = usually(value, "s");
        const auto found = latency(seen);
        CHECK((found.verdict == Verdict::ok || found.verdict == Verdict::warning));
        auto link = with_link(1e12);
        link.past->series["health.network-baseline.eth0.in"] = usually(value, "B/s");
        CHECK_FALSE(traffic(link).message.empty());
    }
}

TEST_CASE("the history is asked for the series of every baseline check, and no others") {
    for (const auto family : health::baseline_families()) {
        INFO(family);
        REQUIRE(family.ends_with('.'));
        const auto* check = health::find_check(family.substr(0, family.size() - 1));
        REQUIRE(check != nullptr);
        CHECK(check->spec.id == family.substr(0, family.size() - 1));
    }
    for (const auto* check : health::catalogue()) {
        const auto own = std::string{check->spec.id} + ".";
        const bool asked = std::ranges::find(health::baseline_families(), own)
                           != health::baseline_families().end();
        CHECK(asked == check->spec.id.ends_with("-baseline"));
    }
}

} // namespace health_baseline_checks_test
