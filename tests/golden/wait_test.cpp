// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/surroundings.hpp"
#include "support/catch.hpp"
#include "unit/config/temp_folder.hpp"

#include <array>
#include <chrono>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

// `health` as a whole: how long a wait lasts, and a component of which nothing is seen.

namespace {

using namespace std::chrono_literals;

struct Outcome {
    int code = 0;
    std::string out{};
    std::chrono::milliseconds took{};
};

std::string contents(int descriptor) {
    std::string text;
    std::array<char, 65536> part{};
    ::lseek(descriptor, 0, SEEK_SET);
    for (;;) {
        const auto size = ::read(descriptor, part.data(), part.size());
        if (size <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
}

Outcome health(const std::string& configuration, const std::vector<std::string>& options) {
    const support::TempFolder folder;
    const auto file = folder.write("gallery.yaml", configuration);
    std::vector<std::string> words{"health", "--no-history", "-o", "json", "-c", file.string()};
    words.insert(words.end(), options.begin(), options.end());
    const int out = ::memfd_create("out", MFD_CLOEXEC);
    const int err = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    REQUIRE(out >= 0);
    REQUIRE(err >= 0);
    cli::Surroundings around;
    around.env = [](const std::string& name) -> std::optional<std::string> {
        return name == "LANG" ? std::optional<std::string>{"C.UTF-8"} : std::nullopt;
    };
    around.out = out;
    around.err = err;
    const auto began = std::chrono::steady_clock::now();
    Outcome outcome;
    outcome.code = cli::run_program(words, cli::commands(), around);
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    outcome.out = contents(out);
    ::close(out);
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
