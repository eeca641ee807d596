// SPDX-License-Identifier: MIT
#include "report/render.hpp"
#include "support/catch.hpp"
#include "support/sample_reports.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/wait.h>

namespace promtool_test {
namespace {

/// Runs a fixed command line with `input` and returns its exit code.
int run_with_input(const char* command, const std::string& input) {
    FILE* pipe = ::popen(command, "w"); // NOLINT(cert-env33-c): a constant, in a test
    REQUIRE(pipe != nullptr);
    const auto written = std::fwrite(input.data(), 1, input.size(), pipe);
    const int status = ::pclose(pipe);
    CHECK(written == input.size());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE("promtool finds nothing to say about the metrics") {
    if (run_with_input(R"(command -v "${PROMTOOL:-promtool}" > /dev/null)", "") != 0) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
        REQUIRE(std::getenv("GALLERY_OPS_REQUIRE_BED") == nullptr);
        WARN("skipped: promtool is not installed (Debian: prometheus)");
        return;
    }
    for (const auto& sample : support::sample_reports()) {
        INFO(sample.name);
        const auto text = report::find_format("prom")->render(sample.report, {});
        CHECK(run_with_input(R"("${PROMTOOL:-promtool}" check metrics)", text) == 0);
    }
}

} // namespace promtool_test
