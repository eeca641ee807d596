// SPDX-License-Identifier: MIT
#include "logs/analysis.hpp"
#include "logs/blocks.hpp"
#include "logs/lines.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace logs_analysis_test {
namespace {

using namespace std::chrono_literals;

using analysed::analyse;
using analysed::find;

const core::Time k_now = analysed::at("2026-03-01T00:00:00Z");

std::vector<std::string> assigned(const logs::Summary& summary) {
    std::vector<std::string> all;
    for (const auto place : summary.assigned)
        all.push_back(place < summary.mined.templates.size() ? summary.mined.templates[place].text
                                                             : "");
    return all;
}

} // namespace

TEST_CASE("every line is counted once: parsed, unparsed or dropped") {
    const auto summary = analyse({"2026-02-01 10:00:00 INFO x: ready", "plain words", "", "   ",
                                  std::string{"bin\0ary", 7}, "2026-02-01 10:00:01 INFO x: ready"});
    const auto& source = summary.sources.at(0);
    CHECK(source.read == 6);
    CHECK(source.parsed == 2);
    CHECK(source.unparsed == 1);
    CHECK(source.dropped == 3);
    CHECK(source.binary == 1);
    CHECK(summary.events == 3);
    CHECK(assigned(summary)
          == std::vector<std::string>{"ready", "plain words", "", "", "", "ready"});
}

TEST_CASE("what is outside of the time asked for is dropped, and counted") {
    logs::AnalysisOptions options;
    options.since = *core::parse_rfc3339("2026-02-01T10:00:00Z");
    options.until = *core::parse_rfc3339("2026-02-01T11:00:00Z");
    const auto summary =
        analyse({"2026-02-01 09:59:59 INFO x: early", "2026-02-01 10:00:00 INFO x: first",
                 "2026-02-01 10:59:59 INFO x: last", "2026-02-01 11:00:00 INFO x: late"},
                options);
    CHECK(summary.sources.at(0).dropped == 2);
    CHECK(assigned(summary) == std::vector<std::string>{"", "first", "last", ""});
}

TEST_CASE("a trace of Python that hangs on an error is a part of it") {
    const auto summary =
        analyse({"2026-02-01 10:00:00 ERROR x: it broke",
                 "Traceback (most recent call last):", "  File \"a.py\", line 1, in f", "    g()",
                 "ValueError: no colour", "2026-02-01 10:00:01 INFO x: goes on"});
    CHECK(summary.events == 2);
    CHECK(summary.sources.at(0).parsed == 6);
    CHECK(assigned(summary)
          == std::vector<std::string>{"it broke", "it broke", "it broke", "it broke", "it broke",
                                      "goes on"});
}

TEST_CASE("a trace of Python that stands alone is told by its outcome") {
    const auto summary =
        analyse({"2026-02-01 10:00:00 INFO x: starts", "Traceback (most recent call last):",
                 "  File \"a.py\", line 1, in f", "ValueError: no colour", "plain"});
    CHECK(summary.events == 3);
    const std::string outcome = "ValueError: no colour";
    CHECK(assigned(summary)
          == std::vector<std::string>{"starts", outcome, outcome, outcome, "plain"});
    CHECK(find(summary, "logs.errors.api").verdict == core::Verdict::warning);
}

TEST_CASE("a trace that is cut off is an error all the same") {
    const auto summary =
        analyse({"2026-02-01 10:00:00 INFO x: starts",
                 "Traceback (most recent call last):", "  File \"a.py\", line 1, in f"});
    CHECK(summary.assigned.size() == 3);
    CHECK(find(summary, "logs.errors.api").verdict == core::Verdict::warning);
}

TEST_CASE("frames of Java and Node are parts, a blank at the beginning alone is none") {
    const auto summary = analyse({"2026-02-01 10:00:00 ERROR x: java.io.IOException: gone",
                                  "\tat a.B.c(B.java:3)", "Caused by: java.lang.Error: x",
                                  "\tat a.B.d(B.java:4)", "\t... 3 more", " a line of its own",
                                  "TypeError: x is not a function", "    at f (/app/x.js:1:2)"});
    CHECK(summary.events == 3);
    CHECK(summary.sources.at(0).read
          == summary.sources.at(0).parsed + summary.sources.at(0).unparsed);
}

TEST_CASE("errors are counted by service and kind; what a client did wrong is none") {
    std::vector<std::string> lines(5, "2026-02-01 10:00:00 ERROR x: mint 12 failed: nonce too low");
    lines.emplace_back("2026-02-01 10:00:00 INFO x: 0 errors, error=0, see /error/page");
    lines.emplace_back(
        "2026/02/01 10:00:00 [error] 7#7: *1 open() \"/x/favicon.ico\" failed (2: No such file or "
        "directory), client: 192.0.2.7");
    const auto summary = analyse(lines);
    const auto& finding = find(summary, "logs.errors.api");
    CHECK(finding.verdict == core::Verdict::warning);
    CHECK(std::get<std::int64_t>(finding.measured->value) == 5);
    CHECK(finding.message.find("5 errors of 1 kind") != std::string::npos);
    CHECK(finding.evidence.at(0).text.find("nonce too low") != std::string::npos);

    CHECK(find(analyse({lines[5], lines[6]}), "logs.errors.api").verdict == core::Verdict::ok);
    CHECK(find(analyse({"2026-02-01 10:00:00 CRITICAL x: on fire"}), "logs.errors.api").verdict
          == core::Verdict::critical);
}

TEST_CASE("failed requests are judged by endpoint") {
    std::vector<std::string> lines;
    const auto request = [&](const std::string& what, int status, int times) {
        for (int i = 0; i < times; ++i)
            lines.push_back("192.0.2.7 - - [01/Feb/2026:10:00:00 +0000] \"" + what + "/"
                            + std::to_string(i) + " HTTP/1.1\" " + std::to_string(status) + " 1");
    };
    request("GET /art", 200, 500);
    request("GET /missing", 404, 50);
    request("POST /mint", 200, 90);
    request("POST /mint", 500, 10);
    const auto summary = analyse(lines);
    const auto& mint = find(summary, "logs.requests.api POST /mint/<num>");
    CHECK(mint.verdict == core::Verdict::warning);
    CHECK(std::get<double>(mint.measured->value) == 10);
    CHECK(std::ranges::none_of(summary.findings, [](const auto& one) {
        return one.id.find("/art") != std::string::npos
               || one.id.find("/missing") != std::string::npos;
    }));
    lines.resize(500);
    CHECK(find(analyse(lines), "logs.requests.api").verdict == core::Verdict::ok);
}

TEST_CASE("a rate limit that refuses much is told") {
    std::vector<std::string> lines(
        40, "192.0.2.7 - - [01/Feb/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1");
    const std::string refused =
        "192.0.2.7 - - [01/Feb/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 429 1";
    lines.insert(lines.end(), 49, refused);
    CHECK(find(analyse(lines), "logs.rate-limit.api").verdict == core::Verdict::ok);
    lines.push_back(refused);
    CHECK(find(analyse(lines), "logs.rate-limit.api").verdict == core::Verdict::warning);
}

TEST_CASE("a log that can't be read is unknown, never ok") {
    logs::AnalysisOptions options;
    options.now = k_now;
    logs::Analysis analysis{options};
    const auto stream = analysis.add_stream({.service = "api", .name = "api.log"});
    analysis.note_problem(stream, "no permission");
    CHECK(find(analysis.finish(), "logs.read.api.log").verdict == core::Verdict::unknown);
}

TEST_CASE("many lines without a form among others that have one are told") {
    std::vector<std::string> lines(200, "2026-02-01 10:00:00 INFO x: ready");
    lines.insert(lines.end(), 49, "some words");
    CHECK(find(analyse(lines), "logs.read.api.log").verdict == core::Verdict::ok);
    lines.insert(lines.end(), 60, "some words");
    CHECK(find(analyse(lines), "logs.read.api.log").verdict == core::Verdict::warning);
    CHECK(find(analyse(std::vector<std::string>(300, "some words")), "logs.read.api.log").verdict
          == core::Verdict::ok);
}

TEST_CASE("secrets and mail addresses are shown nowhere") {
    const auto summary = analyse(
        {"2026-02-01 10:00:00 ERROR x: login of ann@example.org with password=hunter2secret"});
    for (const auto& block : logs::blocks(summary, {.most = 10})) {
        if (!std::holds_alternative<report::Table>(block.content)) continue;
        for (const auto& row : std::get<report::Table>(block.content).rows)
            for (const auto& cell : row)
                if (const auto* text = std::get_if<std::string>(&cell)) {
                    CHECK(text->find("hunter2secret") == std::string::npos);
                    CHECK(text->find("ann@") == std::string::npos);
                }
    }
    for (const auto& finding : summary.findings) {
        CHECK(finding.message.find("hunter2secret") == std::string::npos);
        for (const auto& evidence : finding.evidence) {
            CHECK(evidence.text.find("hunter2secret") == std::string::npos);
            CHECK(evidence.text.find("ann@") == std::string::npos);
        }
    }
}

TEST_CASE("assignments are one row a line, in quotes where needed") {
    const auto summary = analyse({"hello, \"world\"", "", "hello, \"world\""});
    const auto id = summary.mined.templates.at(0).id;
    CHECK(logs::assignments(summary)
          == "LineId,EventId,EventTemplate\n1," + id + ",\"hello, \"\"world\"\"\"\n2,,\n3," + id
                 + ",\"hello, \"\"world\"\"\"\n");
}

TEST_CASE("bytes become the same lines however they are cut") {
    const std::string bytes = "one\r\ntwo\n\nthree" + std::string(3, '\r') + "\nlast";
    std::vector<std::string> whole;
    logs::LineCutter cutter{[&](std::string_view line) { whole.emplace_back(line); }};
    cutter.push(bytes);
    cutter.end();
    CHECK(whole.size() == 5);
    CHECK(whole.front() == "one");
    CHECK(whole.back() == "last");
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
        for (std::size_t second = first; second <= bytes.size(); ++second) {
            std::vector<std::string> parts;
            logs::LineCutter cut{[&](std::string_view line) { parts.emplace_back(line); }};
            cut.push(std::string_view{bytes}.substr(0, first));
            cut.push(std::string_view{bytes}.substr(first, second - first));
            cut.push(std::string_view{bytes}.substr(second));
            cut.end();
            CHECK(parts == whole);
        }
    }
}

TEST_CASE("of a line without end only the beginning is held, and that is counted") {
    std::size_t longest = 0;
    int lines = 0;
    logs::LineCutter cutter{[&](std::string_view line) {
        longest = std::max(longest, line.size());
        ++lines;
    }};
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 100; ++i)
        cutter.push(piece);
    cutter.push("\nshort\n" + piece + "\n");
    cutter.end();
    CHECK(longest == logs::LineCutter::k_longest);
    CHECK(lines == 3);
    CHECK(cutter.cut() == 2);
}

TEST_CASE("parts that are analysed apart and joined come to the same as one") {
    std::vector<std::string> lines;
    for (int i = 0; i < 60; ++i) {
        const auto number = std::to_string(i);
        lines.push_back("2026-02-01 10:00:00 INFO x: job " + number + " is done");
        lines.push_back("2026-02-01 10:00:01 ERROR x: no colour for "
                        + std::string(1, static_cast<char>('a' + i % 26)));
        lines.push_back("192.0.2." + number
                        + " - - [01/Feb/2026:10:00:00 +0000] \"POST /login HTTP/1.1\" "
                        + (i % 3 == 0 ? "500" : "401") + " 1");
        lines.push_back("2026-02-01 10:00:02 WARNING x: login failed: email=u" + number
                        + "@example.org client=203.0.113.7");
        lines.emplace_back(i % 7 == 0 ? "" : "some plain words");
    }
    const auto whole = analyse(lines);
    logs::AnalysisOptions options;
    options.now = k_now;
    options.assignments = true;
    logs::Analysis joined{options};
    const auto stream = joined.add_stream({.service = "api", .name = "api.log"});
    for (std::size_t begin = 0; begin < lines.size(); begin += 37) {
        logs::Analysis part{options};
        const auto its = part.add_stream({});
        for (std::size_t i = begin; i < std::min(begin + 37, lines.size()); ++i)
            part.add(its, lines[i]);
        joined.absorb(part, stream);
    }
    const auto summary = joined.finish();
    CHECK(assigned(summary) == assigned(whole));
    CHECK(summary.events == whole.events);
    CHECK(summary.sources.at(0).dropped == whole.sources.at(0).dropped);
    CHECK(summary.findings == whole.findings);
    REQUIRE(summary.suspects.size() == whole.suspects.size());
    CHECK(summary.suspects.at(0).events == whole.suspects.at(0).events);
}

} // namespace logs_analysis_test
