// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "support/catch.hpp"

namespace core_units_test {

using namespace std::chrono_literals;
using core::Bytes;

TEST_CASE("durations are read with their unit") {
    CHECK(core::parse_duration("500ms") == 500ms);
    CHECK(core::parse_duration("5s") == 5s);
    CHECK(core::parse_duration("1.5h") == 90min);
    CHECK(core::parse_duration("7d") == 168h);
    for (const char* bad :
         {"", "5", "-5s", "5 parsecs", "s", "1e400s", "99999999999d", "nan", "inf s"})
        CHECK_FALSE(core::parse_duration(bad));
}

TEST_CASE("exact durations read back") {
    for (auto span : {0ms, 1ms, 1500ms, 60'000ms, 3'600'000ms, 604'800'000ms})
        CHECK(core::parse_duration(core::format_duration_exact(span)) == span);
}

TEST_CASE("sizes know powers of 1000 and of 1024") {
    CHECK(core::parse_size("10MB") == Bytes{10'000'000});
    CHECK(core::parse_size("2GiB") == Bytes{2ULL << 30});
    CHECK(core::parse_size("512") == Bytes{512});
    CHECK_FALSE(core::parse_size("10 apples"));
    CHECK_FALSE(core::parse_size("-1MB"));
}

TEST_CASE("a share needs its sign") {
    CHECK(core::parse_percent("85%")->value == 85);
    CHECK(core::parse_percent("0.5 %")->value == 0.5);
    CHECK_FALSE(core::parse_percent("0.85"));
}

TEST_CASE("figures are written for people") {
    CHECK(core::format_duration(300us) == "<1 ms");
    CHECK(core::format_duration(12ms) == "12 ms");
    CHECK(core::format_duration(1100ms) == "1.1 s");
    CHECK(core::format_duration(1s) == "1 s");
    CHECK(core::format_duration(59s) == "59 s");
    CHECK(core::format_duration(59900ms) == "1 min");
    CHECK(core::format_duration(4min) == "4 min");
    CHECK(core::format_duration(72h) == "3 days");
    CHECK(core::format_bytes(Bytes{512}) == "512 B");
    CHECK(core::format_bytes(Bytes{84ULL << 20}) == "84 MiB");
    CHECK(core::format_bytes_of(Bytes{536'660'787}, Bytes{512ULL << 20}) == "511.8 of 512 MiB");
    CHECK(core::format_number(31337) == "31337");
    CHECK(core::count_of(1, "service") == "1 service");
    CHECK(core::count_of(14, "service") == "14 services");
    CHECK(core::count_of(2, "address") == "2 addresses");
}

TEST_CASE("a share below its limit never reads as the limit") {
    CHECK(core::format_percent({89.97}) == "89.9 %");
    CHECK(core::format_percent({91.2}) == "91.2 %");
    CHECK(core::format_percent({0}) == "0 %");
    CHECK(core::format_percent({0.02}) == "<0.1 %");
}

} // namespace core_units_test
