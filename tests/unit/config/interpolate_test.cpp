// SPDX-License-Identifier: MIT
#include "config/interpolate.hpp"
#include "support/catch.hpp"

#include <map>
#include <string>
#include <vector>

namespace config_interpolate_test {

using config::Dialect;

namespace {

std::optional<std::string> lookup(const std::string& name) {
    static const std::map<std::string, std::string> values{
        {"A", "alpha"}, {"EMPTY", ""}, {"DOLLAR", "${A} $A $$"}};
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
}

struct Case {
    std::string text{};
    std::string result{}; ///< or the error
};

} // namespace

TEST_CASE("our own references are replaced, and nothing else") {
    const std::vector<Case> good{
        {"", ""},
        {"plain", "plain"},
        {"${A}", "alpha"},
        {"x${A}y${A}z", "xalphayalphaz"},
        {"${NOPE:-other}", "other"},
        {"${NOPE-other}", "other"},
        {"${EMPTY:-other}", "other"},
        {"${EMPTY-other}", ""},
        {"${EMPTY}", ""},
        {"${A:-other}", "alpha"},
        {"${NOPE:-}", ""},
        {"${NOPE:-${A}}", "alpha"},
        {"${NOPE:-a:b/c?d}", "a:b/c?d"},
        {"${A:+yes}", "yes"},
        {"${NOPE:+yes}", ""},
        {"$$", "$"},
        {"$${A}", "${A}"},
        {"$$$${A}", "$${A}"},
        {"pa$word", "pa$word"},
        {"$A", "$A"},
        {"end$", "end$"},
        {"${DOLLAR}", "${A} $A $$"}, // what comes from outside is not read again
    };
    for (const auto& each : good) {
        INFO(each.text);
        const auto done = config::interpolate(each.text, lookup, Dialect::own);
        REQUIRE(done);
        CHECK(done->text == each.result);
    }
    const std::vector<Case> bad{
        {"${NOPE}", "the variable NOPE is not set"},
        {"${NOPE:?ask Ada}", "the variable NOPE is not set: ask Ada"},
        {"${EMPTY:?}", "the variable EMPTY is empty: it is required"},
        {"${A", "'${' without its '}'"},
        {"${NOPE:-${A}", "'${' without its '}'"},
        {"${}", "'${' must be followed by a variable's name"},
        {"${1A}", "'${' must be followed by a variable's name"},
        {"${A B}", "'${A' must go on with '}', ':-default' or ':?message'"},
        {"${A:}", "'${A' must go on with '}', ':-default' or ':?message'"},
    };
    for (const auto& each : bad) {
        INFO(each.text);
        const auto done = config::interpolate(each.text, lookup, Dialect::own);
        REQUIRE_FALSE(done);
        CHECK(done.error() == each.result);
    }
}

TEST_CASE("what a text holds itself is told from what the environment brought") {
    const auto part = [](const char* text) {
        return config::interpolate(text, lookup, Dialect::own)->literal;
    };
    CHECK(part("${A}").empty());
    CHECK(part("x${A}y") == "xy");
    CHECK(part("${NOPE:-secret}") == "secret");
    CHECK(part("${A:-secret}") == "secret");
    CHECK(part("${NOPE:-${A}}").empty());
    CHECK(part("${A:-${NOPE:-}}").empty());
}

TEST_CASE("compose's references are read as docker-compose reads them") {
    const std::vector<Case> good{
        {"$A", "alpha"},      {"$A/x", "alpha/x"},        {"$NOPE", ""},
        {"${NOPE}", ""},      {"${NOPE:?say}", ""},       {"${NOPE?say}", ""},
        {"$$A", "$A"},        {"${NOPE:-x y}", "x y"},    {"${EMPTY-x}", ""},
        {"${EMPTY:-x}", "x"}, {"${NOPE:-${A}}", "alpha"},
    };
    for (const auto& each : good) {
        INFO(each.text);
        const auto done = config::interpolate(each.text, lookup, Dialect::compose);
        REQUIRE(done);
        CHECK(done->text == each.result);
    }
    for (const char* text : {"$", "$(A)", "${A", "$1"})
        CHECK_FALSE(config::interpolate(text, lookup, Dialect::compose));
}

TEST_CASE("references nested without end are refused") {
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += "${NOPE:-";
    text += std::string(20'000, '}');
    CHECK_FALSE(config::interpolate(text, lookup, Dialect::own));
}

} // namespace config_interpolate_test
