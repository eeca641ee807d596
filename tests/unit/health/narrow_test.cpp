// SPDX-License-Identifier: MIT
#include "core/error.hpp"
#include "health/narrow.hpp"
#include "unit/health/support.hpp"

namespace health_narrow_test {

using core::Finding;
using core::Verdict;
using health::Unfit;

namespace {

Finding finding(const std::string& id, const std::string& component, Verdict verdict,
                std::vector<std::string> causes = {}) {
    Finding made;
    made.id = id;
    made.component = component;
    made.subject = component;
    made.verdict = verdict;
    made.caused_by = std::move(causes);
    return made;
}

std::vector<Finding> engine_down() {
    return {finding("health.gallery.discovery", "gallery", Verdict::ok),
            finding("health.docker-engine.local", "local", Verdict::critical),
            finding("health.disk./", "host", Verdict::ok)};
}

} // namespace

TEST_CASE("a cause that was not asked for is none in the report") {
    std::vector findings{
        finding("health.docker.postgres", "postgres", Verdict::critical),
        finding("health.docker.api", "api", Verdict::critical, {"health.docker.postgres"}),
        finding("health.http.api", "api", Verdict::critical, {"health.docker.api"}),
    };
    health::narrow(findings, {.components = {"api"}});
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].caused_by.empty());
    CHECK(findings[1].caused_by == std::vector<std::string>{"health.docker.api"});
}

TEST_CASE("trouble of the observer stays the cause, asked for or not") {
    std::vector findings{
        finding("health.http.api", "api", Verdict::unknown, {"health.self.route"}),
        finding("health.self.route", "route", Verdict::unknown),
    };
    health::narrow(findings, {.components = {"api"}});
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].caused_by == std::vector<std::string>{"health.self.route"});
}

TEST_CASE("a component of which nothing is seen is unknown, and what hides it stays") {
    auto findings = engine_down();
    health::narrow(findings, {.components = {"api"}, .only = {"http"}}, Unfit::ignore);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].id == "health.docker-engine.local");
    const auto unseen = sample::find(findings, "health.gallery.api");
    CHECK(unseen.verdict == Verdict::unknown);
    CHECK(unseen.component == "api");
    CHECK(unseen.caused_by == std::vector<std::string>{"health.docker-engine.local"});
    CHECK_FALSE(unseen.message.empty());
    CHECK_FALSE(unseen.remediation.empty());
    CHECK(health::find_check(unseen.id) != nullptr);
}

TEST_CASE("while all is well elsewhere a component without a finding is no success") {
    auto findings = engine_down();
    findings[1].verdict = Verdict::ok;
    health::narrow(findings, {.components = {"api"}}, Unfit::ignore);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].verdict == Verdict::unknown);
    CHECK(findings[0].caused_by.empty());
}

TEST_CASE("what nobody asks for need not be measured") {
    const auto may = [](std::vector<std::string> only, std::vector<std::string> skip) {
        return health::may_be_asked_for({{}, std::move(only), std::move(skip), {}},
                                        "health.host-cpu");
    };
    CHECK(may({}, {}));
    CHECK(may({"redis", "host-cpu"}, {}));
    CHECK(may({"host"}, {"disk"}));
    CHECK(may({"health.host-cpu.host"}, {}));
    CHECK(may({}, {"health.host-cpu.host"}));
    CHECK_FALSE(may({"redis"}, {}));
    CHECK_FALSE(may({}, {"host-cpu"}));
    CHECK_FALSE(may({"host"}, {"health.host-cpu"}));
}

TEST_CASE("a name that fits nothing is refused, unless it is declared") {
    auto findings = engine_down();
    CHECK_THROWS_AS(health::narrow(findings, {.components = {"apii"}}), core::UsageError);
    health::narrow(findings, {.components = {"api"}, .declared = {"api"}});
    CHECK(sample::has(findings, "health.gallery.api"));
}

} // namespace health_narrow_test
