// SPDX-License-Identifier: MIT
#include "probe/counters.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace probe_counters_test {

using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

probe::Counters counters() {
    probe::Counters made;
    made.boot = "b0-07";
    made.taken = core::Time{1'767'225'600'123ms};
    made.at = Steady::time_point{987654321ns};
    made.cpu.all = {1, 2, 3, 4};
    made.cpu.cores[0] = {5, 6, 7, 8};
    made.cpu.cores[12] = {9, 10, 11, 12};
    made.interfaces["eth0"] = {1, 2, 3, 4, 18446744073709551615U};
    made.containers["abc"] = {.usage_us = 77, .quota_cores = {}, .periods = 5, .throttled = 2};
    return made;
}

facts::Container container(core::Time started) {
    facts::Container made;
    made.id = "abc";
    made.started_at = started;
    return made;
}

} // namespace

TEST_CASE("counters come back as they were written") {
    const auto read = probe::parse_counters(probe::to_text(counters()));
    REQUIRE(read);
    CHECK(read->boot == "b0-07");
    CHECK(read->taken == counters().taken);
    CHECK(read->at == counters().at);
    CHECK(read->cpu.all.steal == 4);
    CHECK(read->cpu.cores.at(12).idle == 10);
    CHECK(read->interfaces.at("eth0").drops == 18446744073709551615U);
    CHECK(read->containers.at("abc").throttled == 2);
    CHECK(probe::to_text(*read) == probe::to_text(counters()));
}

TEST_CASE("what is no text of ours gives no counters") {
    const auto good = probe::to_text(counters());
    const std::vector<std::string> bad{"",
                                       "\n",
                                       "counters 2\nboot x\n",
                                       "counters 1",
                                       "counters 1\n",
                                       good + "more\n",
                                       "counters 1\nboot x\ncpu 1 2 3\n",
                                       "counters 1\nboot x\ncpu 1 2 3 x\n",
                                       "counters 1\nboot x\ncpu 1 2 3 -4\n",
                                       "counters 1\nboot x\ncpu 1 2 3 99999999999999999999\n",
                                       "counters 1\nboot x\ntaken 99999999999999 1\n",
                                       "counters 1\nboot x\ntaken 1 18446744073709551615\n",
                                       "counters 1\nboot x\ncore 9999999999 1 2 3 4\n",
                                       "counters 1\nboot x\ncontainer\n",
                                       "counters 1\nboot\n",
                                       std::string(2 << 20, 'x')};
    for (const auto& text : bad) {
        INFO(text.substr(0, 60));
        CHECK_FALSE(probe::parse_counters(text));
    }
    for (std::size_t cut = 0; cut < good.size(); ++cut)
        (void)probe::parse_counters(good.substr(0, cut)); // half a file is no crash
}

TEST_CASE("earlier counters serve for ten minutes of the same boot") {
    const auto root = std::filesystem::temp_directory_path()
                      / ("gallery-ops-counters." + std::to_string(::getpid()));
    std::filesystem::create_directories(root / "sys/kernel/random");
    std::ofstream(root / "sys/kernel/random/boot_id") << "b0-07\n";
    const probe::HostRoots roots{root, root};
    auto earlier = counters();
    CHECK(probe::is_usable(earlier, earlier.at + 200ms, roots));
    CHECK(probe::is_usable(earlier, earlier.at + 10min, roots));
    CHECK_FALSE(probe::is_usable(earlier, earlier.at + 199ms, roots));
    CHECK_FALSE(probe::is_usable(earlier, earlier.at + 601s, roots));
    CHECK_FALSE(probe::is_usable(earlier, earlier.at - 1s, roots)); // of a boot that ran longer
    earlier.boot = "another";
    CHECK_FALSE(probe::is_usable(earlier, earlier.at + 1s, roots));
    std::filesystem::remove_all(root);
}

TEST_CASE("a container's earlier look serves only while it has run on") {
    const auto earlier = counters();
    const probe::CgroupCpu now{.usage_us = 80, .quota_cores = {}, .periods = 6, .throttled = 2};
    const auto* look = probe::earlier_look(earlier, container(earlier.taken - 1h), now);
    REQUIRE(look != nullptr);
    CHECK(look->usage_us == 77);
    CHECK(probe::earlier_look(earlier, container(earlier.taken + 1s), now) == nullptr);
    const probe::CgroupCpu reset{.usage_us = 3, .quota_cores = {}, .periods = 0, .throttled = 0};
    CHECK(probe::earlier_look(earlier, container(earlier.taken - 1h), reset) == nullptr);
    facts::Container other = container(earlier.taken - 1h);
    other.id = "def";
    CHECK(probe::earlier_look(earlier, other, now) == nullptr);
}

} // namespace probe_counters_test
