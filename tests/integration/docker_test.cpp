// SPDX-License-Identifier: MIT
#include "integration/bed.hpp"
#include "probe/docker.hpp"
#include "support/catch.hpp"

#include <algorithm>

namespace docker_test {

using namespace std::chrono_literals;
using facts::ContainerState;

namespace {

config::DockerHost host_of(const bed::Gallery& gallery) {
    config::DockerHost host;
    host.url = gallery.docker_host;
    return host;
}

} // namespace

TEST_CASE("the gallery's Engine tells its containers") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto engine =
        probe::observe_docker(host_of(*gallery), gallery->project, core::Deadline::after(20s), {});
    if (!engine) FAIL(core::describe(engine.error()));
    CHECK((engine->server == "docker" || engine->server == "podman"));
    CHECK_FALSE(engine->engine_version.empty());
    CHECK(engine->api_version.starts_with("1."));
    CHECK(engine->containers.size() >= 5);
    for (const auto& container : engine->containers) {
        CAPTURE(container.name);
        CHECK(container.project == gallery->project);
        CHECK_FALSE(container.service.empty());
        CHECK(container.id.size() == 64);
        CHECK(container.state != ContainerState::unknown);
        CHECK(container.image_id == container.current_image_id);
        CHECK(container.created_at);
        CHECK(container.started_at);
        CHECK_FALSE(container.command.empty());
        CHECK_FALSE(container.log_driver.empty());
        if (container.state != ContainerState::running) continue;
        CHECK_FALSE(container.addresses.empty());
        CHECK(std::ranges::count(container.aliases, container.service) == 1);
    }
}

TEST_CASE("the gallery's Postgres is told with its port, its limits and its settings") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto postgres = bed::container(*gallery, "postgres");
    CHECK(postgres.state == ContainerState::running);
    CHECK(postgres.health == "healthy");
    CHECK_FALSE(postgres.health_log.empty());
    CHECK(postgres.memory_limit.count > 0);
    CHECK(postgres.pid > 0);
    CHECK(postgres.environment.contains("POSTGRES_PASSWORD"));
    CHECK_FALSE(postgres.mounts.empty());
    const bool published = std::ranges::any_of(postgres.ports, [&](const facts::Port& port) {
        return port.container == 5432 && port.host == gallery->postgres_port;
    });
    CHECK(published);
}

TEST_CASE("every running container has a usage within its bounds") {
    const auto gallery = bed::find();
    if (!gallery) return;
    auto engine =
        probe::observe_docker(host_of(*gallery), gallery->project, core::Deadline::after(20s), {});
    if (!engine) FAIL(core::describe(engine.error()));
    for (const bool local : {engine->local, false}) {
        engine->local = local; // the second time through the Engine's stats
        for (auto& container : engine->containers)
            container.usage.reset();
        probe::observe_usage(*engine, host_of(*gallery), 300ms, core::Deadline::after(20s), {});
        for (const auto& container : engine->containers) {
            CAPTURE(container.name, local);
            if (container.state != ContainerState::running) continue;
            REQUIRE(container.usage);
            const auto& usage = *container.usage;
            CHECK(usage.window >= 200ms);
            CHECK(usage.cpu_cores >= 0);
            CHECK(usage.cpu_limit_cores > 0);
            CHECK(usage.memory.count > 0);
            CHECK(usage.memory <= usage.memory_limit);
            CHECK(usage.memory_limited == (container.memory_limit.count > 0));
        }
    }
}

TEST_CASE("a container that ended badly brings its last lines along") {
    const auto gallery = bed::find();
    if (!gallery) return;
    // The Engine copies each stream by itself: without the pause their order is not sure.
    const bed::Extra extra{*gallery, "for i in $(seq 30); do echo line $i; done; sleep 0.5;"
                                     " echo bad >&2; exit 3"};
    const auto ended = extra.wait_for(ContainerState::exited);
    CHECK(ended.exit_code == 3);
    REQUIRE(ended.last_log.size() == 20);
    CHECK(std::ranges::count(ended.last_log, "bad") == 1);
    CHECK(std::ranges::count(ended.last_log, "line 30") == 1);
    CHECK(std::ranges::count(ended.last_log, "line 1") == 0);
}

TEST_CASE("a container with a terminal has raw lines, one that ended well has none") {
    const auto gallery = bed::find();
    if (!gallery) return;
    {
        const bed::Extra terminal{*gallery, "echo raw; exit 4", {"-t"}};
        CHECK(terminal.wait_for(ContainerState::exited).last_log
              == std::vector<std::string>{"raw"});
    }
    {
        const bed::Extra silent{*gallery, "echo x; exit 1", {"--log-driver", "none"}};
        CHECK(silent.wait_for(ContainerState::exited).last_log.empty());
    }
    const bed::Extra well{*gallery, "echo done"};
    const auto ended = well.wait_for(ContainerState::exited);
    CHECK(ended.exit_code == 0);
    CHECK(ended.last_log.empty());
}

TEST_CASE("a paused container is paused, whatever its health says") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const bed::Extra extra{*gallery, "sleep 600", {"--init"}};
    CHECK(extra.wait_for(ContainerState::running).pid > 0);
    REQUIRE(bed::run({"docker", "pause", extra.project()}));
    CHECK(extra.wait_for(ContainerState::paused).exit_code == 0);
    CHECK(bed::run({"docker", "unpause", extra.project()}));
}

TEST_CASE("a project that nobody has is empty, no error") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto engine = probe::observe_docker(host_of(*gallery), "no such \"project\" & more",
                                              core::Deadline::after(20s), {});
    if (!engine) FAIL(core::describe(engine.error()));
    CHECK(engine->containers.empty());
}

} // namespace docker_test
