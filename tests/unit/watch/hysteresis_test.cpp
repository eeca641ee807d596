// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "watch/hysteresis.hpp"

#include <string>
#include <vector>

namespace watch_hysteresis_test {
namespace {

using core::Verdict;
using watch::Hysteresis;
using watch::Missing;
using namespace std::chrono_literals;

/// A look at one target: o ok, w warning, c critical, u unknown, s skipped, - not there, ~ not
/// there since the Engine is away.
report::Report seen(char state) {
    report::Report report;
    const std::string letters = "sowuc";
    const auto at = letters.find(state);
    if (at == std::string::npos) return report;
    core::Finding finding;
    finding.id = "health.http.api";
    finding.subject = "api";
    finding.verdict = static_cast<Verdict>(at);
    report.findings.push_back(finding);
    return report;
}

/// What is told at each of the looks, five seconds apart: "." for nothing.
std::string story(const std::string& states, watch::Patience patience = {}) {
    Hysteresis hysteresis(patience);
    core::Time now{};
    std::string text;
    for (const char state : states) {
        const auto changes =
            hysteresis.take(seen(state), now, state == '~' ? Missing::unseen : Missing::gone);
        now += 5s;
        if (!text.empty()) text += ' ';
        if (changes.empty()) text += '.';
        for (const auto& change : changes)
            text += change.others.empty() ? watch::name(change.kind) : "vanished";
    }
    return text;
}

} // namespace

TEST_CASE("a change is told when it has held, and only once") {
    struct Row {
        const char* states;
        const char* told;
    };

    for (const auto& row :
         std::vector<Row>{{"oooo", ". . . ."},
                          {"cc", "initial ."},
                          {"occc", ". . new ."},
                          {"oco", ". . ."},             // a blip
                          {"ccoco", "initial . . . ."}, // a blip the other way
                          {"occoo", ". . new . resolved"},
                          {"owwccww", ". . new . worse . better"},
                          {"owcc", ". . . new"}, // what it was on the way does not matter
                          {"ouu", ". . new"},
                          {"ocuc", ". . . ."},
                          {"cc--", "initial . . gone"},
                          {"ccss", "initial . . gone"}, // skipped is not looked at
                          {"oo--", ". . . vanished"},
                          {"oo-o", ". . . ."},
                          {"cc~~~~cc", "initial . . . . . . ."}, // unseen is not gone
                          {"cc~~~~oo", "initial . . . . . . resolved"},
                          {"oo--cc", ". . . vanished . new"},
                          {"--cc", ". . . new"},
                          {"oss--", ". . . . ."}}) {
        INFO(row.states);
        CHECK(story(row.states) == row.told);
    }
    CHECK(story("oco", {.looks = 1}) == ". new resolved");
    CHECK(story("occcc", {.looks = 4}) == ". . . . new");
}

TEST_CASE("what swings to and fro is told once, and again when it has settled") {
    // Six changes, then calm for half the window of ten minutes: sixty looks.
    const std::string swings = "ocococo";
    const auto text = story(swings + std::string(70, 'o'), {.looks = 1});
    CHECK(text.starts_with(". new resolved new resolved new flapping . ."));
    CHECK(text.find("settled") != std::string::npos);
    CHECK(text.find("settled") == text.rfind("settled"));
    CHECK(text.find("flapping") == text.rfind("flapping"));
    // For as long as it swings nothing more is told, although a verdict may hold for two looks.
    std::string on_and_on;
    for (int i = 0; i < 200; ++i)
        on_and_on += "ooccc";
    const auto quiet = story(on_and_on);
    CHECK(quiet.find("flapping") == quiet.rfind("flapping"));
    CHECK(quiet.find("settled") == std::string::npos);
    // Changes that are far apart are no flapping.
    std::string slow;
    for (int i = 0; i < 10; ++i)
        slow += std::string(40, i % 2 == 0 ? 'o' : 'c');
    CHECK(story(slow).find("flapping") == std::string::npos);
}

TEST_CASE("a flapping change says how often, and what it was before") {
    Hysteresis hysteresis({.looks = 2, .flaps = 6, .window = 10min});
    core::Time now{};
    std::vector<watch::Change> told;
    for (const char state : std::string{"ococococ"}) {
        for (auto& change : hysteresis.take(seen(state), now))
            told.push_back(std::move(change));
        now += 5s;
    }
    REQUIRE(told.size() == 1);
    CHECK(told[0].kind == watch::ChangeKind::flapping);
    CHECK(told[0].count == 6);
    CHECK(told[0].window == 10min);
    CHECK(told[0].before == Verdict::ok);
}

TEST_CASE("the other checks of a server in trouble vanish without a word") {
    Hysteresis hysteresis({.looks = 1});
    const auto finding = [](const std::string& id, const std::string& component, Verdict verdict) {
        core::Finding made;
        made.id = id;
        made.subject = id;
        made.component = component;
        made.verdict = verdict;
        return made;
    };
    report::Report report;
    report.findings = {finding("ping", "redis", Verdict::ok),
                       finding("memory", "redis", Verdict::ok), finding("disk", "", Verdict::ok)};
    static_cast<void>(hysteresis.take(report, {}));
    report.findings = {finding("ping", "redis", Verdict::critical)};
    const auto changes = hysteresis.take(report, {});
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].finding.id == "ping");
    CHECK(changes[1].others == std::vector<std::string>{"disk"});
}

TEST_CASE("what is remembered does not grow with the names that come and go") {
    Hysteresis hysteresis;
    core::Time now{};
    for (int i = 0; i < 1000; ++i) {
        report::Report report;
        core::Finding finding;
        finding.id = "health.docker.run-" + std::to_string(i);
        finding.verdict = i % 3 == 0 ? Verdict::critical : Verdict::ok;
        report.findings.push_back(finding);
        static_cast<void>(hysteresis.take(report, now));
        now += 5s;
    }
    CHECK(hysteresis.size() < 10);
}

} // namespace watch_hysteresis_test
