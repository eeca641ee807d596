// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/text/blocks.hpp"
#include "report/text/layout.hpp"
#include "support/catch.hpp"
#include "support/sample_reports.hpp"

#include <algorithm>

namespace report_layout_test {

using namespace report::text;

TEST_CASE("lines are broken at blanks, never between a figure and its unit") {
    using Lines = std::vector<std::string>;
    CHECK(wrap("", 10) == Lines{""});
    CHECK(wrap("one two", 10) == Lines{"one two"});
    CHECK(wrap("used 511.8 of 512 MiB", 10) == Lines{"used", "511.8 of 5", "12 MiB"});
    CHECK(wrap("used 511.8 of 512 MiB", 18) == Lines{"used", "511.8 of 512 MiB"});
    CHECK(wrap("disk at 91.2 % now", 12) == Lines{"disk at", "91.2 % now"});
    CHECK(wrap("answered in 5 µs", 14) == Lines{"answered in", "5 µs"});
    CHECK(wrap("(limit 90 %) and", 12) == Lines{"(limit 90 %)", "and"});
    CHECK(wrap("first · second", 8) == Lines{"first ·", "second"});
    CHECK(wrap("3 services", 9) == Lines{"3", "services"}); // a long word is no unit
    CHECK(wrap("blanks   at   will  ", 40) == Lines{"blanks   at   will"}); // a log's columns
    CHECK(wrap("blanks   at   will  ", 9) == Lines{"blanks at", "will"});
}

TEST_CASE("what can't be broken is chopped, not lost") {
    const std::string word(100, 'x');
    std::string joined;
    for (const auto& line : wrap(word, 30)) {
        CHECK(core::display_width(line) <= 30);
        joined += line;
    }
    CHECK(joined == word);
    for (std::size_t width = 0; width < 9; ++width) {
        for (const auto& line : wrap("東京東京 a 東", width))
            CHECK(core::display_width(line) <= std::max<std::size_t>(width, 2));
    }
}

TEST_CASE("a glued phrase stays together unless it can't") {
    const auto text = "a long message · " + glue("since 08:01", 20);
    CHECK(wrap(text, 24) == std::vector<std::string>{"a long message ·", "since 08:01"});
    CHECK(glue("too wide for it", 5) == "too wide for it");
}

TEST_CASE("cutting a message never cuts a figure") {
    const std::string message = "17 of 20 requests failed, 85 % (limit 1 %)";
    for (std::size_t width = 1; width <= message.size(); ++width) {
        const auto cut = cut_words(message, width, "…");
        INFO(width << ": " << cut);
        CHECK(core::display_width(cut) <= width);
        if (width >= 10) CHECK((cut == message || cut.ends_with(" …")));
    }
    CHECK(cut_words("/var/lib/docker/overlay2", 10, "…") == "/var/lib/…");
}

TEST_CASE("as many figures as fit, then how many are left") {
    const std::vector<std::string> parts{"cpu 22 %", "memory 61 %", "network as usual"};
    CHECK(join_fitting(parts, " · ", 80, "…") == "cpu 22 % · memory 61 % · network as usual");
    CHECK(join_fitting(parts, " · ", 32, "…") == "cpu 22 % · memory 61 % · 1 more");
    CHECK(join_fitting(parts, " · ", 20, "…") == "cpu 22 % · 2 more");
    CHECK(join_fitting(parts, " · ", 6, "…") == "cpu …");
}

TEST_CASE("the right edge is a column of its own or a line of its own") {
    CHECK(with_right_edge("left", "right", 14) == "left     right");
    CHECK(with_right_edge("left", "right", 10) == "left\n     right");
    CHECK(with_right_edge("left", "", 4) == "left");
}

TEST_CASE("a table cuts names before it drops columns, and never cuts a figure") {
    report::RenderOptions options;
    report::Table table{{"name", "bytes", "share"},
                        {{std::string(60, 'n'), std::int64_t{1234567890123}, 99.5},
                         {std::string{"short"}, std::int64_t{7}}}};
    for (std::size_t width = 40; width <= 120; width += 5) {
        options.width = width;
        const auto text = report::text::table(table, Style(options));
        INFO(text);
        CHECK(text.find("1234567890123") != std::string::npos);
        for (const auto line : core::split(text, '\n'))
            CHECK(core::display_width(line) <= width);
    }
    table.columns.assign(30, "a column");
    table.rows = {std::vector<report::Cell>(30, std::int64_t{1234567})};
    options.width = 80;
    CHECK(report::text::table(table, Style(options)).find("columns more, -o json has them")
          != std::string::npos);
}

TEST_CASE("a sparkline shows the latest points between least and greatest") {
    report::RenderOptions options;
    const Style style(options);
    report::Series series;
    for (int i = 0; i < 10; ++i)
        series.points.emplace_back(core::Time{}, i);
    CHECK(sparkline(series, 4, style) == "▁▃▆█");
    series.points = {{core::Time{}, 5}, {core::Time{}, NAN}, {core::Time{}, 5}};
    CHECK(sparkline(series, 10, style) == "▁ ▁");
    options.charset = report::Charset::ascii;
    CHECK(sparkline(series, 10, style) == "_ _");
}

} // namespace report_layout_test
