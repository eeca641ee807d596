// SPDX-License-Identifier: MIT
#include "report/render.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/sample_reports.hpp"

#include <cstdlib>
#include <ctime>
#include <functional>

namespace formats_test {
namespace {

using report::RenderOptions;

/// Times in text are local; the golden files are written in UTC.
const bool k_utc = [] {
    setenv("TZ", "UTC", 1); // NOLINT(concurrency-mt-unsafe): before any thread
    tzset();                // NOLINT(concurrency-mt-unsafe)
    return true;
}();

/// One golden file: FORMAT__SAMPLE[-VARIANT].EXTENSION.
struct Case {
    std::string format{};
    std::string sample{};
    std::string variant{};
    std::function<void(RenderOptions&)> adjust{};
};

const auto k_ascii = [](RenderOptions& options) { options.charset = report::Charset::ascii; };
const auto k_colour = [](RenderOptions& options) { options.colour = report::Colour::on; };
const auto k_quiet = [](RenderOptions& options) { options.detail = report::Detail::quiet; };
const auto k_verbose = [](RenderOptions& options) { options.detail = report::Detail::verbose; };

std::function<void(RenderOptions&)> wide(std::size_t width) {
    return [width](RenderOptions& options) { options.width = width; };
}

std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (const auto& sample : support::sample_reports()) {
        for (const char* format : {"text", "json", "junit"})
            cases.push_back({format, sample.name, "", nullptr});
    }
    for (const char* format : {"ndjson", "prom", "markdown", "html", "github", "nagios"}) {
        for (const char* sample : {"bad_day", "good_day", "awkward_text", "located", "nothing"})
            cases.push_back({format, sample, "", nullptr});
    }
    cases.push_back({"html", "blocks", "", nullptr});
    for (const char* sample : {"bad_day", "long_names", "blocks", "recurring"}) {
        cases.push_back({"text", sample, "120", wide(120)});
        cases.push_back({"text", sample, "200", wide(200)});
        cases.push_back({"text", sample, "40", wide(40)});
    }
    for (const char* sample : {"bad_day", "awkward_text", "blocks"})
        cases.push_back({"text", sample, "ascii", k_ascii});
    for (const char* sample : {"bad_day", "unknowns"})
        cases.push_back({"text", sample, "colour", k_colour});
    for (const char* sample : {"bad_day", "good_day"})
        cases.push_back({"text", sample, "quiet", k_quiet});
    for (const char* sample : {"bad_day", "all_skipped", "long_names", "blocks"})
        cases.push_back({"text", sample, "verbose", k_verbose});
    return cases;
}

std::string extension(const std::string& format) {
    if (format == "json" || format == "ndjson" || format == "html") return format;
    if (format == "junit") return "xml";
    if (format == "markdown") return "md";
    return format == "prom" ? "prom" : "txt";
}

RenderOptions options_for(const report::Report& report) {
    RenderOptions options;
    options.now = support::sample_now();
    options.version = "0.1.0";
    options.exit_code =
        core::exit_code(report::summarise(report), options.fail_on, options.unknown);
    if (report.interrupted) options.exit_code = core::k_exit_interrupted;
    return options;
}

} // namespace

TEST_CASE("every format writes what its golden files show") {
    REQUIRE(k_utc);
    for (const auto& one : all_cases()) {
        const auto& report = support::sample_report(one.sample);
        auto options = options_for(report);
        if (one.adjust) one.adjust(options);
        const std::string variant = one.variant.empty() ? "" : "-" + one.variant;
        const std::string file =
            one.format + "__" + one.sample + variant + "." + extension(one.format);
        const auto* format = report::find_format(one.format);
        REQUIRE(format != nullptr);
        const std::string difference =
            support::compare_golden(file, format->render(report, options));
        INFO(difference);
        CHECK(difference.empty());
    }
}

} // namespace formats_test
