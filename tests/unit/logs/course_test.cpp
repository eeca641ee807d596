// SPDX-License-Identifier: MIT
#include "logs/course.hpp"
#include "logs/quantiles.hpp"
#include "logs/summary.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace logs_course_test {
namespace {

using namespace std::chrono_literals;

const core::Time k_begin{1'700'000'000s};

std::int64_t sum(const logs::Course<logs::Count>& course) {
    std::int64_t all = 0;
    for (const auto& slice : course.slices())
        all += slice.count;
    return all;
}

} // namespace

TEST_CASE("a course keeps every event, in at most so many slices") {
    logs::Course<logs::Count> course{16};
    for (int i = 0; i < 1000; ++i)
        ++course.at(k_begin + i * 1s).count;
    ++course.at(k_begin - 3h).count;
    CHECK(course.slices().size() <= 16);
    CHECK(sum(course) == 1001);
    CHECK(course.width() == 1024s);
    CHECK(course.begin_of(0) <= k_begin - 3h);
    CHECK(course.begin_of(0) + course.width() > k_begin - 3h);
}

TEST_CASE("two halves of a course join into the whole") {
    logs::Course<logs::Count> whole{16};
    logs::Course<logs::Count> one{16};
    logs::Course<logs::Count> other{16};
    for (int i = 0; i < 500; ++i) {
        const auto time = k_begin + (i * 37 % 500) * 1s;
        ++whole.at(time).count;
        ++(i < 20 ? one : other).at(time).count;
    }
    one.add(other);
    REQUIRE(one.width() == whole.width());
    REQUIRE(one.slices().size() == whole.slices().size());
    for (std::size_t i = 0; i < whole.slices().size(); ++i)
        CHECK(one.slices()[i].count == whole.slices()[i].count);
}

TEST_CASE("quantiles are within two percent, and so are joined ones") {
    std::mt19937 random{7};
    std::lognormal_distribution<double> times{-2, 1.5};
    std::vector<double> all;
    logs::Quantiles one;
    logs::Quantiles other;
    for (int i = 0; i < 20'000; ++i) {
        all.push_back(times(random));
        (i % 3 == 0 ? one : other).add(all.back());
    }
    one.add(other);
    std::ranges::sort(all);
    CHECK(one.count() == 20'000);
    for (const double share : {0.01, 0.5, 0.95, 0.99, 1.0}) {
        const double truth = all[static_cast<std::size_t>(share * 19'999)];
        INFO(share);
        CHECK(std::abs(one.at(share) - truth) <= truth * logs::Quantiles::k_error * 1.0001);
    }
    CHECK(logs::Quantiles{}.at(0.5) == 0);
    logs::Quantiles odd;
    odd.add(0);
    odd.add(-1);
    odd.add(std::nan(""));
    odd.add(INFINITY);
    CHECK(odd.count() == 3);
}

} // namespace logs_course_test
