// SPDX-License-Identifier: MIT
#include "probe/docker.hpp"
#include "probe/docker_usage.hpp"
#include "probe/host.hpp"
#include "probe/host_parse.hpp"
#include "probe/load.hpp"
#include "probe/mounts.hpp"
#include "support/catch.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <future>
#include <new>
#include <unistd.h>

namespace probe_unmeasured_test {

// What can't be measured keeps its reason and does not vanish.

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// A copy of the recorded host whose control group uses so much memory, and the the files' end.
class Copy {
  public:
    explicit Copy(const std::string& memory_current)
        : m_root(fs::temp_directory_path() / ("gallery-ops-host-" + std::to_string(::getpid()))) {
        fs::remove_all(m_root);
        fs::copy(fs::path{GALLERY_OPS_TEST_DIR} / "unit/probe/data/v2", m_root,
                 fs::copy_options::recursive);
        for (const char* group : {"user.slice", "user.slice/app"})
            std::ofstream{m_root / "sys/fs/cgroup" / group / "memory.current"} << memory_current;
    }

    ~Copy() { fs::remove_all(m_root); }

    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

    [[nodiscard]] probe::HostRoots roots() const { return {m_root / "proc", m_root / "sys"}; }

  private:
    fs::path m_root;
};

facts::Docker engine_of(std::vector<facts::ContainerState> states) {
    facts::Docker engine;
    for (const auto state : states) {
        facts::Container container;
        container.id = "ab" + std::to_string(engine.containers.size());
        container.state = state;
        container.pid = state == facts::ContainerState::running ? 4711 : 0;
        engine.containers.push_back(std::move(container));
    }
    return engine;
}

facts::Observations seen_with(facts::Docker engine) {
    facts::Observations seen;
    seen.engines.emplace_back();
    seen.engines[0].result = std::move(engine);
    return seen;
}

using enum facts::ContainerState;

} // namespace

TEST_CASE("a file system that can't be asked is there with its problem") {
    probe::MountEntry broken;
    broken.mount_point = "/proc/self/stat/no-folder"; // ENOTDIR, as good as ESTALE
    broken.type = "nfs4";
    broken.source = "server:/export";
    probe::MountEntry gone;
    gone.mount_point = "/no/such/folder";
    probe::MountEntry empty;
    empty.mount_point = "/proc"; // no blocks at all
    const auto all = probe::measure({broken, gone, empty}, core::Deadline::after(10s), {});
    REQUIRE(all.size() == 1);
    CHECK(all[0].mount_point == broken.mount_point);
    CHECK(all[0].device == "server:/export");
    CHECK(all[0].problem.find("Not a directory") != std::string::npos);
    CHECK_FALSE(all[0].unresponsive);
}

TEST_CASE("CPU counters that do not move are told") {
    const auto zeros = probe::parse_stat("cpu  0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0\n");
    const auto later = probe::parse_stat("cpu  1 0 0 9 0 0 0 0\ncpu0 1 0 0 9 0 0 0 0\n");
    REQUIRE(zeros);
    REQUIRE(later);
    facts::Host host;
    probe::compare_cpu(*zeros, *zeros, host);
    CHECK(host.cpu_still);
    probe::compare_cpu(*zeros, *later, host);
    CHECK_FALSE(host.cpu_still);
    CHECK(host.cpu_busy == Approx(0.1));
}

TEST_CASE("our own control group speaks only where it is fuller than the host") {
    // The recorded host has half of its 8 GB left; the limit is 1 GB.
    {
        const Copy idle{"300000000"};
        const auto host = probe::observe_host(0ms, core::Deadline::after(10s), {}, idle.roots());
        REQUIRE(host);
        CHECK_FALSE(host->memory_of_group);
        CHECK(host->memory_total.count == 8'000'000ULL * 1024);
        CHECK(host->memory_available.count == 4'000'000ULL * 1024);
    }
    const Copy full{"900000000"};
    const auto host = probe::observe_host(0ms, core::Deadline::after(10s), {}, full.roots());
    REQUIRE(host);
    CHECK(host->memory_of_group);
    CHECK(host->memory_total.count == 1'000'000'000);
    CHECK(host->memory_available.count == 200'000'000);
}

TEST_CASE("a running container without usage says why, others say nothing") {
    auto engine = engine_of({running, exited, running});
    engine.containers[2].usage = facts::ContainerUsage{};
    probe::explain_missing(engine, "no answer in time");
    CHECK(engine.containers[0].usage_problem == "no answer in time");
    CHECK(engine.containers[1].usage_problem.empty());
    CHECK(engine.containers[2].usage_problem.empty());
    probe::explain_missing(engine, "another reason");
    CHECK(engine.containers[0].usage_problem == "no answer in time");
}

TEST_CASE("an Engine that does not answer leaves its reason with each container") {
    auto engine = engine_of({running, running, exited});
    engine.containers[1].pid = 0;
    config::DockerHost host;
    host.url = "tcp://127.0.0.1:1";
    probe::observe_usage(engine, host, 1ms, core::Deadline::after(10s), {});
    CHECK_FALSE(engine.containers[0].usage);
    CHECK(engine.containers[0].usage_problem.find("its stats: ") == 0);
    CHECK(engine.containers[1].usage_problem.find("no process") != std::string::npos);
    CHECK(engine.containers[2].usage_problem.empty());
}

TEST_CASE("usages that did not come are told") {
    auto no_thread = seen_with(engine_of({running}));
    probe::Usages none(1);
    probe::finish_usages(no_thread, none, core::Deadline::after(1s), {});
    CHECK(no_thread.engines[0].result->containers[0].usage_problem.find("thread")
          != std::string::npos);

    auto late = seen_with(engine_of({running}));
    probe::Usages hanging(1);
    std::promise<facts::Docker> never;
    hanging[0] = never.get_future();
    probe::finish_usages(late, hanging, core::Deadline::after(0s), {});
    CHECK(late.engines[0].result->containers[0].usage_problem == "no answer in time");

    auto failed = seen_with(engine_of({running}));
    probe::Usages thrown(1);
    std::promise<facts::Docker> broken;
    broken.set_exception(std::make_exception_ptr(std::bad_alloc{}));
    thrown[0] = broken.get_future();
    probe::finish_usages(failed, thrown, core::Deadline::after(1s), {});
    CHECK_FALSE(failed.engines[0].result->containers[0].usage_problem.empty());
}

TEST_CASE("stats without any memory figure are not a memory of 0 bytes") {
    probe::StatsLook look;
    look.cpu_ns = 5;
    look.online_cpus = 1;
    facts::Container container;
    container.memory_limit = {100};
    CHECK(probe::usage_between(look, look, 1s, container).memory_limit.count == 0);
    look.memory = {7};
    CHECK(probe::usage_between(look, look, 1s, container).memory_limit.count == 100);
}

} // namespace probe_unmeasured_test
