// SPDX-License-Identifier: MIT
#include "probe/compose_file.hpp"
#include "support/catch.hpp"
#include "unit/config/temp_folder.hpp"

#include <chrono>
#include <future>
#include <string>
#include <sys/stat.h>
#include <thread>

namespace probe_compose_file_test {

using namespace std::chrono_literals;

namespace {

constexpr const char* k_compose = "services: {worker: {image: x, deploy: {replicas: \"${N}\"}}}\n";

core::Deadline soon() {
    return core::Deadline::after(10s);
}

config::Config configured(const std::filesystem::path& file) {
    config::Config config;
    config.docker.compose_file = file.string();
    return config;
}

/// A local Engine with one container of these labels.
facts::Observations with_labels(std::map<std::string, std::string> labels) {
    facts::Container container;
    for (auto& [name, value] : labels)
        container.labels["com.docker.compose.project." + name] = value;
    facts::Docker docker;
    docker.local = true;
    docker.containers.push_back(std::move(container));
    facts::Observed<facts::Docker> engine;
    engine.result = std::move(docker);
    facts::Observations seen;
    seen.engines.push_back(std::move(engine));
    return seen;
}

int replicas(const facts::Observations& seen) {
    INFO(seen.compose_problem);
    REQUIRE(seen.compose);
    REQUIRE(seen.compose->services.contains("worker"));
    return seen.compose->services.at("worker").replicas;
}

} // namespace

TEST_CASE("an env file is read as compose reads it") {
    for (const char* line : {"N=2", "export N=2", "  N = 2  ", "N=2 # two", "N='2' # two",
                             "N=\"2\"", "N=7\nN=2", "# N=7\nN=2\r", "N=2\t# two"}) {
        CAPTURE(line);
        const support::TempFolder folder;
        const auto file = folder.write("compose.yml", k_compose);
        folder.write(".env", line);
        facts::Observations seen;
        probe::read_compose(seen, configured(file), {}, soon(), {});
        CHECK(replicas(seen) == 2);
        probe::read_compose(seen, configured(file), {{"N", "5"}}, soon(), {});
        CHECK(replicas(seen) == 5);
    }
}

TEST_CASE("the labels of a container say where the compose files and their env files are") {
    const support::TempFolder folder;
    folder.write("files/compose.yml", k_compose);
    folder.write("project/.env", "N=3\n");
    folder.write("project/a.env", "N=4\n");
    folder.write("project/b.env", "N=6\n");
    std::map<std::string, std::string> labels{
        {"config_files", (folder.path() / "files/compose.yml").string()},
        {"working_dir", (folder.path() / "project").string()}};
    auto seen = with_labels(labels);
    probe::read_compose(seen, {}, {}, soon(), {});
    CHECK(replicas(seen) == 3);

    labels["environment_file"] = "a.env,b.env";
    seen = with_labels(labels);
    probe::read_compose(seen, {}, {}, soon(), {});
    CHECK(replicas(seen) == 6);
}

TEST_CASE("what is wrong with a compose file is told with its place") {
    const support::TempFolder folder;
    const auto broken = folder.write("compose.yml", "services:\n  worker: [\n");
    facts::Observations seen;
    probe::read_compose(seen, configured(broken), {}, soon(), {});
    CHECK_FALSE(seen.compose);
    CHECK(seen.compose_problem.starts_with(broken.string() + ", line "));

    const auto missing = folder.path() / "nowhere.yml";
    probe::read_compose(seen, configured(missing), {}, soon(), {});
    CHECK(seen.compose_problem == missing.string() + ": No such file or directory");
}

TEST_CASE("a compose file that can't be read in time costs no more than that") {
    const support::TempFolder folder;
    const auto pipe = folder.path() / "compose.yml";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const auto file = configured(pipe);
    auto looking = std::async(std::launch::async, [&] {
        facts::Observations seen;
        probe::read_compose(seen, file, {}, core::Deadline::after(100ms), {});
        return seen;
    });
    const bool ended = looking.wait_for(5s) == std::future_status::ready;
    CHECK(ended);
    std::ofstream{pipe} << "services: {}\n"; // lets the reader go
    const auto seen = looking.get();
    CHECK_FALSE(seen.compose);
    CHECK(seen.compose_problem.find("could not be read in time") != std::string::npos);
}

} // namespace probe_compose_file_test
