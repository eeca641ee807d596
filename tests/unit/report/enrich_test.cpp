// SPDX-License-Identifier: MIT
#include "report/enrich.hpp"
#include "support/catch.hpp"

#include <set>

namespace report_enrich_test {
namespace {

core::Finding enriched(core::Finding finding, const std::map<std::string, std::string>& owners = {},
                       const std::map<std::string, std::string>& contacts = {}) {
    report::Report made;
    made.findings = {std::move(finding)};
    report::enrich(made, owners, contacts);
    return made.findings.front();
}

core::Finding of(std::string playbook, core::Verdict verdict, std::string component = {}) {
    core::Finding made;
    made.playbook = std::move(playbook);
    made.verdict = verdict;
    made.component = std::move(component);
    return made;
}

} // namespace

TEST_CASE("every section has a name of its own, an owner and an escalation") {
    std::set<std::string_view> ids;
    for (const auto& section : report::sections()) {
        INFO(section.id);
        CHECK(ids.insert(section.id).second);
        CHECK_FALSE(section.owner.empty());
        CHECK_FALSE(section.escalation.empty());
        CHECK(report::find_section(section.id) == &section);
    }
    CHECK(ids.size() == 17);
    CHECK(report::find_section("daily/nothing") == nullptr);
}

TEST_CASE("owner and contact come from the section, and the configuration goes before") {
    using core::Verdict;
    const auto warning = enriched(of("daily/log-review", Verdict::warning));
    CHECK(warning.owner == "Operations Team");
    CHECK(warning.contact == "ops-team@company.com");
    CHECK(warning.escalation.find("repeated warnings") != std::string::npos);

    const std::map<std::string, std::string> owners{{"gan", "ML Team"},
                                                    {"daily/log-review", "Log Team"}};
    const std::map<std::string, std::string> contacts{{"ml", "ml@example.org"},
                                                      {"Operations", "ops@example.org"}};
    CHECK(enriched(of("daily/log-review", Verdict::ok, "gan"), owners, contacts).owner
          == "ML Team");
    CHECK(enriched(of("daily/log-review", Verdict::ok, "gan"), owners, contacts).contact
          == "ml@example.org");
    CHECK(enriched(of("daily/log-review", Verdict::ok), owners, contacts).owner == "Log Team");
    CHECK(enriched(of("daily/log-review", Verdict::ok), owners, contacts).contact.empty());
    CHECK(enriched(of("daily/system-health-check", Verdict::ok), owners, contacts).contact
          == "ops@example.org");
}

TEST_CASE("what is critical falls under an emergency procedure and keeps its section") {
    const auto outage = enriched(of("daily/system-health-check", core::Verdict::critical));
    CHECK(outage.owner == "Operations Team");
    CHECK(outage.playbook == "daily/system-health-check");
    CHECK(outage.escalation.starts_with("on-call responds within 15 min"));
    REQUIRE(report::emergency(outage) != nullptr);
    CHECK(report::emergency(outage)->respond == std::chrono::minutes{15});

    const auto breach = enriched(of("weekly/security-review", core::Verdict::critical));
    CHECK(breach.escalation.starts_with("Security Team responds within 10 min"));

    const auto homeless = enriched(of("", core::Verdict::critical));
    CHECK(homeless.owner == "On-call Engineer");
    CHECK(report::emergency(of("daily/log-review", core::Verdict::unknown)) == nullptr);
    CHECK(enriched(of("", core::Verdict::warning)).owner.empty());
}

} // namespace report_enrich_test
