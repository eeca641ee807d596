// SPDX-License-Identifier: MIT
#include "probe/self.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

namespace probe_self_test {

using namespace std::chrono_literals;

TEST_CASE("the observer sees its clocks, its limit and the room for its files") {
    const probe::SelfWatch watch;
    std::this_thread::sleep_for(20ms);
    const auto folder = std::filesystem::temp_directory_path();
    const std::vector<std::filesystem::path> files{folder / "a.json", "b.json", "/dev/full",
                                                   "/nowhere/at/all/c.json"};
    const auto self = watch.finish(files, core::Deadline::after(10s), {});
    CHECK(self.clock_step < 1s);
    CHECK(self.clock_step > -1s);
    CHECK(self.built <= std::chrono::system_clock::now() + 48h);
    CHECK(self.built > std::chrono::sys_days{std::chrono::year{2025} / 1 / 1});
    REQUIRE(self.outlets.size() == 2);
    CHECK(self.outlets[0].folder == folder.string());
    CHECK(self.outlets[0].free.count > 0);
    CHECK_FALSE(self.outlets[0].full);
    CHECK(self.outlets[1].folder == ".");
}

} // namespace probe_self_test
