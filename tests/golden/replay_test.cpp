// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/surroundings.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

// A look at the demo gallery with its Postgres stopped, recorded once and judged by every build:
// a change of a judge, of the cause analysis or of a renderer shows here on real observations.

namespace {

struct Outcome {
    int code = 0;
    std::string out{};
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

Outcome replay(std::vector<std::string> options) {
    const auto folder =
        std::filesystem::path{GALLERY_OPS_TEST_DIR} / "golden/recordings/postgres-stopped";
    options.insert(options.begin(), {"health", "--replay", folder.string()});
    const int out = ::memfd_create("out", MFD_CLOEXEC);
    REQUIRE(out >= 0);
    cli::Surroundings around;
    around.env = [](const std::string& name) -> std::optional<std::string> {
        return name == "LANG" ? std::optional<std::string>{"C.UTF-8"} : std::nullopt;
    };
    around.out = out;
    const int code = cli::run_program(options, cli::commands(), around);
    Outcome outcome{code, contents(out)};
    ::close(out);
    return outcome;
}

} // namespace

TEST_CASE("a recorded trouble is judged as ever") {
    struct Row {
        std::string golden;
        std::vector<std::string> options;
    };

    for (const auto& [golden, options] : {Row{"replay__postgres_stopped.txt", {}},
                                          Row{"replay__postgres_stopped-verbose.txt", {"-v"}},
                                          Row{"replay__postgres_stopped.json", {"-o", "json"}}}) {
        const auto outcome = replay(options);
        CHECK(outcome.code == 2);
        const auto difference = support::compare_golden(golden, outcome.out);
        INFO(difference);
        CHECK(difference.empty());
    }
}
