// SPDX-License-Identifier: MIT
#include "probe/host.hpp"
#include "support/catch.hpp"

#include <filesystem>

namespace probe_host_test {

using namespace std::chrono_literals;

namespace {

probe::HostRoots recorded(const char* tree) {
    const std::filesystem::path root =
        std::filesystem::path{GALLERY_OPS_TEST_DIR} / "unit/probe/data" / tree;
    return {root / "proc", root / "sys"};
}

} // namespace

TEST_CASE("a recorded host is read as it stands there") {
    const auto host = probe::observe_host(0ms, core::Deadline::after(10s), {}, recorded("v2"));
    REQUIRE(host);
    CHECK(host->name == "gallery-host");
    CHECK(host->cpus == 2);
    CHECK(host->cpu_busy == 0); // the record does not move
    CHECK(host->load1 == Approx(0.52));
    CHECK(host->swap_used.count == 250'000ULL * 1024);
    CHECK(host->descriptors_used == 5000);
    REQUIRE(host->interfaces.size() == 1);
    CHECK(host->interfaces[0].errors == 4);
    CHECK(host->interfaces[0].new_errors == 0);
    // Our own control group has less memory than the host.
    CHECK(host->memory_total.count == 1'000'000'000);
    CHECK(host->memory_available.count == 200'000'000);
}

TEST_CASE("this host is observed") {
    const auto host = probe::observe_host(20ms, core::Deadline::after(10s), {});
    REQUIRE(host);
    CHECK(host->cpus >= 1);
    CHECK(host->cpu_busy >= 0);
    CHECK(host->cpu_busy <= 1);
    CHECK(host->memory_total.count > 0);
    CHECK(host->memory_available <= host->memory_total);
    CHECK(host->window >= 20ms);
    CHECK_FALSE(host->name.empty());
}

TEST_CASE("without its files the host is an error of the observer") {
    for (const char* tree : {"v1", "no-such-tree"}) {
        const auto host = probe::observe_host(0ms, core::Deadline::after(10s), {}, recorded(tree));
        REQUIRE_FALSE(host);
        CHECK(host.error().kind == core::ErrorKind::observer);
    }
}

TEST_CASE("a stop and a deadline end the wait between the looks") {
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        probe::observe_host(60s, core::Deadline::after(120s), stop.get_token(), recorded("v2"));
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == core::ErrorKind::cancelled);

    const auto start = std::chrono::steady_clock::now();
    CHECK(probe::observe_host(60s, core::Deadline::after(100ms), {}, recorded("v2")));
    CHECK(std::chrono::steady_clock::now() - start < 5s);
}

} // namespace probe_host_test
