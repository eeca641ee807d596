// SPDX-License-Identifier: MIT
#include "logs/analysis.hpp"
#include "logs/window.hpp"
#include "support/catch.hpp"
#include "unit/logs/analysed.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace logs_window_test {
namespace {

using namespace std::chrono_literals;
using analysed::at;

constexpr std::size_t k_enough = std::size_t{1} << 20U;
const auto k_now = at("2026-03-01T12:00:00Z");

/// What an analysis of the window comes to at a time.
logs::Summary poured(logs::Window& window, core::Time now) {
    logs::AnalysisOptions options;
    options.now = now;
    logs::Analysis analysis{options};
    (void)window.pour(analysis, now);
    return analysis.finish();
}

TEST_CASE("a window forgets what is older than its span, and nothing else") {
    logs::Window window{15min, k_enough};
    const auto stream = window.add_stream({.service = "api", .name = "api"});
    window.add(stream, "ERROR the old one", {.time = k_now - 16min});
    window.add(stream, "ERROR at the edge", {.time = k_now - 15min});
    window.add(stream, "ERROR the new one", {.time = k_now - 1min});
    CHECK(window.taken() == 3);
    CHECK(poured(window, k_now).sources.at(0).read == 2);
    CHECK(poured(window, k_now).sources.at(0).read == 2); // to look changes nothing
    CHECK(poured(window, k_now + 1min).sources.at(0).read == 1);
    CHECK(poured(window, k_now + 1h).sources.at(0).read == 0);
}

TEST_CASE("a window comes to what its lines come to when they are read at once") {
    const std::vector<std::string> lines{"Traceback (most recent call last):",
                                         "  File \"a.py\", line 3, in draw",
                                         "ValueError: no picture",
                                         "ERROR seed 17 failed",
                                         "ERROR seed 18 failed",
                                         "INFO all is well"};
    logs::Window window{15min, k_enough};
    const auto stream = window.add_stream({.service = "api", .name = "api.log"});
    logs::AnalysisOptions options;
    options.now = k_now;
    logs::Analysis once{options};
    const auto its = once.add_stream({.service = "api", .name = "api.log"});
    for (const auto& line : lines) {
        window.add(stream, line, {.time = k_now - 1s});
        once.add(its, line, {.time = k_now - 1s});
    }
    const auto expected = once.finish();
    const auto seen = poured(window, k_now);
    REQUIRE(seen.findings.size() == expected.findings.size());
    for (std::size_t i = 0; i < seen.findings.size(); ++i) {
        CHECK(seen.findings[i].id == expected.findings[i].id);
        CHECK(seen.findings[i].message == expected.findings[i].message);
    }
    CHECK(seen.sources.at(0).parsed == expected.sources.at(0).parsed);
}

TEST_CASE("a window that does not suffice says since when it has everything") {
    logs::Window window{15min, std::size_t{64} << 10U};
    const auto stream = window.add_stream({.service = "api", .name = "api"});
    for (int i = 0; i < 1000; ++i)
        window.add(stream, std::string(200, 'x'), {.time = k_now - 600s + i * 100ms});
    logs::Analysis analysis{{}};
    const auto since = window.pour(analysis, k_now);
    REQUIRE(since);
    CHECK(*since > k_now - 600s);
    const auto summary = analysis.finish();
    CHECK(summary.sources.at(0).read > 50);
    CHECK(summary.sources.at(0).read < 400);
    logs::Analysis later{{}};
    CHECK_FALSE(window.pour(later, k_now + 16min)); // what did not fit is too old by now
}

TEST_CASE("a window keeps what was told of a line, parts, cuts and problems") {
    logs::Window window{15min, k_enough};
    const auto stream = window.add_stream({.service = "api", .name = "api"});
    window.add(stream, "it broke",
               {.time = k_now, .level = logs::Level::error, .logger = "shop", .is_entry = true});
    window.add_part(stream, "in two lines");
    window.note_cut(stream, 1);
    window.note_problem(stream, "gone");
    logs::AnalysisOptions options;
    options.now = std::chrono::system_clock::now();
    logs::Analysis analysis{options};
    logs::Window same{24h * 365 * 100, k_enough};
    (void)window.pour(same, k_now); // a window into a window
    (void)same.pour(analysis, options.now);
    const auto summary = analysis.finish();
    const auto& source = summary.sources.at(0);
    CHECK(source.read == 2);
    CHECK(source.parsed == 2);
    CHECK(source.cut == 1);
    CHECK(source.problem == "gone");
    CHECK(summary.events == 1);
}

TEST_CASE("a window takes lines from several threads") {
    logs::Window window{15min, k_enough};
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&] {
                const auto stream = window.add_stream({.service = "api", .name = "api"});
                for (int i = 0; i < 500; ++i)
                    window.add(stream, "GET / 200", {});
            });
    }
    std::int64_t read = 0;
    const auto summary = poured(window, std::chrono::system_clock::now());
    for (const auto& source : summary.sources)
        read += source.read;
    CHECK(summary.sources.size() == 4);
    CHECK(read == 2000);
}

} // namespace
} // namespace logs_window_test
