// SPDX-License-Identifier: MIT
#include "probe/cgroup.hpp"
#include "probe/proc_file.hpp"
#include "support/catch.hpp"

namespace probe_cgroup_test {
namespace {

probe::HostRoots recorded(const char* tree) {
    const std::filesystem::path root =
        std::filesystem::path{GALLERY_OPS_TEST_DIR} / "unit/probe/data" / tree;
    return {root / "proc", root / "sys"};
}

probe::Cgroup group_of(const probe::HostRoots& roots, const char* process,
                       std::string_view stop_at = {}) {
    const auto mounts =
        probe::parse_mountinfo(probe::try_read(roots.proc / "self/mountinfo").value_or(""));
    return probe::locate_cgroup(probe::try_read(roots.proc / process / "cgroup").value_or(""),
                                mounts, roots, stop_at);
}

} // namespace

TEST_CASE("control groups, version 2") {
    const auto group = group_of(recorded("v2"), "4711", "ab12");
    const auto memory = probe::look_at_memory(group.memory);
    REQUIRE(memory);
    CHECK(memory->working_set.count == 100'000'000);
    CHECK(memory->limit == core::Bytes{209'715'200});
    CHECK(memory->oom_kills == 2);
    const auto cpu = probe::look_at_cpu(group);
    REQUIRE(cpu);
    CHECK(cpu->usage_us == 5'000'000);
    CHECK(cpu->quota_cores == Approx(1.5));
    CHECK(cpu->periods == 100);
    CHECK(cpu->throttled == 25);
}

TEST_CASE("control groups, version 1") {
    const auto group = group_of(recorded("v1"), "4711", "ab12");
    const auto memory = probe::look_at_memory(group.memory);
    REQUIRE(memory);
    CHECK(memory->working_set.count == 30'000'000);
    CHECK_FALSE(memory->limit);
    CHECK(memory->oom_kills == 1);
    const auto cpu = probe::look_at_cpu(group);
    REQUIRE(cpu);
    CHECK(cpu->usage_us == 7'000'000);
    CHECK_FALSE(cpu->quota_cores);
}

TEST_CASE("the tightest limit may stand above the group") {
    const auto group = group_of(recorded("v2"), "self");
    const auto tightest = probe::tightest_memory(group.memory);
    REQUIRE(tightest);
    CHECK(tightest->limit == core::Bytes{1'000'000'000});
    CHECK(tightest->working_set.count == 800'000'000);
    CHECK_FALSE(probe::tightest_memory(group_of(recorded("v1"), "self").memory));
}

TEST_CASE("what is missing or garbled gives nothing") {
    const probe::HostRoots nowhere{"/nowhere/proc", "/nowhere/sys"};
    for (const char* membership :
         {"", "garbage", "::", "0::/../../../etc", "4:memory:/no/such", "0::/system.slice"}) {
        const auto group = probe::locate_cgroup(membership, {}, nowhere);
        CHECK_FALSE(probe::look_at_memory(group.memory));
        CHECK_FALSE(probe::look_at_cpu(group));
        CHECK_FALSE(probe::tightest_memory(group.memory));
    }
}

} // namespace probe_cgroup_test
