// SPDX-License-Identifier: MIT
#include "config/compose.hpp"
#include "support/catch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace config_compose_override_test {
namespace {

using Map = std::map<std::string, std::string>;

config::ComposeProject good(const std::string& text) {
    auto project = config::parse_compose(text, {});
    if (!project) UNSCOPED_INFO(core::describe(project.error()));
    REQUIRE(project);
    return *std::move(project);
}

config::ComposeProject merged(const std::string& over) {
    config::ComposeProject project;
    config::merge(project, good(R"(
services:
  a: {image: a, profiles: [p], healthcheck: {test: x}, depends_on: [b, c],
      environment: {X: "http://b/"}}
  b: {image: b}
)"));
    config::merge(project, good(over));
    return project;
}

} // namespace

TEST_CASE("an override can take a service away") {
    CHECK(merged("services: {b: !reset null}").services.count("b") == 0);
    CHECK(merged("services: {b: !reset null, c: {image: c}}").services.size() == 2);
    CHECK(merged("services: {d: !reset null}").services.size() == 2);
}

TEST_CASE("an override can reset or replace what would be merged") {
    const auto a = [](const std::string& keys) {
        return merged("services: {a: {" + keys + "}}").services.at("a");
    };
    CHECK(a("depends_on: !reset []").depends_on.empty());
    CHECK(a("depends_on: !reset null").depends_on.empty());
    CHECK(a("depends_on: !override [d]").depends_on == Map{{"d", "service_started"}});
    CHECK(a("depends_on: !override {d: {condition: service_healthy}}").depends_on
          == Map{{"d", "service_healthy"}});
    CHECK(a("depends_on: [d]").depends_on.size() == 3);
    CHECK(a("profiles: !reset []").profiles.empty());
    CHECK(a("profiles: !override [q]").profiles == std::vector<std::string>{"q"});
    CHECK_FALSE(a("healthcheck: !reset null").has_healthcheck);
    CHECK(a("environment: !reset null").environment_hosts.empty());
    CHECK(a("environment: !override {Y: \"http://c/\"}").environment_hosts == Map{{"Y", "c"}});
    CHECK(a("image: a2").has_healthcheck);
}

TEST_CASE("a line of the environment that is no variable leaves nothing behind") {
    const auto project = good("services: {a: {environment: [\"API_TOKEN: s3cret\", \"B=1\", C, "
                              "s3cret-token, spring.url=2, \"1X=2\", \"=x\"]}}");
    CHECK(project.services.at("a").given
          == std::set<std::string>{"environment.B", "environment.C", "environment.spring.url"});
}

} // namespace config_compose_override_test
