// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/nagios.hpp"
#include "report/render.hpp"
#include "report/schema.hpp"
#include "support/catch.hpp"
#include "support/json_schema.hpp"
#include "support/sample_reports.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <regex>

namespace report_machine_formats_test {

using namespace std::string_view_literals;

namespace {

using Json = nlohmann::json;
using report::RenderOptions;

std::string render(const std::string& format, const report::Report& report,
                   RenderOptions options = {}) {
    return report::find_format(format)->render(report, options);
}

report::Report with(core::Finding finding) {
    report::Report made;
    made.command = "health";
    made.findings = {std::move(finding)};
    return made;
}

core::Finding figure(double value, std::optional<double> warn, std::optional<double> crit,
                     core::Verdict verdict, std::string unit = "%", bool at_least = false) {
    core::Finding made;
    made.id = "health.x.y";
    made.verdict = verdict;
    core::Measured measured;
    measured.value = value;
    measured.unit = std::move(unit);
    measured.warn = warn;
    measured.crit = crit;
    measured.at_least = at_least;
    made.measured = measured;
    return made;
}

std::string perfdata(const core::Finding& finding) {
    const auto line = render("nagios", with(finding));
    const auto bar = line.find('|');
    return bar == std::string::npos ? "" : std::string{core::trim(line.substr(bar + 1))};
}

} // namespace

TEST_CASE("what every sample becomes in JSON is valid by the schema") {
    const auto schema = Json::parse(report::json_schema());
    RenderOptions options;
    options.version = "0.1.0";
    for (const auto& sample : support::sample_reports()) {
        const auto document = Json::parse(render("json", sample.report, options));
        INFO(sample.name);
        CHECK(support::validate(document, schema) == std::vector<std::string>{});
    }
}

TEST_CASE("the schema refuses what is not a report") {
    const auto schema = Json::parse(report::json_schema());
    const auto good = Json::parse(render("json", support::sample_report("blocks")));
    const std::vector<Json> patches{
        Json::array({{{"op", "remove"}, {"path", "/verdict"}}}),
        Json::array({{{"op", "replace"}, {"path", "/verdict"}, {"value", "skipped"}}}),
        Json::array({{{"op", "replace"}, {"path", "/started_at"}, {"value", "today"}}}),
        Json::array({{{"op", "replace"}, {"path", "/findings/0/verdict"}, {"value", "fine"}}}),
        Json::array({{{"op", "replace"}, {"path", "/summary/ok"}, {"value", -1}}}),
        Json::array({{{"op", "replace"}, {"path", "/details/0/kind"}, {"value", "series"}}}),
        Json::array({{{"op", "replace"}, {"path", "/details/0/rows/0"}, {"value", "text"}}}),
        Json::array({{{"op", "replace"}, {"path", "/details/1/points/0"}, {"value", {1}}}}),
    };
    for (const auto& patch : patches) {
        INFO(patch.dump());
        CHECK_FALSE(support::validate(good.patch(patch), schema).empty());
    }
}

TEST_CASE("each line of NDJSON stands alone; the last is the summary") {
    for (const auto& sample : support::sample_reports()) {
        const auto text = render("ndjson", sample.report);
        const auto lines = core::split(text, '\n');
        REQUIRE(lines.size() == sample.report.findings.size() + 1);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto line = Json::parse(lines[i]);
            CHECK(line.at("type") == (i + 1 < lines.size() ? "finding" : "summary"));
            CHECK(line.at("command") == sample.report.command);
            CHECK(line.contains("verdict"));
        }
    }
}

TEST_CASE("nagios gets one line and ranges that say on which side the trouble is") {
    using core::Verdict;
    CHECK(perfdata(figure(91.25, 90, 95, Verdict::warning)) == "'health.x.y'=91.25%;90;95;0;100");
    CHECK(perfdata(figure(12, 30, 7, Verdict::warning, "days", true))
          == "'health.x.y'=12;30:;7:;0");
    CHECK(perfdata(figure(85, 90, {}, Verdict::warning, "%", true))
          == "'health.x.y'=85%;90:;;0;100");
    CHECK(perfdata(figure(95, 90, {}, Verdict::ok, "%", true)) == "'health.x.y'=95%;90:;;0;100");
    CHECK(perfdata(figure(85, 90, {}, Verdict::ok)) == "'health.x.y'=85%;90;;0;100");
    // Neither the order of the limits nor a verdict that has other reasons turns a range around.
    CHECK(perfdata(figure(98, 99, 97, Verdict::ok)) == "'health.x.y'=98%;99;97;0;100");
    CHECK(perfdata(figure(85, 90, {}, Verdict::critical)) == "'health.x.y'=85%;90;;0;100");
    CHECK(perfdata(figure(-3, -5, {}, Verdict::warning, "s")) == "'health.x.y'=-3s;~:-5");
    CHECK(perfdata(figure(1e15, {}, {}, Verdict::ok, "bytes"))
          == "'health.x.y'=1000000000000000B;;;0");
    CHECK(perfdata(figure(NAN, 1, 2, Verdict::ok)).empty());
    for (const auto& sample : support::sample_reports()) {
        const auto line = render("nagios", sample.report);
        CHECK(std::ranges::count(line, '\n') == 1);
        CHECK(line.ends_with("\n"));
        CHECK(std::ranges::count(line, '|') <= 1);
    }
}

TEST_CASE("a nagios line stays short enough to be read whole") {
    report::Report many;
    many.command = "health";
    for (int i = 0; i < 2000; ++i) {
        auto finding = figure(i, 90, 95, core::Verdict::critical);
        finding.id += std::to_string(i);
        finding.message = std::string(500, 'm');
        many.findings.push_back(finding);
    }
    RenderOptions options;
    options.exit_code = 130;
    const auto line = render("nagios", many, options);
    CHECK(line.size() <= 8192);
    CHECK(line.starts_with("HEALTH UNKNOWN - "));
    CHECK(report::nagios_problem("a|b\nc") == "GALLERY-OPS UNKNOWN - a/b c\n");
}

TEST_CASE("nagios knows four codes") {
    for (const auto& [code, expected] : std::map<int, int>{
             {0, 0}, {1, 1}, {2, 2}, {3, 3}, {64, 3}, {70, 3}, {78, 3}, {130, 3}, {-1, 3}})
        CHECK(report::nagios_exit_code(code) == expected);
}

TEST_CASE("metrics: labels are escaped, a series occurs once, skipped ones are left out") {
    auto finding = figure(1, {}, {}, core::Verdict::ok);
    finding.subject = "a\\b\"c\nd";
    auto report = with(finding);
    report.findings.push_back(report.findings.front());
    report.findings.back().verdict = core::Verdict::critical;
    auto skipped = figure(1, {}, {}, core::Verdict::skipped);
    skipped.id = "health.gone";
    report.findings.push_back(skipped);
    const auto text = render("prom", report);
    CHECK(text.find("subject=\"a\\\\b\\\"c\\nd\"} 2\n") != std::string::npos);
    CHECK(text.find("health.gone") == std::string::npos);
    std::vector<std::string> series;
    for (const auto line : core::split(text, '\n')) {
        if (!line.starts_with('#')) series.emplace_back(line.substr(0, line.rfind(' ')));
    }
    std::ranges::sort(series);
    CHECK(std::ranges::adjacent_find(series) == series.end());
}

TEST_CASE("JUnit fails where the run fails, and is well-formed whatever targets say") {
    const auto& day = support::sample_report("bad_day");
    CHECK(render("junit", day).find("failures=\"5\" errors=\"0\"") != std::string::npos);
    RenderOptions lenient;
    lenient.fail_on = core::FailOn::critical;
    CHECK(render("junit", day, lenient).find("failures=\"3\"") != std::string::npos);
    const auto& blind = support::sample_report("unknowns");
    CHECK(render("junit", blind).find("errors=\"4\"") != std::string::npos);
    lenient.unknown = core::UnknownPolicy::allowed;
    CHECK(render("junit", blind, lenient).find("errors=\"0\" skipped=\"4\"") != std::string::npos);

    core::Finding odd;
    odd.id = "health.odd";
    odd.verdict = core::Verdict::critical;
    odd.message = std::string{"\0\x01 ]]> \xEF\xBF\xBE \xEF\xBF\xBF <a b='c'>&amp;"sv};
    const auto text = render("junit", with(odd));
    CHECK(text.find("\xEF\xBF\xBE") == std::string::npos);
    CHECK(text.find("<a b") == std::string::npos);
    CHECK(text.find("&amp;amp;") != std::string::npos);
    CHECK(std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 && c != '\n'; }));
}

TEST_CASE("a target can't give the runner commands or break a table") {
    const auto& awkward = support::sample_report("awkward_text");
    const auto annotations = render("github", awkward);
    for (const auto line : core::split(annotations, '\n'))
        CHECK((line.starts_with("::error ") || line.starts_with("::warning ")
               || line.starts_with("::notice ")));
    const auto markdown = render("markdown", awkward);
    CHECK(markdown.find("<script") == std::string::npos);
    const std::regex bare_bar(R"((^|[^\\])\|)");
    for (const auto line : core::split(markdown, '\n')) {
        if (!line.starts_with("| critical")) continue;
        const std::string row{line};
        CHECK(std::distance(std::sregex_iterator(row.begin(), row.end(), bare_bar),
                            std::sregex_iterator{})
              == 5);
    }
}

TEST_CASE("a page has no markup but its own, and nothing from elsewhere") {
    const auto awkward = render("html", support::sample_report("awkward_text"));
    for (const char* never : {"<script", "\x1b", "\u202e", "http-equiv=\"refresh", "src=", "href="})
        CHECK_FALSE(awkward.contains(never));
    CHECK(awkward.contains("&lt;script"));
    const auto blocks = render("html", support::sample_report("blocks"));
    CHECK(blocks.contains("<svg "));
    for (const char* element : {"table", "section", "details", "svg", "pre", "p", "tr"}) {
        INFO(element);
        const auto opened = std::regex{fmt::format("<{}[ >]", element)};
        const auto closed = std::regex{fmt::format("</{}>", element)};
        const auto count = [&](const std::regex& what) {
            return std::distance(std::sregex_iterator(blocks.begin(), blocks.end(), what), {});
        };
        CHECK(count(opened) == count(closed));
    }
}

} // namespace report_machine_formats_test
