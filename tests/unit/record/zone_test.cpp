// SPDX-License-Identifier: MIT
#include "record/zone.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstdlib>
#include <string>

namespace record_zone_test {

TEST_CASE("times are shown in the zone of the recording, wherever it is replayed") {
    using namespace std::chrono_literals;
    const core::Time summer = std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} + 8h;
    const auto here = core::format_local(summer, summer);

    struct Row {
        record::Zone zone;
        std::string shown;
    };

    const std::vector<Row> rows{
        {{.name = "CET-1CEST,M3.5.0,M10.5.0/3", .abbreviation = "CEST", .offset = 7200s}, "10:00"},
        {{.name = "Nowhere/City", .abbreviation = "XST", .offset = -12600s}, "04:30"},
        {{.name = "", .abbreviation = "+0530", .offset = 19800s}, "13:30"},
        {{.name = "UTC", .abbreviation = "XYZ", .offset = 3600s}, "09:00"}, // the offset is right
        {{.name = "/etc/shadow", .abbreviation = "a b", .offset = 3600s}, "09:00"},
        {{.name = ":../../x", .abbreviation = "", .offset = 9'999'999'999s}, "08:00"},
        {{}, "08:00"},
    };
    for (const auto& [zone, shown] : rows) {
        INFO(zone.name);
        const record::InZone in(zone, summer);
        CHECK(core::format_local(summer, summer) == shown);
        const auto again = record::zone_at(summer);
        if (zone.abbreviation.size() >= 3 && zone.name != "/etc/shadow") {
            CHECK(again.offset == zone.offset);
            CHECK(again.abbreviation == zone.abbreviation);
        }
    }
    CHECK(core::format_local(summer, summer) == here);
}

} // namespace record_zone_test
