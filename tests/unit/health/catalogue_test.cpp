// SPDX-License-Identifier: MIT
#include "health/catalogue.hpp"
#include "report/enrich.hpp"
#include "support/catch.hpp"

#include <set>

namespace health_catalogue_test {

TEST_CASE("every check says what it does, why, its threshold and the next step") {
    for (const auto* check : health::catalogue()) {
        const auto& spec = check->spec;
        INFO(spec.id);
        CHECK(spec.id.starts_with("health."));
        CHECK(check->judge != nullptr);
        for (auto words : {spec.title, spec.group, spec.what, spec.why, spec.threshold,
                           spec.remediation, spec.reference})
            CHECK_FALSE(words.empty());
        CHECK(spec.what.ends_with('.'));
        CHECK(spec.why.ends_with('.'));
        CHECK(spec.threshold.ends_with('.'));
        CHECK(report::find_section(spec.section) != nullptr);
        CHECK(spec.when_unreachable != core::Verdict::ok);
        CHECK(spec.when_unreachable != core::Verdict::skipped);
    }
}

TEST_CASE("no two checks share an id, and a group's checks stand together") {
    std::set<std::string_view> ids;
    for (const auto* check : health::catalogue())
        CHECK(ids.insert(check->spec.id).second);
}

TEST_CASE("a check is found by its own id and by that of a finding") {
    CHECK(health::find_check("health.http")->spec.id == "health.http");
    CHECK(health::find_check("health.http.frontend")->spec.id == "health.http");
    CHECK(health::find_check("health.http-latency.frontend")->spec.id == "health.http-latency");
    CHECK(health::find_check("health.disk./var/lib/docker")->spec.id == "health.disk");
    CHECK(health::find_check("health.nothing") == nullptr);
    CHECK(health::find_check("") == nullptr);
}

} // namespace health_catalogue_test
