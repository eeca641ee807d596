// SPDX-License-Identifier: MIT
#include "golden/run_program.hpp"
#include "support/catch.hpp"
#include "unit/config/temp_folder.hpp"

#include <chrono>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace wait_test {

// `health` as a whole: how long a wait lasts, and a component of which nothing is seen.

namespace {

using namespace std::chrono_literals;

struct Outcome : golden::Outcome {
    std::chrono::milliseconds took{};
};

Outcome health(const std::string& configuration, const std::vector<std::string>& options) {
    const support::TempFolder folder;
    const auto file = folder.write("gallery.yaml", configuration);
    std::vector<std::string> words{"health", "--no-history", "-o", "json", "-c", file.string()};
    words.insert(words.end(), options.begin(), options.end());
    const int err = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    REQUIRE(err >= 0);
    const auto began = std::chrono::steady_clock::now();
    Outcome outcome{golden::run_program(words, err), {}};
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    ::close(err);
    return outcome;
}

/// Nothing listens at port 1, and no Engine is asked.
constexpr const char* k_refused =
    "docker: {hosts: []}\nendpoints: [{name: web, url: \"http://127.0.0.1:1/\"}]\n";
constexpr const char* k_engine_down = "docker: {hosts: [\"unix:///nonexistent/docker.sock\"]}\n";

} // namespace

TEST_CASE("a wait ends by the deadline of the command, with the last look that was whole") {
    const auto waited = health(k_refused, {"--only", "http", "--wait", "30s", "--deadline", "2s"});
    CHECK(waited.code == 2); // refused, as seen: not cut off
    CHECK(waited.took < 3s);
}

TEST_CASE("a component is not misspelt while the Engine is away") {
    const auto look = health(k_engine_down, {"--component", "api"});
    CHECK((look.code == 2 || look.code == 3));
    CHECK(look.out.find("\"health.gallery.api\"") != std::string::npos);
    CHECK(look.out.find("\"health.docker-engine.") != std::string::npos);
}

TEST_CASE("a component that fits nothing is a mistake where all was seen, and awaited by --wait") {
    CHECK(health(k_refused, {"--component", "webb"}).code == 64);
    const auto waited = health(k_refused, {"--component", "webb", "--wait", "1s"});
    CHECK(waited.code == 3);
    CHECK(waited.out.find("\"health.gallery.webb\"") != std::string::npos);
}

} // namespace wait_test
