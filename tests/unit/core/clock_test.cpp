// SPDX-License-Identifier: MIT
#include "core/clock.hpp"
#include "support/catch.hpp"

namespace core_clock_test {

using namespace std::chrono;

TEST_CASE("RFC 3339 times are read with any offset and fraction") {
    const core::Time noon = sys_days{year{2026} / 1 / 2} + 12h;
    CHECK(core::parse_rfc3339("2026-01-02T12:00:00Z") == noon);
    CHECK(core::parse_rfc3339("2026-01-02T14:00:00+02:00") == noon);
    CHECK(core::parse_rfc3339("2026-01-02T12:00:00.500000001Z") == noon + 500ms + 1ns);
    for (const char* bad : {"", "2026-01-02", "2026-02-30T00:00:00Z", "2026-01-02T12:00:00",
                            "2026-01-02T12:00:00Zjunk", "0001-01-01T00:00:00Z", "2026-1-2T1:1:1Z"})
        CHECK_FALSE(core::parse_rfc3339(bad));
}

TEST_CASE("times are written in UTC") {
    CHECK(core::format_utc(sys_days{year{2026} / 1 / 2} + 12h + 3s) == "2026-01-02T12:00:03Z");
}

} // namespace core_clock_test
