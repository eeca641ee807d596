// SPDX-License-Identifier: MIT
#include "integration/bed.hpp"

#include "probe/docker.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bed {
namespace {

using namespace std::chrono_literals;

std::string variable(const char* name) {
    // Read before any test starts a thread that could write the environment; none does.
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? "" : value;
}

std::uint16_t port(const char* name) {
    return static_cast<std::uint16_t>(std::atoi(variable(name).c_str())); // 0 when it is not set
}

std::string variable(const facts::Container& container, const std::string& name) {
    const auto found = container.environment.find(name);
    return found == container.environment.end() ? "" : found->second.reveal();
}

facts::Docker observe(const Gallery& gallery, const std::string& project) {
    config::DockerHost host;
    host.url = gallery.docker_host;
    auto engine = probe::observe_docker(host, project, core::Deadline::after(20s), {});
    if (!engine) FAIL(core::describe(engine.error()));
    return *std::move(engine);
}

} // namespace

std::optional<Gallery> find() {
    Gallery gallery{variable("DOCKER_HOST"), variable("GALLERY_NAME"),
                    variable("GALLERY_OPS_CONFIG"), port("GALLERY_PORT_POSTGRES"),
                    port("GALLERY_PORT_REDIS")};
    if (!gallery.docker_host.empty() && !gallery.project.empty() && gallery.postgres_port != 0
        && gallery.redis_port != 0)
        return gallery;
    const std::string why = "no demo gallery: run scripts/demo-gallery up, then"
                            " eval \"$(scripts/demo-gallery env)\"";
    if (variable("GALLERY_OPS_REQUIRE_BED") == "1") FAIL(why);
    WARN("skipped: " << why);
    return std::nullopt;
}

facts::Container container(const Gallery& gallery, const std::string& service) {
    for (auto& each : observe(gallery, gallery.project).containers)
        if (each.service == service) return each;
    FAIL("the gallery has no container of service " << service);
    return {};
}

config::Postgres postgres(const Gallery& gallery) {
    const auto server = container(gallery, "postgres");
    config::Postgres target;
    target.dsn = "host=127.0.0.1 port=" + std::to_string(gallery.postgres_port) + " user="
                 + variable(server, "POSTGRES_USER") + " dbname=" + variable(server, "POSTGRES_DB");
    target.password = core::Secret{variable(server, "POSTGRES_PASSWORD")};
    return target;
}

config::Redis redis(const Gallery& gallery) {
    config::Redis target;
    target.url = "redis://127.0.0.1:" + std::to_string(gallery.redis_port) + "/0";
    target.password = core::Secret{variable(container(gallery, "redis"), "REDIS_PASSWORD")};
    return target;
}

bool run(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str())); // exec does not write to them
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = -1;
    const int failed =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (failed != 0 || waitpid(child, &status, 0) != child) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Frozen::Frozen(const Gallery& gallery, const std::string& service)
    : m_container(container(gallery, service).id) {
    REQUIRE(run({"docker", "pause", m_container}));
}

Frozen::~Frozen() {
    run({"docker", "unpause", m_container});
}

Extra::Extra(const Gallery& gallery, const std::string& script,
             const std::vector<std::string>& options)
    : m_gallery(gallery), m_project(gallery.project + "-extra-" + std::to_string(::getpid())) {
    std::vector<std::string> words{"docker",
                                   "run",
                                   "-d",
                                   "--name",
                                   m_project,
                                   "--label",
                                   "com.docker.compose.project=" + m_project,
                                   "--label",
                                   "com.docker.compose.service=extra",
                                   "--network",
                                   "none",
                                   "--entrypoint",
                                   "/bin/sh"};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(container(gallery, "redis").image_id);
    words.insert(words.end(), {"-c", script});
    REQUIRE(run(words));
}

Extra::~Extra() {
    run({"docker", "rm", "-f", "-v", m_project});
}

facts::Container Extra::wait_for(facts::ContainerState state) const {
    const auto until = core::Deadline::after(30s);
    while (!until.passed()) {
        const auto engine = observe(m_gallery, m_project);
        if (engine.containers.size() == 1 && engine.containers[0].state == state)
            return engine.containers[0];
        std::this_thread::sleep_for(100ms);
    }
    FAIL("the extra container did not reach its state");
    return {};
}

} // namespace bed
