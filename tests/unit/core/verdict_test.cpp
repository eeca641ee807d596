// SPDX-License-Identifier: MIT
#include "core/verdict.hpp"
#include "support/catch.hpp"

namespace core_verdict_test {

using core::FailOn;
using core::Summary;
using core::UnknownPolicy;
using core::Verdict;

TEST_CASE("the graver verdict wins and skipped never counts") {
    CHECK(core::worst(Verdict::critical, Verdict::unknown) == Verdict::critical);
    CHECK(core::worst(Verdict::unknown, Verdict::warning) == Verdict::unknown);
    CHECK(core::worst(Verdict::warning, Verdict::ok) == Verdict::warning);
    CHECK(core::worst(Verdict::skipped, Verdict::ok) == Verdict::ok);
}

TEST_CASE("a run that judged nothing is unknown") {
    CHECK(core::worst(Summary{}) == Verdict::unknown);
    CHECK(core::worst(Summary{.skipped = 3}) == Verdict::unknown);
    CHECK(core::exit_code(Summary{}, FailOn::critical, UnknownPolicy::fails) == 3);
}

TEST_CASE("exit codes follow the contract") {
    struct Row {
        Summary summary;
        FailOn fail_on;
        UnknownPolicy policy;
        int code;
    };

    const auto row = GENERATE(values<Row>({
        {{.ok = 3}, FailOn::warning, UnknownPolicy::fails, 0},
        {{.ok = 3, .warning = 1}, FailOn::warning, UnknownPolicy::fails, 1},
        {{.ok = 3, .warning = 1}, FailOn::critical, UnknownPolicy::fails, 0},
        {{.warning = 1, .critical = 1}, FailOn::critical, UnknownPolicy::fails, 2},
        {{.critical = 1, .unknown = 1}, FailOn::warning, UnknownPolicy::fails, 2},
        {{.warning = 1, .unknown = 1}, FailOn::critical, UnknownPolicy::fails, 3},
        {{.ok = 1, .unknown = 1}, FailOn::critical, UnknownPolicy::allowed, 0},
        {{.warning = 1, .unknown = 1}, FailOn::warning, UnknownPolicy::allowed, 1},
        {{.critical = 1, .unknown = 1}, FailOn::warning, UnknownPolicy::allowed, 2},
    }));
    CHECK(core::exit_code(row.summary, row.fail_on, row.policy) == row.code);
}

TEST_CASE("every verdict has a word that reads back") {
    for (auto verdict :
         {Verdict::skipped, Verdict::ok, Verdict::warning, Verdict::unknown, Verdict::critical})
        CHECK(core::parse_verdict(core::name(verdict)) == verdict);
    CHECK_FALSE(core::parse_verdict("OK"));
}

} // namespace core_verdict_test
