// SPDX-License-Identifier: MIT
#include "probe/host_parse.hpp"
#include "probe/proc_file.hpp"
#include "support/catch.hpp"

namespace probe_host_parse_test {

using namespace std::chrono_literals;

TEST_CASE("CPU shares come from two looks; iowait and steal are not busy") {
    const auto first =
        probe::parse_stat("cpu  100 0 100 800 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0\n");
    const auto second = probe::parse_stat(
        "cpu  120 10 110 840 10 5 5 10 7 0\ncpu0 100 0 100 900 0 0 0 0\ncpu1 9 9 9 9 9 9 9 9\n");
    REQUIRE(first);
    REQUIRE(second);
    facts::Host host;
    probe::compare_cpu(*first, *second, host);
    CHECK(host.cpu_busy == Approx(50.0 / 110));
    CHECK(host.cpu_iowait == Approx(10.0 / 110));
    CHECK(host.cpu_steal == Approx(10.0 / 110));
    CHECK(host.cpus == 2);
    CHECK(host.core_busy == std::vector<double>{0, 0}); // the second one came online in between
}

TEST_CASE("no time between two looks, or counters that went backwards, give zero") {
    const auto later = probe::parse_stat("cpu  100 0 100 800 50 0 0 0\n");
    const auto reset = probe::parse_stat("cpu  1 0 1 8 0 0 0 0\n");
    REQUIRE(later);
    REQUIRE(reset);
    for (const auto* second : {&*later, &*reset}) {
        facts::Host host;
        probe::compare_cpu(*later, *second, host);
        CHECK(host.cpu_busy == 0);
        CHECK(host.cpu_iowait == 0);
        CHECK(host.cpus == 1);
    }
}

TEST_CASE("a garbled /proc/stat is an error of the observer") {
    for (const char* text : {"", "\n\n", "intr 1 2 3", "cpu", "cpu a b c d", "cpu 1 2 3",
                             "cpu 1 2 -3 4", "cpu 99999999999999999999999 1 1 1"}) {
        const auto look = probe::parse_stat(text);
        REQUIRE_FALSE(look);
        CHECK(look.error().kind == core::ErrorKind::observer);
    }
    CHECK(probe::parse_stat("cpu 1 2 3 4\ncpux 1 2 3 4\ncpu99999999999 1 2 3 4")->cores.empty());
}

TEST_CASE("memory is what the kernel says that can be had") {
    facts::Host host;
    REQUIRE(probe::parse_meminfo("MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable:  400 kB\n"
                                 "SwapTotal: 50 kB\nSwapFree: 20 kB\n",
                                 host));
    CHECK(host.memory_total.count == 1000 * 1024);
    CHECK(host.memory_available.count == 400 * 1024);
    CHECK(host.swap_used.count == 30 * 1024);

    facts::Host old;
    REQUIRE(probe::parse_meminfo("MemTotal: 1000 kB\nMemFree: 1 kB\nBuffers: 2 kB\nCached: 3 kB\n",
                                 old));
    CHECK(old.memory_available.count == 6 * 1024);
}

TEST_CASE("nonsense in meminfo neither overflows nor goes below zero") {
    facts::Host host;
    REQUIRE(probe::parse_meminfo("MemTotal: 1000 kB\nMemAvailable: 18446744073709551615 kB\n"
                                 "SwapTotal: 1 kB\nSwapFree: 18446744073709551615 kB\n",
                                 host));
    CHECK(host.memory_available == host.memory_total);
    CHECK(host.swap_used.count == 0);
    for (const char* bad : {"", "MemTotal:", "MemTotal: x kB", "MemTotal: 0 kB", "MemFree: 3 kB"})
        CHECK_FALSE(probe::parse_meminfo(bad, host));
}

TEST_CASE("interfaces: rates, new errors, and none of the containers' own") {
    const auto first = probe::parse_net_dev("head | er\n face |bytes\n"
                                            "  eth0: 1000 10 1 2 0 0 0 0 500 5 0 1 0 0 0 0\n"
                                            "    lo: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n"
                                            "veth0: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n"
                                            "br-12: 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n"
                                            "broken: 1 2 x\n"
                                            "short: 1 2 3\n");
    CHECK(first.size() == 1);
    const auto second = probe::parse_net_dev("eth0:3000 20 4 2 0 0 0 0 1500 15 1 0 0 0 0 0\n"
                                             "wlan0:7 7 7 7 0 0 0 0 7 7 7 7 0 0 0 0\n");
    facts::Host host;
    probe::compare_interfaces(first, second, 2s, host);
    REQUIRE(host.interfaces.size() == 2);
    const auto& eth = host.interfaces.front();
    CHECK(eth.rx_bytes_per_second == Approx(1000));
    CHECK(eth.tx_bytes_per_second == Approx(500));
    CHECK(eth.errors == 5);
    CHECK(eth.new_errors == 4);
    CHECK(eth.new_drops == 0); // one of the counters was reset
    CHECK(eth.packets == 35);
    CHECK(host.interfaces.back().new_errors == 0); // it appeared in between

    facts::Host at_once;
    probe::compare_interfaces(first, second, 0us, at_once);
    CHECK(at_once.interfaces.front().rx_bytes_per_second == 0);
}

TEST_CASE("load and descriptors stay zero when garbled") {
    CHECK(probe::parse_loadavg("0.52 0.58 0.59 1/389 1") == Approx(0.52));
    for (const char* bad : {"", "x", "-1 0 0", "nan", "inf"})
        CHECK(probe::parse_loadavg(bad) == 0);
    facts::Host host;
    for (const char* bad : {"", "1", "1 2", "a b c", "-1 0 5"})
        probe::parse_file_nr(bad, host);
    CHECK(host.descriptors_max == 0);
    probe::parse_file_nr("5120\t120\t9223372036854775807\n", host);
    CHECK(host.descriptors_used == 5000);
    CHECK(host.descriptors_max == 9223372036854775807ULL);
}

TEST_CASE("keyed counts are found by their whole key") {
    constexpr std::string_view k_text = "oom 1\noom_kill 2\nMemTotal:  7 kB\nempty\n";
    CHECK(probe::keyed_count(k_text, "oom_kill") == 2);
    CHECK(probe::keyed_count(k_text, "MemTotal") == 7);
    CHECK_FALSE(probe::keyed_count(k_text, "empty"));
    CHECK_FALSE(probe::keyed_count(k_text, "kill"));
}

} // namespace probe_host_parse_test
