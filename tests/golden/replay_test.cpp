// SPDX-License-Identifier: MIT
#include "golden/run_program.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace replay_test {

// A look at the demo gallery with its Postgres stopped, recorded once and judged by every build:
// a change of a judge, of the cause analysis or of a renderer shows here on real observations.

namespace {

using golden::Outcome;

Outcome replay(std::vector<std::string> options) {
    const auto folder =
        std::filesystem::path{GALLERY_OPS_TEST_DIR} / "golden/recordings/postgres-stopped";
    options.insert(options.begin(), {"health", "--replay", folder.string()});
    return golden::run_program(options);
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

} // namespace replay_test
