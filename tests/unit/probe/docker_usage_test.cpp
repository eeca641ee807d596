// SPDX-License-Identifier: MIT
#include "probe/docker_usage.hpp"
#include "support/catch.hpp"

#include <filesystem>

namespace probe_docker_usage_test {

using namespace std::chrono_literals;

namespace {

probe::HostRoots recorded(const char* tree) {
    const std::filesystem::path root =
        std::filesystem::path{GALLERY_OPS_TEST_DIR} / "unit/probe/data" / tree;
    return {root / "proc", root / "sys"};
}

facts::Docker engine_with(std::int64_t pid, const char* id) {
    facts::Docker engine;
    facts::Container container;
    container.id = id;
    container.pid = pid;
    container.state = facts::ContainerState::running;
    engine.containers.push_back(container);
    return engine;
}

probe::GroupLook group_look(std::chrono::milliseconds at, std::uint64_t cpu_us) {
    probe::GroupLook look;
    look.at = std::chrono::steady_clock::time_point{at};
    look.cpu.usage_us = cpu_us;
    return look;
}

} // namespace

TEST_CASE("usage between two looks") {
    auto first = group_look(1000ms, 1'000'000);
    auto second = group_look(1200ms, 1'100'000);
    first.cpu.periods = 10;
    second.cpu.periods = 12;
    second.cpu.throttled = 1;
    second.cpu.quota_cores = 1.5;
    second.memory = {{300}, core::Bytes{400}, 2};
    const auto usage = probe::usage_between(first, second, {4, {1000}});
    CHECK(usage.cpu_cores == Approx(0.5));
    CHECK(usage.cpu_limit_cores == Approx(1.5));
    CHECK(usage.memory.count == 300);
    CHECK(usage.memory_limit.count == 400);
    CHECK(usage.memory_limited);
    CHECK(usage.oom_kills == 2);
    CHECK(usage.throttled_share == Approx(0.5));
}

TEST_CASE("without limits the host bounds; backwards and at once give zero") {
    const auto later = group_look(1000ms, 500);
    auto reset = group_look(1000ms, 100);
    reset.memory.limit = core::Bytes{5000}; // more than the host has is no limit
    const auto usage = probe::usage_between(later, reset, {4, {1000}});
    CHECK(usage.cpu_cores == 0);
    CHECK(usage.cpu_limit_cores == 4);
    CHECK_FALSE(usage.memory_limited);
    CHECK(usage.memory_limit.count == 1000);
    CHECK_FALSE(usage.throttled_share);
}

TEST_CASE("usage from the Engine's stats") {
    probe::StatsLook first;
    first.read = core::Time{10s};
    first.cpu_ns = 1'000'000'000;
    auto second = first;
    second.read = core::Time{11s};
    second.cpu_ns = 1'250'000'000;
    second.online_cpus = 2;
    second.memory = {70};
    second.memory_limit = {1000};
    facts::Container container;
    const auto usage = probe::usage_between(first, second, 5s, container);
    CHECK(usage.cpu_cores == Approx(0.25));
    CHECK(usage.cpu_limit_cores == 2);
    CHECK(usage.memory_limit.count == 1000);
    CHECK_FALSE(usage.memory_limited);

    container.cpu_limit_cores = 0.5;
    container.memory_limit = {200};
    second.read = first.read; // a stale answer: our own clock then
    const auto limited = probe::usage_between(first, second, 500ms, container);
    CHECK(limited.cpu_cores == Approx(0.5));
    CHECK(limited.cpu_limit_cores == Approx(0.5));
    CHECK(limited.memory_limit.count == 200);
}

TEST_CASE("recorded control groups of both versions") {
    auto two = engine_with(4711, "ab12");
    CHECK(
        probe::observe_usage_in_cgroups(two, 0ms, core::Deadline::after(10s), {}, recorded("v2")));
    REQUIRE(two.containers[0].usage);
    CHECK(two.containers[0].usage->memory.count == 100'000'000);
    CHECK(two.containers[0].usage->memory_limited);
    CHECK(two.containers[0].usage->cpu_limit_cores == Approx(1.5));
    CHECK(two.containers[0].usage->oom_kills == 2);

    auto one = engine_with(4711, "ab12");
    CHECK(
        probe::observe_usage_in_cgroups(one, 0ms, core::Deadline::after(10s), {}, recorded("v1")));
    REQUIRE(one.containers[0].usage);
    CHECK(one.containers[0].usage->memory.count == 30'000'000);
    CHECK_FALSE(one.containers[0].usage->memory_limited);
}

TEST_CASE("a process id that is not the container's is not looked at") {
    for (auto [pid, id] : {std::pair{4711, "other"}, {1, "ab12"}, {-1, "ab12"}, {0, "ab12"}}) {
        auto engine = engine_with(pid, id);
        const bool seen = probe::observe_usage_in_cgroups(engine, 0ms, core::Deadline::after(10s),
                                                          {}, recorded("v2"));
        CHECK(seen == (pid <= 0)); // nothing runs, so nothing was missed
        CHECK_FALSE(engine.containers[0].usage);
    }
}

} // namespace probe_docker_usage_test
