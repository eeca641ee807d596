// SPDX-License-Identifier: MIT
#include "probe/prometheus_queries.hpp"
#include "support/catch.hpp"

#include <limits>

namespace probe_prometheus_queries_test {

using probe::generation_time;
using probe::GenerationTime;
using probe::Sample;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

Sample bucket(const std::string& bound, double rate) {
    return {.labels = {{"le", bound}}, .value = rate};
}

Sample quantile(double seconds) {
    return {.labels = {{"quantile", "0.95"}}, .value = seconds};
}

} // namespace

TEST_CASE("the p95 and the histogram it comes from are one question") {
    const auto query = probe::p95_query("x_bucket", std::chrono::seconds{300});
    CHECK(holds(query, "sum by (le) (rate(x_bucket[300s])) or "));
    CHECK(holds(query, "histogram_quantile(0.95, sum by (le) (rate(x_bucket[300s])))"));
}

TEST_CASE("where a histogram ends is read from its buckets") {
    struct Row {
        std::vector<Sample> samples;
        GenerationTime expected;
    };

    const std::vector<Row> rows{
        {{}, {}},
        {{bucket("0.5", 1), bucket("10.0", 3), bucket("+Inf", 4), quantile(10)}, {10, 10, true}},
        {{bucket("16", 4), bucket("1", 4), bucket("+Inf", 4), quantile(0.9)}, {0.9, 16, true}},
        {{bucket("1", 0), bucket("+Inf", 0), quantile(k_nan)}, {std::nullopt, 1, false}},
        {{bucket("+Inf", 2), quantile(k_nan)}, {std::nullopt, std::nullopt, true}},
        {{bucket("moon", 2), bucket("NaN", 2), bucket("", 2)}, {}},
    };
    for (const auto& row : rows)
        CHECK(generation_time(row.samples) == row.expected);
}

} // namespace probe_prometheus_queries_test
