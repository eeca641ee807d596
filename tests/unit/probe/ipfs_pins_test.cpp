// SPDX-License-Identifier: MIT
#include "probe/ipfs_pins.hpp"
#include "support/catch.hpp"

#include <string>

namespace probe_ipfs_pins_test {

using probe::count_pins;

TEST_CASE("the pins of a node are counted, and the first kept") {
    const auto pins = count_pins(
        R"({"Keys": {"c": {"Type": "recursive", "Keys": {"z": 1}}, "a": {}, "b": {"x": [{}]}}})",
        2);
    REQUIRE(pins);
    CHECK(pins->count == 3);
    CHECK(pins->first == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a node without pins has none") {
    for (const char* body : {"{}", R"({"Keys": null})", R"({"Keys": {}})",
                             R"({"Moon": {"a": {}, "b": [1, "x", null, true, 1.5]}})"}) {
        CAPTURE(body);
        const auto pins = count_pins(body, 8);
        REQUIRE(pins);
        CHECK(pins->count == 0);
        CHECK(pins->first.empty());
    }
}

TEST_CASE("what is no list of pins is none") {
    for (const std::string& body :
         {std::string{}, std::string{"null"}, std::string{"[]"}, std::string{"7"},
          std::string{"\"x\""}, std::string{R"({"Keys": [1]})"}, std::string{R"({"Keys": "a"})"},
          std::string{R"({"Keys": 5})"}, std::string{R"({"Keys": {"a": {})"},
          std::string{"{\"Keys\": {\"\xff\": {}}}"},
          R"({"Keys": {"a": )" + std::string(100'000, '[') + "}}"}) {
        CAPTURE(body.substr(0, 40));
        CHECK_FALSE(count_pins(body, 8));
    }
}

} // namespace probe_ipfs_pins_test
