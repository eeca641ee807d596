// SPDX-License-Identifier: MIT
#include "health/baseline.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <limits>

namespace health_baseline_test {
namespace {

using namespace std::chrono_literals;
using health::BaselineRules;
using health::Deviation;

const core::Time k_now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 8h;

/// One sample an hour, the last an hour ago.
facts::PastSeries hourly(const std::vector<double>& values) {
    facts::PastSeries made{.unit = "s"};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto age = std::chrono::hours{values.size() - i};
        made.samples.push_back({k_now - age, values[i], core::Verdict::ok});
    }
    return made;
}

std::vector<double> repeated(std::vector<double> pattern, std::size_t count) {
    std::vector<double> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(pattern[i % pattern.size()]);
    return all;
}

} // namespace

TEST_CASE("a baseline needs samples enough, over time enough") {
    const BaselineRules rules;
    CHECK(health::learn({}, k_now, rules).missing == "no baseline yet: 0 of 20 samples");
    CHECK(health::learn(hourly(repeated({1}, 7)), k_now, rules).missing
          == "no baseline yet: 7 of 20 samples");
    CHECK(health::learn(hourly(repeated({1}, 24)), k_now, rules).missing
          == "no baseline yet: 24 samples over 23 h, 24 h are needed");
    const auto learned = health::learn(hourly(repeated({1}, 25)), k_now, rules);
    REQUIRE(learned.usual);
    CHECK(learned.missing.empty());
    CHECK(learned.usual->samples == 25);
    CHECK(learned.usual->span == 24h);
}

TEST_CASE("samples that are too old, from the future or no number are no samples") {
    auto past = hourly(repeated({1}, 30));
    for (auto& sample : past.samples)
        sample.time -= 24h * 28;
    CHECK(health::learn(past, k_now, {}).missing == "no baseline yet: 0 of 20 samples");
    for (auto& sample : past.samples)
        sample.time = k_now + 1h;
    CHECK(health::learn(past, k_now, {}).missing == "no baseline yet: 0 of 20 samples");
    past = hourly(repeated({NAN, std::numeric_limits<double>::infinity()}, 40));
    CHECK(health::learn(past, k_now, {}).missing == "no baseline yet: 0 of 20 samples");
}

TEST_CASE("median and spread are those of the definition") {
    // Median 3; distances 2 1 0 1 2, their median 1: spread 1.4826, six of them 8.8956.
    const auto usual = health::learn(hourly(repeated({1, 2, 3, 4, 5}, 50)), k_now, {}).usual;
    REQUIRE(usual);
    CHECK(usual->median == Approx(3));
    CHECK(usual->low == Approx(1));
    CHECK(usual->high == Approx(5));
    CHECK(usual->upper == Approx(3 + 6 * 1.4826));
    CHECK(usual->lower == -INFINITY);
}

TEST_CASE("what deviates from which past") {
    struct Row {
        const char* what;
        std::vector<double> past;
        BaselineRules rules;
        double value;
        Deviation expected;
    };

    const BaselineRules latency{.scale = health::Scale::factors, .nothing = 0.005, .floor = 0.3};
    const BaselineRules traffic{.scale = health::Scale::factors,
                                .sides = health::Sides::both,
                                .nothing = 4096,
                                .floor = 0.5};
    const BaselineRules errors{.floor = 0.05};
    // A quiet link with a backup of 10 MB/s in two hours of the day.
    std::vector<double> bursts(72, 2000.0);
    for (std::size_t i = 0; i < bursts.size(); i += 12)
        bursts[i] = 10e6;
    // A few outliers among the samples must not hide the next one for good.
    std::vector<double> spoilt(720, 0.04);
    spoilt[3] = spoilt[100] = spoilt[400] = 0.9;

    const std::vector<Row> rows{
        {"like ever", repeated({0.04, 0.05, 0.045}, 48), latency, 0.06, Deviation::none},
        {"twice as slow", repeated({0.04, 0.05, 0.045}, 48), latency, 0.09, Deviation::none},
        {"ten times as slow", repeated({0.04, 0.05, 0.045}, 48), latency, 0.45, Deviation::above},
        {"faster is no trouble", repeated({0.4}, 48), latency, 0.001, Deviation::none},
        {"a tiny spread does not alarm", repeated({0.04}, 48), latency, 0.06, Deviation::none},
        {"milliseconds do not count", repeated({0.0001}, 48), latency, 0.004, Deviation::none},
        {"outliers do not hide", spoilt, latency, 0.5, Deviation::above},
        {"a nightly burst is usual", bursts, traffic, 9e6, Deviation::none},
        {"ten times the burst is not", bursts, traffic, 100e6, Deviation::above},
        {"traffic stops", repeated({5e6, 6e6, 7e6}, 48), traffic, 0, Deviation::below},
        {"an idle link stays idle", repeated({0, 100, 2000}, 48), traffic, 0, Deviation::none},
        {"no errors, then some", repeated({0}, 48), errors, 0.5, Deviation::above},
        {"no errors, then hardly any", repeated({0}, 48), errors, 0.2, Deviation::none},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        const auto usual = health::learn(hourly(row.past), k_now, row.rules).usual;
        REQUIRE(usual);
        CHECK(deviation(*usual, row.value) == row.expected);
    }
}

TEST_CASE("a change that lasts becomes the usual once it is half of the samples") {
    const BaselineRules latency{.scale = health::Scale::factors, .nothing = 0.005, .floor = 0.3};
    auto values = repeated({0.04}, 48);
    CHECK(deviation(*health::learn(hourly(values), k_now, latency).usual, 0.6) == Deviation::above);
    for (int i = 0; i < 49; ++i)
        values.push_back(0.6);
    CHECK(deviation(*health::learn(hourly(values), k_now, latency).usual, 0.6) == Deviation::none);
}

} // namespace health_baseline_test
