// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/arrange.hpp"
#include "report/render.hpp"
#include "support/catch.hpp"
#include "support/sample_reports.hpp"

#include <algorithm>
#include <random>

namespace report_text_test {
namespace {

using report::RenderOptions;

std::string render(const report::Report& report, const RenderOptions& options) {
    return report::find_format("text")->render(report, options);
}

std::string without_colour(std::string text) {
    for (std::size_t at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b["))
        text.erase(at, text.find('m', at) - at + 1);
    return text;
}

/// Text as targets send it: long words, blanks, wide and invalid bytes, controls.
std::string noise(std::mt19937& random) {
    static const std::vector<std::string> k_pieces{
        "a",
        "word",
        " ",
        "  ",
        "91.2 %",
        "512 MiB",
        "東京",
        "\xff",
        "\x1b[2J",
        "\n",
        "\r\n",
        "e\xCC\x81",
        "·",
        "\t",
        "/var/lib/docker/overlay2",
        "https://a.very.long.example/path?query=everything&more=of-it",
        "\x1f",
        "\xE2\x80\xAE"};
    std::string text;
    for (auto n = random() % 25; n > 0; --n)
        text += k_pieces[random() % k_pieces.size()];
    return text;
}

report::Report random_report(std::mt19937& random) {
    report::Report made;
    made.command = "health";
    made.project = noise(random);
    made.scope = noise(random);
    made.interrupted = random() % 2 == 0;
    for (unsigned i = 0; i < random() % 8; ++i) {
        core::Finding finding;
        finding.id = "health.f." + std::to_string(i);
        finding.verdict = static_cast<core::Verdict>(random() % 5);
        finding.group = random() % 3 == 0 ? noise(random) : "group";
        finding.subject = noise(random);
        finding.message = noise(random);
        finding.brief = noise(random);
        finding.remediation = noise(random);
        finding.owner = noise(random);
        finding.contact = noise(random);
        finding.playbook = noise(random);
        finding.evidence = {{"log", noise(random)}, {"log", noise(random)}};
        if (random() % 2 == 0) finding.caused_by = {"health.f." + std::to_string(random() % 8)};
        if (random() % 2 == 0)
            finding.since = support::sample_now() - std::chrono::hours{random() % 99};
        if (random() % 4 == 0) finding.location = core::Location{noise(random), 3};
        made.findings.push_back(finding);
    }
    made.notes = {noise(random)};
    report::Table table{{noise(random), noise(random), "n"}, {}};
    for (unsigned i = 0; i < random() % 30; ++i)
        table.rows.push_back({noise(random), noise(random), static_cast<std::int64_t>(random())});
    made.details = {
        {"t", noise(random), table},
        {"p", noise(random), report::Pairs{{{noise(random), noise(random)}}}},
        {"x", noise(random), report::Text{noise(random)}},
        {"l", noise(random),
         report::Timeline{{{core::Time{}, noise(random), noise(random), noise(random)}}}}};
    return made;
}

void check_screen(const report::Report& report, const RenderOptions& options) {
    const std::string text = render(report, options);
    CHECK(text.ends_with("\n"));
    CHECK_FALSE(text.ends_with("\n\n"));
    for (const auto line : core::split(text, '\n')) {
        INFO("width " << options.width << ": " << line);
        CHECK(core::display_width(line) <= options.width);
        CHECK(std::ranges::none_of(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
        CHECK(core::printable(line) == line);
        if (options.charset == report::Charset::ascii)
            CHECK(std::ranges::all_of(line, [](unsigned char c) { return c < 0x80; }));
    }
}

} // namespace

TEST_CASE("nothing is wider than the screen and nothing steers it") {
    std::mt19937 random(42);
    for (int round = 0; round < 60; ++round) {
        const auto report = random_report(random);
        for (const std::size_t width : {40U, 47U, 80U, 120U, 200U}) {
            for (const auto detail :
                 {report::Detail::quiet, report::Detail::normal, report::Detail::verbose}) {
                RenderOptions options;
                options.width = width;
                options.detail = detail;
                options.now = support::sample_now();
                options.charset =
                    random() % 2 == 0 ? report::Charset::utf8 : report::Charset::ascii;
                check_screen(report, options);
            }
        }
    }
}

TEST_CASE("colour repeats what is there without it") {
    for (const auto& sample : support::sample_reports()) {
        RenderOptions options;
        options.now = support::sample_now();
        const auto plain = render(sample.report, options);
        options.colour = report::Colour::on;
        CHECK(without_colour(render(sample.report, options)) == plain);
    }
}

TEST_CASE("every problem is on the screen, also with -q") {
    for (const auto& sample : support::sample_reports()) {
        RenderOptions options;
        options.width = 200;
        options.detail = report::Detail::quiet;
        options.now = support::sample_now();
        const auto text = render(sample.report, options);
        for (const auto& problem : report::problems(sample.report)) {
            const auto name = core::printable(report::label(*problem.finding));
            INFO(sample.name << ": " << name);
            CHECK(text.find(name) != std::string::npos);
        }
    }
}

TEST_CASE("a good day fits on a screen") {
    RenderOptions options;
    options.now = support::sample_now();
    const auto text = render(support::sample_report("good_day"), options);
    CHECK(std::ranges::count(text, '\n') <= 13);
}

TEST_CASE("a subject that is a number alone is told with what it numbers") {
    core::Finding finding;
    finding.id = "health.gpu.0";
    finding.title = "GPU";
    finding.subject = "0";
    CHECK(report::label(finding) == "GPU 0");
    finding.subject = "node7:0";
    CHECK(report::label(finding) == "node7:0");
    finding.subject.clear();
    CHECK(report::label(finding) == "gpu");
}

TEST_CASE("the verdict stands at the right edge of the first line and the exit code of the last") {
    for (const std::size_t width : {40U, 80U, 200U}) {
        RenderOptions options;
        options.width = width;
        options.exit_code = 2;
        options.now = support::sample_now();
        const auto text = render(support::sample_report("bad_day"), options);
        const auto lines = core::split(text, '\n');
        CHECK(lines.front().ends_with(" CRITICAL"));
        CHECK(core::display_width(lines.front()) == width);
        CHECK(lines.back().ends_with(" exit 2"));
        CHECK(core::display_width(lines.back()) == width);
    }
}

} // namespace report_text_test
