// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"
#include "core/text.hpp"
#include "probe/gather.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <string>

namespace absent_project_test {

// An Engine that answers and runs another project than the one that is named: nothing to look at is
// no success. The healthy Engine of the stage runs the project "gallery".

namespace {

using namespace std::chrono_literals;

std::string problem_of(config::Config config, const std::string& compose_project_name = {}) {
    const auto stage = conformance::Stage::set(faults::Fault::none, faults::Protocol::docker);
    const auto& target = stage->target();
    config.docker.hosts.push_back(
        {.name = "local", .url = "tcp://" + target.host + ":" + std::to_string(target.port)});
    probe::GatherOptions options;
    options.timeout = 10s;
    options.deadline = core::Deadline::after(30s);
    options.window = 50ms;
    options.surroundings.compose_project_name = compose_project_name;
    return probe::gather(std::move(config), options).seen.discovery_problem;
}

config::Config naming(const std::string& project) {
    config::Config config;
    config.project = project;
    return config;
}

} // namespace

TEST_CASE("a project that is named and has no container is a problem of the discovery") {
    CHECK(problem_of(naming("gallery")).empty());
    CHECK(problem_of(naming("galery"))
          == "no container of the project galery is on the Engine: it is down, or the name is "
             "wrong");
}

TEST_CASE("COMPOSE_PROJECT_NAME is not set aside for the only project that runs") {
    CHECK(problem_of({}).empty());
    CHECK(problem_of({}, "gallery").empty());
    const auto problem = problem_of({}, "galery");
    CHECK(problem.find("no container of the project galery") != std::string::npos);
    CHECK(problem.find("there is: gallery") != std::string::npos);
}

TEST_CASE("that targets are named hides no problem of the discovery") {
    config::Config config;
    config.given.endpoints = true;
    CHECK(problem_of(config, "galery").find("galery") != std::string::npos);
    config.project = "galery";
    CHECK_FALSE(problem_of(config).empty());
}

} // namespace absent_project_test
