// SPDX-License-Identifier: MIT
#include "logs/analysis.hpp"
#include "logs/journal_entry.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <optional>
#include <string>

namespace logs_journal_entry {
namespace {

using analysed::find;
using logs::Level;

/// An entry with these fields beside its time.
std::optional<logs::JournalEntry> entry(const std::string& fields) {
    return logs::parse_journal_entry(R"({"__REALTIME_TIMESTAMP":"1795843094910522",)" + fields
                                     + "}");
}

TEST_CASE("an entry of the journal tells who, when, how bad and what") {
    const auto read = entry(R"("MESSAGE":"disk is full","PRIORITY":"3",)"
                            R"("SYSLOG_IDENTIFIER":"sshd","_SYSTEMD_UNIT":"ssh.service")");
    REQUIRE(read);
    CHECK(read->service == "ssh");
    CHECK(read->program == "sshd");
    CHECK(read->message == "disk is full");
    CHECK(read->level == Level::error);
    REQUIRE(read->time);
    CHECK(std::chrono::floor<std::chrono::seconds>(read->time->time_since_epoch()).count()
          == 1795843094);
}

TEST_CASE("an entry's service is its container, its unit, or what the program calls itself") {
    CHECK(entry(R"("CONTAINER_NAME":"gallery_api_1","_SYSTEMD_UNIT":"docker.service")")->service
          == "gallery_api_1");
    CHECK(entry(R"("_SYSTEMD_UNIT":"session-3.scope","SYSLOG_IDENTIFIER":"sudo")")->service
          == "sudo");
    CHECK(entry(R"("_SYSTEMD_UNIT":"user@1000.service","SYSLOG_IDENTIFIER":"x")")->service == "x");
    CHECK(entry(R"("MESSAGE":"nobody")")->service == "journal");
}

TEST_CASE("values that are no text, or several, are read as journalctl writes them") {
    CHECK(entry(R"("MESSAGE":[104,195,40])")->message == "h\xc3(");
    CHECK(entry(R"("MESSAGE":["first","second"])")->message == "second");
    CHECK(entry(R"("MESSAGE":["first",[104,105]])")->message == "hi");
    CHECK(entry(R"("MESSAGE":null)")->message.empty());
    CHECK(entry(R"("MESSAGE":[])")->message.empty());
    CHECK(entry(R"("PRIORITY":"9")")->level == Level::none);
    CHECK(entry(R"("PRIORITY":3)")->level == Level::none);
}

TEST_CASE("what is no entry is none") {
    for (const char* line : {"", "{", "[]", "null", "-- No entries --", R"({"MESSAGE":"no time"})",
                             "{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"\xff\"}"})
        CHECK_FALSE(logs::parse_journal_entry(line));
    CHECK_FALSE(
        logs::parse_journal_entry(R"({"__REALTIME_TIMESTAMP":"soon","MESSAGE":"x"})")->time);
}

TEST_CASE("an entry's own words count before what the journal says of it") {
    logs::Analysis analysis{{}};
    const auto stream = analysis.add_stream({.service = "api", .name = "api"});
    const core::Time time{std::chrono::hours{24 * 365}};
    // What a service prints is "info" for the journal, whatever it says.
    analysis.add(stream, "ERROR cannot mint", {time, Level::info, "api", true});
    analysis.add_part(stream, "  at mint.js:7");
    analysis.add(stream, "the disk is gone", {time, Level::critical, "kernel", true});
    analysis.add(stream, "listening", {time, Level::info, "api", true});
    const auto summary = analysis.finish();
    const auto& source = summary.sources.front();
    CHECK(summary.events == 3);
    CHECK(source.read == 4);
    CHECK(source.parsed == 4);
    CHECK(summary.first == time);
    REQUIRE(summary.mined.templates.size() == 3);
    const auto& errors = find(summary, "logs.errors.api");
    CHECK(errors.message.starts_with("2 errors of 2 kinds"));
}

TEST_CASE("a further line of an entry outside of the time asked for is left out with it") {
    const core::Time time{std::chrono::hours{24 * 365}};
    logs::AnalysisOptions options;
    options.since = time + std::chrono::hours{1};
    logs::Analysis analysis{options};
    const auto stream = analysis.add_stream({.service = "api", .name = "api"});
    analysis.add(stream, "ERROR cannot mint", {time, Level::error, "api", true});
    analysis.add_part(stream, "  at mint.js:7");
    const auto summary = analysis.finish();
    CHECK(summary.events == 0);
    CHECK(summary.sources.front().dropped == 2);
}

} // namespace
} // namespace logs_journal_entry
