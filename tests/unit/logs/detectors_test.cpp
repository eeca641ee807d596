// SPDX-License-Identifier: MIT
#include "logs/detectors/taken.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <string>
#include <vector>

namespace logs_detectors_test {
namespace {

using analysed::access;
using analysed::analyse;
using analysed::clock;
using analysed::find;
using analysed::has;
using core::Verdict;

std::string line(int seconds, const std::string& text) {
    return "2026-02-01 " + clock(seconds) + " " + text;
}

std::string taken(const std::string& message) {
    const auto found = logs::time_taken(message);
    return found ? found->what + " " + std::to_string(found->seconds) : "";
}

} // namespace

TEST_CASE("the time that a message tells of is found by its unit and the words before it") {
    CHECK(taken("job 7 style=dusk drawn in 812 ms as bafy") == "drawn in 0.812000");
    CHECK(taken("backup took 3.5 s") == "backup took 3.500000");
    CHECK(taken("request done elapsed=17ms size=3") == "elapsed 0.017000");
    CHECK(taken("slept for 2 seconds") == "slept for 2.000000");
    CHECK(taken("40 pictures in 8 seconds") == "pictures in 8.000000");
    CHECK(taken("block 1234 sealed") == "");
    CHECK(taken("v1.5s") == "");
    CHECK(taken("3 sailors") == "");
    CHECK(taken("12 ms") == "");
}

TEST_CASE("what becomes slow is told with its change; what is as before is not") {
    std::vector<std::string> lines;
    for (int i = 0; i < 200; ++i)
        lines.push_back(line(i * 4, "INFO gan: job " + std::to_string(i) + " drawn in "
                                        + std::to_string(i < 170 ? 100 + i % 40 : 3100 + i % 40)
                                        + " ms"));
    const auto summary = analyse(lines);
    const auto& slower = find(summary, "logs.latency.api drawn in");
    CHECK(slower.verdict == Verdict::warning);
    CHECK(slower.message.find("before that 1") != std::string::npos);

    lines.resize(170);
    const auto well = analyse(lines);
    CHECK_FALSE(has(well, "logs.latency.api drawn in"));
    CHECK(find(well, "logs.latency.api").verdict == Verdict::ok);
}

TEST_CASE("one slow request among quick ones is no change") {
    std::vector<std::string> lines;
    for (int i = 0; i < 300; ++i)
        lines.push_back(access("192.0.2.1", i, "GET /art/" + std::to_string(i) + " HTTP/1.1", 200,
                               "Mozilla/5.0", i % 40 == 0 || i == 299 ? "4.000" : "0.030"));
    const auto summary = analyse(lines);
    for (const auto& finding : summary.findings)
        CHECK(finding.verdict <= Verdict::ok); // or skipped
}

TEST_CASE("used up resources are told by what they are") {
    const auto summary = analyse(
        {line(1, "INFO x: starts"), line(2, "ERROR x: [Errno 28] No space left on device: '/art'"),
         line(3, "ERROR x: MemoryError"), line(4, "ERROR x: MemoryError")});
    CHECK(find(summary, "logs.resources.api disk").verdict == Verdict::critical);
    CHECK(find(summary, "logs.resources.api memory").message == "ran out of memory, 2 times");
    CHECK(find(analyse({line(1, "WARNING x: memory is nearly used up: 470 of 512 MiB")}),
               "logs.resources.api memory")
              .verdict
          == Verdict::warning);
    CHECK(find(analyse({line(1, "INFO x: fine")}), "logs.resources.resources").verdict
          == Verdict::ok);
}

TEST_CASE("what ended while others go on is gone; what came back is not") {
    const auto stop = line(10, "UTC [1] LOG:  database system is shut down");
    const auto start = line(20, "UTC [1] LOG:  database system is ready to accept connections");
    const auto later = line(100, "INFO x: goes on");
    CHECK(find(analyse({stop, later}), "logs.restarts.api").verdict == Verdict::critical);
    CHECK(find(analyse({stop, start, later}), "logs.restarts.api").verdict == Verdict::ok);
    CHECK(find(analyse({line(99, "UTC [1] LOG:  database system is shut down"), later}),
               "logs.restarts.api")
              .verdict
          == Verdict::ok);
    std::vector<std::string> loop;
    for (int i = 0; i < 3; ++i)
        loop.push_back(line(i * 60, "INFO x: Application startup complete."));
    CHECK(find(analyse(loop), "logs.restarts.api").verdict == Verdict::warning);
}

TEST_CASE("slow statements are told without their values, and so are waits for locks") {
    std::vector<std::string> lines;
    for (int i = 0; i < 3; ++i)
        lines.push_back(line(i, "UTC [71] LOG:  duration: 2" + std::to_string(i)
                                    + "00.5 ms  statement: SELECT * FROM artists WHERE mail = "
                                      "'ann@example.org' AND id = 7"));
    const auto summary = analyse(lines);
    const auto& slow = find(summary, "logs.queries.api");
    CHECK(slow.verdict == Verdict::warning);
    REQUIRE(slow.evidence.size() == 1);
    CHECK(slow.evidence[0].text == "SELECT * FROM artists WHERE mail = ? AND id = ?");
    CHECK(find(analyse({line(1, "UTC [71] LOG:  process 71 still waiting for ShareLock on "
                                "transaction 733 after 1000.2 ms")}),
               "logs.queries.api locks")
              .verdict
          == Verdict::warning);
    CHECK(find(analyse({line(1, "UTC [71] LOG:  duration: 12.5 ms  statement: SELECT 1")}),
               "logs.queries.api")
              .verdict
          == Verdict::ok);
}

TEST_CASE("a service that speaks all the time and falls silent is told") {
    logs::AnalysisOptions options;
    options.now = analysed::at("2026-02-01T10:20:00Z");
    const auto read = [&](int last) {
        logs::Analysis analysis{options};
        const auto one = analysis.add_stream({.service = "one", .name = "one", .is_live = true});
        const auto other =
            analysis.add_stream({.service = "other", .name = "other", .is_live = true});
        for (int i = 0; i < 1200; i += 2) {
            if (i < last) analysis.add(one, line(i, "INFO x: works"));
            analysis.add(other, line(i, "INFO x: works"));
        }
        return analysis.finish();
    };
    CHECK(find(read(600), "logs.silence.one").verdict == Verdict::warning);
    CHECK(find(read(600), "logs.silence.other").verdict == Verdict::ok);
    CHECK(find(read(1200), "logs.silence.one").verdict == Verdict::ok);
}

TEST_CASE("failed mints and generations are told as that, a few of them are no finding") {
    std::vector<std::string> lines;
    for (int i = 0; i < 3; ++i) {
        lines.push_back(
            line(i, "ERROR api: mint failed: transaction 0x1f was reverted in block 7"));
        lines.push_back(line(i, "INFO api: mint failed once and was sent again"));
    }
    lines.push_back(line(9, "ERROR gan: generation failed: CUDA error"));
    const auto summary = analyse(lines);
    CHECK(find(summary, "logs.work.api mints").verdict == Verdict::warning);
    CHECK(find(summary, "logs.work.api mints").message == "3 failed mints");
    CHECK(find(summary, "logs.work.api generations").verdict == Verdict::ok);
}

} // namespace logs_detectors_test
