// SPDX-License-Identifier: MIT
#include "config/discover.hpp"
#include "core/error.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace config_choose_project_test {
namespace {

/// One Engine that runs a container of each of these projects.
std::vector<facts::Docker> running(const std::vector<std::string>& projects) {
    facts::Docker engine;
    for (const auto& project : projects) {
        facts::Container container;
        container.project = project;
        container.service = "web";
        engine.containers.push_back(std::move(container));
    }
    return {engine};
}

} // namespace

TEST_CASE("the project that COMPOSE_PROJECT_NAME names comes before the only one that runs") {
    CHECK(config::choose_project({}, running({"gallery", "shop"}), {"gallery", ""}) == "gallery");

    const auto down = config::choose_project({}, running({"shop"}), {"gallery", ""});
    REQUIRE_FALSE(down);
    CHECK(down.error().kind == core::ErrorKind::missing);
    CHECK(core::describe(down.error())
          == "choose the compose project: no container of the project gallery that "
             "COMPOSE_PROJECT_NAME names is on the Engine; there is: shop; start it with "
             "'docker-compose up -d', or correct COMPOSE_PROJECT_NAME");
    const auto nothing = config::choose_project({}, running({}), {"gallery", ""});
    REQUIRE_FALSE(nothing);
    CHECK(core::describe(nothing.error()).find("gallery") != std::string::npos);
}

TEST_CASE("the configuration's project goes before COMPOSE_PROJECT_NAME") {
    config::Config config;
    config.project = "mine";
    CHECK(config::choose_project(config, running({"shop"}), {"gallery", ""}) == "mine");
}

} // namespace config_choose_project_test
