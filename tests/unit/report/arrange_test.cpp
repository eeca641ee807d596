// SPDX-License-Identifier: MIT
#include "report/arrange.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace report_arrange_test {
namespace {

using core::Verdict;

core::Finding make(std::string id, Verdict verdict, std::vector<std::string> causes = {}) {
    core::Finding finding;
    finding.id = std::move(id);
    finding.verdict = verdict;
    finding.caused_by = std::move(causes);
    return finding;
}

report::Report of(std::vector<core::Finding> findings) {
    report::Report made;
    made.findings = std::move(findings);
    return made;
}

std::string shape(const report::Report& report) {
    std::string text;
    for (const auto& problem : report::problems(report)) {
        text += problem.finding->id + "(";
        for (const auto* finding : problem.consequences)
            text += finding->id + " ";
        text += ")";
    }
    return text;
}

} // namespace

TEST_CASE("consequences hang under the beginning of their chain") {
    struct Row {
        std::string name;
        std::vector<core::Finding> findings;
        std::string expected;
    };

    const std::vector<Row> rows{
        {"nothing", {}, ""},
        {"ok and skipped are no problems",
         {make("a", Verdict::ok), make("b", Verdict::skipped)},
         ""},
        {"worst first",
         {make("w", Verdict::warning), make("u", Verdict::unknown), make("c", Verdict::critical)},
         "c()u()w()"},
        {"a chain",
         {make("c", Verdict::critical, {"b"}), make("b", Verdict::critical, {"a"}),
          make("a", Verdict::critical)},
         "a(c b )"},
        {"worst consequence first",
         {make("a", Verdict::critical), make("w", Verdict::warning, {"a"}),
          make("c", Verdict::critical, {"a"})},
         "a(c w )"},
        {"a cause that is well causes nothing",
         {make("a", Verdict::ok), make("b", Verdict::critical, {"a"})},
         "b()"},
        {"a cause that is not there", {make("b", Verdict::critical, {"gone"})}, "b()"},
        {"its own cause", {make("a", Verdict::critical, {"a"})}, "a()"},
        {"the first of several causes that is a problem",
         {make("a", Verdict::ok), make("b", Verdict::warning),
          make("c", Verdict::critical, {"a", "b"})},
         "b(c )"},
        {"a circle is shown, each for itself",
         {make("a", Verdict::critical, {"b"}), make("b", Verdict::critical, {"a"})},
         "a()b()"},
        {"a tail that leads into a circle",
         {make("a", Verdict::critical, {"b"}), make("b", Verdict::critical, {"a"}),
          make("t", Verdict::warning, {"a"})},
         "a()b()t()"},
    };
    for (const auto& row : rows) {
        INFO(row.name);
        CHECK(shape(of(row.findings)) == row.expected);
    }
}

TEST_CASE("every problem is shown exactly once, whatever the causes") {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<core::Finding> findings;
        const int count = static_cast<int>(random() % 12);
        for (int i = 0; i < count; ++i) {
            std::vector<std::string> causes;
            for (auto n = random() % 3; n > 0; --n)
                causes.push_back("f" + std::to_string(random() % 12));
            findings.push_back(
                make("f" + std::to_string(i), static_cast<Verdict>(random() % 5), causes));
        }
        const auto report = of(findings);
        std::multiset<std::string> shown;
        for (const auto& problem : report::problems(report)) {
            shown.insert(problem.finding->id);
            for (const auto* finding : problem.consequences)
                shown.insert(finding->id);
        }
        std::multiset<std::string> expected;
        for (const auto& finding : report.findings) {
            if (report::is_problem(finding)) expected.insert(finding.id);
        }
        CHECK(shown == expected);
    }
}

TEST_CASE("the counts leave nothing out") {
    const auto a = make("a", Verdict::critical);
    CHECK(report::count_line(of({}), " · ") == "0 critical · 0 warnings · 0 ok · 0 unknown");
    CHECK(report::count_line(of({a, make("b", Verdict::critical, {"a"}),
                                 make("c", Verdict::warning, {"b"}), make("d", Verdict::warning),
                                 make("e", Verdict::ok), make("f", Verdict::skipped)}),
                             ", ")
          == "1 critical (2 follow from it), 1 warning, 1 ok, 0 unknown, 1 skipped");
    CHECK(report::count_line(
              of({a, make("x", Verdict::critical), make("b", Verdict::unknown, {"a"})}), ", ")
          == "2 critical (1 follows from them), 0 warnings, 0 ok, 0 unknown");
}

TEST_CASE("what is critical counts as that, also under a warning") {
    const auto report = of({make("v", Verdict::warning), make("w", Verdict::warning),
                            make("c", Verdict::critical, {"w"}), make("u", Verdict::unknown)});
    CHECK(shape(report) == "w(c )u()v()");
    CHECK(report::count_line(report, ", ")
          == "1 critical (1 follows from it), 1 warning, 0 ok, 1 unknown");
    CHECK(report::problems(report).front().worst() == Verdict::critical);
}

TEST_CASE("groups keep the report's order; a finding without one goes by its family") {
    auto grouped = make("health.redis.main", Verdict::ok);
    grouped.group = "redis";
    const auto report = of({make("health.http.api", Verdict::critical), grouped,
                            make("health.http.web", Verdict::ok), make("odd", Verdict::skipped)});
    const auto groups = report::groups(report);
    REQUIRE(groups.size() == 3);
    CHECK(groups[0].name == "http");
    CHECK(groups[0].findings.size() == 2);
    CHECK(groups[0].worst() == Verdict::critical);
    CHECK(groups[1].name == "redis");
    CHECK(groups[2].name == "odd");
    CHECK(groups[2].worst() == Verdict::skipped);
}

} // namespace report_arrange_test
