// SPDX-License-Identifier: MIT
#include "probe/host.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace host_test {

using namespace std::chrono_literals;

// Every host is a bed for this probe: nothing has to be started.

TEST_CASE("this host tells figures within their bounds") {
    const auto host = probe::observe_host(200ms, core::Deadline::after(20s), {});
    if (!host) FAIL(core::describe(host.error()));
    CHECK_FALSE(host->name.empty());
    CHECK(host->window >= 150ms);
    CHECK(host->cpus >= 1);
    CHECK(host->core_busy.size() == static_cast<std::size_t>(host->cpus));
    const double cpu = host->cpu_busy + host->cpu_iowait + host->cpu_steal;
    CHECK(cpu >= 0);
    CHECK(cpu <= 1.000001);
    CHECK(host->memory_available <= host->memory_total);
    CHECK(host->swap_used <= host->swap_total);
    CHECK(host->descriptors_used < host->descriptors_max);
    REQUIRE_FALSE(host->filesystems.empty());
    std::set<std::string> points;
    for (const auto& filesystem : host->filesystems) {
        CAPTURE(filesystem.mount_point);
        CHECK(points.insert(filesystem.mount_point).second);
        if (filesystem.unresponsive || !filesystem.problem.empty()) continue;
        CHECK(filesystem.total.count > 0);
        CHECK(filesystem.used <= filesystem.total);
        CHECK(filesystem.inodes_used <= filesystem.inodes_total);
    }
    const bool loopback = std::ranges::any_of(
        host->interfaces, [](const facts::Interface& each) { return each.name == "lo"; });
    CHECK_FALSE(loopback);
}

} // namespace host_test
