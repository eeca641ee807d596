// SPDX-License-Identifier: MIT
#include "core/error.hpp"
#include "logs/stamp.hpp"
#include "logs/when.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace logs_stamp_test {
namespace {

const core::Time k_now = *core::parse_rfc3339("2026-01-02T00:00:00Z");

std::string read(const std::string& text) {
    const auto stamp = logs::stamp_at(text, 0, k_now);
    return stamp ? core::format_utc(stamp->time) + "|" + text.substr(stamp->end) : "none";
}

} // namespace

TEST_CASE("time stamps of every kind are read, and where they end") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"2025-12-31T23:59:59Z x", "2025-12-31T23:59:59Z| x"},
        {"2025-12-31 23:59:59,123 x", "2025-12-31T23:59:59Z| x"},
        {"2025-12-31T23:59:59.123+02:00 x", "2025-12-31T21:59:59Z| x"},
        {"2025-12-31 23:59:59 -0530 x", "2026-01-01T05:29:59Z| x"},
        {"2025-12-31 23:59:59.1 UTC [7] x", "2025-12-31T23:59:59Z| [7] x"},
        {"2025/12/31 23:59:59 [error]", "2025-12-31T23:59:59Z| [error]"},
        {"31/Dec/2025:23:59:59 +0100] x", "2025-12-31T22:59:59Z|] x"},
        {"31 Dec 2025 23:59:59.123 * x", "2025-12-31T23:59:59Z| * x"},
        {"Wed Dec 31 23:59:59 2025] x", "2025-12-31T23:59:59Z|] x"},
        {"Wed Dec 31 23:59:59.123456 2025] x", "2025-12-31T23:59:59Z|] x"},
        // Without a year: this one's, or the last one's where that is still to come.
        {"Jan  1 10:00:00 host", "2026-01-01T10:00:00Z| host"},
        {"Dec 31 23:59:59 host", "2025-12-31T23:59:59Z| host"},
        {"Feb 29 10:00:00 2024", "2024-02-29T10:00:00Z|"},
        {"2025-12-31T23:59:60Z", "2025-12-31T23:59:59Z|"},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(read(text) == expected);
    }
}

TEST_CASE("what is no date of the calendar is no stamp") {
    for (const std::string text :
         {"2025-13-01T00:00:00Z", "2025-02-30T00:00:00Z", "2025-12-31T24:00:00Z",
          "2025-12-31T23:61:00Z", "2025-12-31", "2025-12-31T23:59", "31/Foo/2025:23:59:59 +0100",
          "Feb 30 10:00:00 2025", "", "x", "1234567890123456", "99999-12-31T23:59:59Z",
          "Mon Dec 31", "20 Dec 20 23:59:59"}) {
        CAPTURE(text);
        CHECK(read(text) == "none");
    }
}

TEST_CASE("a number is a time in the unit that its size tells") {
    const auto noon = *core::parse_rfc3339("2026-01-01T12:00:00Z");
    for (const double unit : {1.0, 1e3, 1e6, 1e9}) {
        CAPTURE(unit);
        const auto time = logs::time_of_number(1767268800 * unit);
        REQUIRE(time);
        CHECK(core::format_utc(*time) == core::format_utc(noon));
    }
    CHECK_FALSE(logs::time_of_number(42));
    CHECK_FALSE(logs::time_of_number(-1767268800));
}

TEST_CASE("a time on the command line is absolute, relative, or refused with the option's name") {
    CHECK(logs::parse_when("--since", "24h", k_now) == k_now - std::chrono::hours{24});
    CHECK(core::format_utc(logs::parse_when("--since", "@1767268800", k_now))
          == "2026-01-01T12:00:00Z");
    CHECK(core::format_utc(logs::parse_when("--since", "2026-01-01T12:00:00+02:00", k_now))
          == "2026-01-01T10:00:00Z");
    CHECK(core::format_utc(logs::parse_when("--since", "2026-01-01", k_now))
          == "2026-01-01T00:00:00Z");
    for (const std::string text : {"", "yesterday", "@", "@x", "@-5", "@99999999999", "24"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(logs::parse_when("--until", text, k_now), core::UsageError);
    }
}

} // namespace logs_stamp_test
