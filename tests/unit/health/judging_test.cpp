// SPDX-License-Identifier: MIT
#include "health/judging.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <limits>

namespace health_judging_test {

using core::Percent;
using core::Verdict;
using health::judge_share;

TEST_CASE("a share is judged by its limit, and gravely by the higher of the two") {
    struct Row {
        double share;
        double limit;
        std::optional<double> grave;
        Verdict verdict;
    };

    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinite = std::numeric_limits<double>::infinity();
    for (const auto& row :
         {Row{98, 99, 97, Verdict::ok}, Row{99, 99, 97, Verdict::critical},
          Row{96, 90, 97, Verdict::warning}, Row{97, 90, 97, Verdict::critical},
          Row{97, 90, {}, Verdict::warning}, Row{0, 0, 0, Verdict::ok}, Row{0, 0, {}, Verdict::ok},
          Row{0.1, 0, 0, Verdict::critical}, Row{nan, 90, 97, Verdict::unknown},
          Row{infinite, 90, {}, Verdict::unknown}, Row{-infinite, 90, 97, Verdict::unknown}}) {
        INFO(row.share << " of " << row.limit);
        health::ShareLimit limit{Percent{row.limit}, {}};
        if (row.grave) limit.grave = Percent{*row.grave};
        const auto made = judge_share(Percent{row.share}, limit, "disk {}, 1 of 2 GiB", {});
        CHECK(core::name(made.verdict) == core::name(row.verdict));
        CHECK(made.message.find("disk ") == 0);
        CHECK(made.message.find("nan") == std::string::npos);
        CHECK(made.measured.has_value() == std::isfinite(row.share));
        if (made.measured && made.measured->crit)
            CHECK(*made.measured->crit >= *made.measured->warn);
    }
}

TEST_CASE("a limit of nothing is not called less than nothing") {
    const auto made = judge_share(Percent{0}, {Percent{0}, {}}, "{} failed", {});
    REQUIRE(made.measured);
    CHECK(made.measured->expected == "0 %");
    CHECK(judge_share(Percent{0}, {Percent{1}, {}}, "{} failed", {}).measured->expected == "< 1 %");
}

} // namespace health_judging_test
