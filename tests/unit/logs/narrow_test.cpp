// SPDX-License-Identifier: MIT
#include "core/error.hpp"
#include "logs/narrow.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace logs_narrow_test {
namespace {

core::Finding finding(const std::string& id, const std::string& component,
                      core::Verdict verdict = core::Verdict::warning) {
    core::Finding made;
    made.id = id;
    made.component = component;
    made.verdict = verdict;
    return made;
}

std::vector<std::string> kept(const logs::Narrowing& asked) {
    std::vector findings{finding("logs.errors.api", "api"), finding("logs.requests.api", "api"),
                         finding("logs.requests.api GET /x", "api"),
                         finding("logs.errors.nginx", "nginx"),
                         finding("logs.read.grafana", "grafana", core::Verdict::unknown)};
    findings[2].caused_by = {"logs.requests.api"};
    logs::narrow(findings, asked);
    std::vector<std::string> ids;
    for (const auto& one : findings)
        ids.push_back(one.id);
    return ids;
}

using Ids = std::vector<std::string>;

} // namespace

TEST_CASE("only what is asked for is judged; what could not be read stays") {
    CHECK(kept({}).size() == 5);
    CHECK(kept({.only = {"errors"}})
          == Ids{"logs.errors.api", "logs.errors.nginx", "logs.read.grafana"});
    CHECK(kept({.only = {"logs.requests"}})
          == Ids{"logs.requests.api", "logs.requests.api GET /x", "logs.read.grafana"});
    CHECK(kept({.skip = {"requests"}})
          == Ids{"logs.errors.api", "logs.errors.nginx", "logs.read.grafana"});
    CHECK(kept({.components = {"nginx"}}) == Ids{"logs.errors.nginx", "logs.read.grafana"});
}

TEST_CASE("a cause that is left out is named no more") {
    std::vector findings{finding("logs.requests.api GET /x", "api")};
    findings[0].caused_by = {"logs.requests.api"};
    logs::narrow(findings, {});
    CHECK(findings[0].caused_by.empty());
}

TEST_CASE("a name that is no detector is a mistake") {
    CHECK_NOTHROW(logs::check_names({.only = {"errors", "logs.sign-in"}, .skip = {"read"}}));
    CHECK_THROWS_AS(logs::check_names({.only = {"erors"}}), core::UsageError);
    CHECK_THROWS_AS(logs::check_names({.skip = {"health.http"}}), core::UsageError);
}

} // namespace logs_narrow_test
