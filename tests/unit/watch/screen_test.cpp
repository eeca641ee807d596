// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "support/catch.hpp"
#include "support/sample_reports.hpp"
#include "watch/screen.hpp"

#include <algorithm>

namespace watch_screen_test {
namespace {

using watch::Frame;
using watch::Scene;
using watch::Size;
using watch::View;
using namespace std::chrono_literals;

Scene scene_of(const report::Report& report) {
    Scene scene;
    scene.report = &report;
    scene.interval = 5s;
    scene.looks = 12;
    scene.left = 2100ms;
    scene.requests = 87;
    return scene;
}

report::RenderOptions options_of(report::Charset charset, report::Colour colour) {
    report::RenderOptions options;
    options.charset = charset;
    options.colour = colour;
    options.now = support::sample_now();
    options.exit_code = 2;
    return options;
}

std::string text_of(const Frame& frame) {
    std::string text;
    for (const auto& line : frame.lines)
        text += line + "\n";
    return text;
}

std::string drawn(const Scene& scene, View view, Size size = {80, 24},
                  report::Colour colour = report::Colour::off) {
    const auto options = options_of(report::Charset::utf8, colour);
    view = watch::settle(scene, std::move(view), size, options, false);
    return text_of(watch::draw(scene, view, size, options).frame);
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE(
    "a frame has as many lines as rows and none is wider than the screen, whatever it shows") {
    const std::vector<Size> sizes{{80, 24}, {200, 50}, {20, 5}, {40, 12}, {1, 1},
                                  {5, 2},   {300, 3},  {79, 7}, {33, 100}};
    std::vector<View> views(6);
    views[1].pane = watch::Pane::help;
    views[2].pane = watch::Pane::explanation;
    views[3].filter = "postgres";
    views[3].typing = true;
    views[4].verbose = true;
    views[4].top = 7;
    views[5].filter = "\xe7\xb5\xb5\xe7\xb5\xb5 nowhere";
    views[5].paused = true;
    for (const auto& sample : support::sample_reports()) {
        auto scene = scene_of(sample.report);
        scene.explanation = "health.disk\n\n  What  looks at \x1b[2J the disk";
        scene.changes = {{support::sample_now(), "resolved  api: well"}};
        scene.away =
            watch::Away{"unix:///run/docker.sock", 3, support::sample_now() - 12s,
                        sample.report.details.empty() ? report::Block{} : sample.report.details[0]};
        for (const auto charset : {report::Charset::utf8, report::Charset::ascii}) {
            for (const auto colour : {report::Colour::off, report::Colour::on}) {
                const auto options = options_of(charset, colour);
                for (const auto size : sizes) {
                    for (auto view : views) {
                        view = watch::settle(scene, std::move(view), size, options, true);
                        const auto screen = watch::draw(scene, view, size, options);
                        REQUIRE(screen.frame.lines.size() == size.rows);
                        for (const auto& line : screen.frame.lines) {
                            INFO(sample.name << " " << size.columns << ": " << line);
                            CHECK(watch::painted_width(line) <= size.columns);
                            CHECK(line.find('\n') == std::string::npos);
                            if (colour == report::Colour::off)
                                CHECK(line.find('\x1b') == std::string::npos);
                            if (charset == report::Charset::ascii)
                                CHECK(std::ranges::all_of(line, [](char c) {
                                    return static_cast<unsigned char>(c) < 0x80;
                                }));
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("the screen shows verdict, problems, counts, schedule and keys") {
    const auto text = drawn(scene_of(support::sample_report("bad_day")), {}, {100, 50});
    CHECK(has(core::split(text, '\n')[0], "CRITICAL"));
    CHECK(has(text, "▸ ✗ postgres"));
    CHECK(has(text, "exit 2"));
    CHECK(has(text, "look 12 · next in 3 s · every 5 s · 87 requests a look"));
    CHECK(has(text, "q quit"));
}

TEST_CASE("a screen too narrow for the right edge still shows the verdict") {
    const auto text = drawn(scene_of(support::sample_report("bad_day")), {}, {20, 5});
    CHECK(text.starts_with("CRITICAL gallery"));
}

TEST_CASE("before the first look has ended the screen says so") {
    Scene scene;
    scene.looking = true;
    const auto text = drawn(scene, {});
    CHECK(has(text, "the first look"));
    CHECK(has(text, "looking now"));
}

TEST_CASE("a filter keeps what holds it, and its causes") {
    const auto scene = scene_of(support::sample_report("bad_day"));
    View view;
    view.filter = "DISK";
    auto text = drawn(scene, view, {100, 50});
    CHECK(has(text, "disk"));
    CHECK_FALSE(has(text, "✗ postgres"));
    CHECK(has(text, "only 'DISK'"));
    view.filter = "no such thing";
    text = drawn(scene, view, {100, 50});
    CHECK(has(text, "nothing here holds 'no such thing'"));
    view.filter = "gan-service"; // a consequence: its cause is shown with it
    CHECK(has(drawn(scene, view, {100, 50}), "postgres"));
}

TEST_CASE("consequences and groups can be selected, each at the line where it stands") {
    const auto& report = support::sample_report("bad_day");
    const auto options = options_of(report::Charset::utf8, report::Colour::on);
    const auto screen = watch::draw(scene_of(report), {}, {100, 60}, options);
    std::size_t problems = 0;
    for (const auto& finding : report.findings)
        problems += finding.verdict > core::Verdict::ok ? 1 : 0;
    std::size_t items = 0;
    std::size_t before = 0;
    for (const auto& item : screen.extent.items) {
        CHECK(item.line >= before);
        before = item.line;
        items += item.group ? 0 : 1;
    }
    CHECK(items == problems);
    for (const auto& item : screen.extent.items) {
        View view;
        view.selected = item.key;
        const auto marked = watch::draw(scene_of(report), view, {100, 60}, options);
        CHECK(marked.frame.lines.at(2 + item.line).starts_with("▸ "));
    }
}

TEST_CASE(
    "while the Engine is away the first line says so and what it told last stays, with its age") {
    auto scene = scene_of(support::sample_report("bad_day"));
    report::Table table;
    table.columns = {"service", "state"};
    table.rows = {{std::string{"redis-of-old"}, std::string{"running"}}};
    report::Block services;
    services.id = "services";
    services.title = "Services";
    services.content = table;
    scene.away = watch::Away{"unix:///run/docker.sock", 3, support::sample_now() - 12s, services};
    auto text = drawn(scene, {}, {80, 60});
    CHECK(
        has(core::split(text, '\n')[0], "reconnecting to unix:///run/docker.sock, tried 3 times"));
    CHECK(has(core::split(text, '\n')[0], "CRITICAL"));
    CHECK(has(text, "seen 12 s ago"));
    CHECK(has(text, "redis-of-old"));
    text = drawn(scene, {}, {80, 60}, report::Colour::on);
    CHECK(has(text, "\x1b[2m  redis-of-old"));
}

TEST_CASE("lines with colours are measured and cut as they are seen") {
    CHECK(watch::painted_width("\x1b[1;31mab\x1b[0mc") == 3);
    CHECK(watch::cut_painted("\x1b[1;31mabcdef\x1b[0m", 4, "…") == "\x1b[1;31mabc…\x1b[0m");
    CHECK(watch::cut_painted("abcdef", 6, "…") == "abcdef");
    CHECK(watch::cut_painted("\xe7\xb5\xb5\xe7\xb5\xb5", 3, "…") == "\xe7\xb5\xb5…");
    CHECK(watch::cut_painted("abc", 0, "…").empty());
    CHECK(watch::cut_painted("abc", 1, "…") == "a");
}

TEST_CASE("only the lines that differ are written") {
    const Frame first{{10, 3}, {"one", "two", "three"}};
    Frame second = first;
    CHECK(watch::repaint(first, second).empty());
    second.lines[1] = "TWO";
    const auto change = watch::repaint(first, second);
    CHECK(has(change, "\x1b[2;1H\x1b[KTWO"));
    CHECK_FALSE(has(change, "one"));
    CHECK_FALSE(has(change, "\x1b[2J"));
    CHECK(change.starts_with("\x1b[?2026h"));
    CHECK(change.ends_with("\x1b[?2026l"));
    second.size.columns = 11;
    CHECK(has(watch::repaint(first, second), "\x1b[2J"));
    CHECK(has(watch::repaint({}, first), "one"));
}

} // namespace watch_screen_test
