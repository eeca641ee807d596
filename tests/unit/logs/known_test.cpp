// SPDX-License-Identifier: MIT
#include "logs/known.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace logs_known_test {
namespace {

using analysed::find;

std::string line(int hour, const std::string& text) {
    return "2026-02-0" + std::to_string(1 + hour / 24) + "T" + (hour % 24 < 10 ? "0" : "")
           + std::to_string(hour % 24) + ":00:00Z " + text;
}

logs::Summary read(const std::vector<std::string>& lines, const logs::Known* known) {
    logs::AnalysisOptions options;
    options.now = analysed::at("2026-03-01T00:00:00Z");
    logs::Analysis analysis{options};
    const auto stream = analysis.add_stream({.service = "api", .name = "api.log"});
    for (const auto& one : lines)
        analysis.add(stream, one);
    return analysis.finish(known);
}

std::vector<std::string> day() {
    std::vector<std::string> lines;
    for (int hour = 0; hour < 25; ++hour) {
        lines.push_back(line(hour, "INFO x: ready for visitors"));
        lines.push_back(line(hour, "ERROR x: disk of node-" + std::to_string(hour) + " is slow"));
    }
    return lines;
}

std::string id_of(const logs::Summary& summary, std::string_view text) {
    for (const auto& one : summary.mined.templates)
        if (one.text.find(text) != std::string::npos) return one.id;
    FAIL("no template with " << text);
    return {};
}

} // namespace

TEST_CASE("nothing is new before a day of logs was looked at") {
    logs::Known known;
    const auto summary = read({line(1, "INFO x: hello")}, &known);
    CHECK(find(summary, "logs.new.kinds").verdict == core::Verdict::skipped);
    CHECK(find(summary, "logs.new.kinds").message == "no baseline yet: 0 of 24 hours");
}

TEST_CASE("a kind of error that no run has seen is a warning, another one is told") {
    logs::Known known;
    known.learn(read(day(), nullptr), true);
    REQUIRE(known.hours() == 25);
    known = logs::Known::parse(known.to_text());
    REQUIRE(known.hours() == 25);
    CHECK(find(read({line(30, "INFO x: ready for visitors")}, &known), "logs.new.kinds").verdict
          == core::Verdict::ok);
    const auto told = read({line(30, "INFO x: the cat sleeps")}, &known);
    CHECK(find(told, "logs.new.kinds").verdict == core::Verdict::ok);
    CHECK(find(told, "logs.new.kinds").message == "1 new kind");
    const auto grave = read({line(30, "ERROR x: the cat is gone")}, &known);
    CHECK(find(grave, "logs.new.kinds").verdict == core::Verdict::warning);
    // One line of a kind is not merged with others; it is the same kind all the same.
    const auto alone = read({line(30, "ERROR x: disk of node-7 is slow")}, &known);
    CHECK(find(alone, "logs.new.kinds").message == "0 new kinds");
}

TEST_CASE("what is acknowledged is no finding, until then") {
    logs::Known known;
    const auto before = read(day(), nullptr);
    known.learn(before, true);
    const auto id = id_of(before, "is slow");
    CHECK(find(before, "logs.errors.api").verdict == core::Verdict::warning);
    known.acknowledge(id, analysed::at("2026-04-01T00:00:00Z"));
    known = logs::Known::parse(known.to_text());
    CHECK(find(read(day(), &known), "logs.errors.api").verdict == core::Verdict::ok);
    known.acknowledge(id, analysed::at("2026-02-20T00:00:00Z"));
    CHECK(find(read(day(), &known), "logs.errors.api").verdict == core::Verdict::warning);
}

TEST_CASE("what is kept is bounded, and damage does no harm") {
    logs::Known known;
    std::vector<std::string> lines;
    for (int i = 0; i < 7000; ++i) {
        std::string word;
        for (int letter = i; word.size() < 4; letter /= 26)
            word += static_cast<char>('a' + letter % 26);
        lines.push_back(line(i % 48, word + "ed the " + word + "er of " + word));
    }
    known.learn(read(lines, nullptr), true);
    const auto text = known.to_text();
    CHECK(std::ranges::count(text, '\n') <= 5002 + 300);
    for (std::size_t cut = 0; cut < text.size(); cut += text.size() / 50)
        (void)logs::Known::parse(std::string_view{text}.substr(0, cut)).to_text();
    CHECK(logs::Known::parse("nonsense\nk a b c d e\n").hours() == 0);
    CHECK(logs::Known::parse("kinds of messages, 1\nh 1 x 2\nk a 1\nk b 1 2 0 text\n").hours()
          == 2);
}

TEST_CASE("templates say the same but for what stands for anything") {
    CHECK(logs::is_same_kind("user <*> joined", "user bob joined"));
    CHECK(logs::is_same_kind("user bob joined", "user <*> joined"));
    CHECK_FALSE(logs::is_same_kind("user <*> joined", "user bob left"));
    CHECK_FALSE(logs::is_same_kind("user <*> joined", "user bob joined again"));
}

} // namespace logs_known_test
