// SPDX-License-Identifier: MIT
#include "probe/docker_logs.hpp"
#include "support/catch.hpp"

namespace probe_docker_logs_test {

using probe::last_log_lines;
using probe::LogForm;
using Lines = std::vector<std::string>;

namespace {

std::string frame(int stream, std::string_view text, std::size_t length = std::string::npos) {
    const std::size_t claimed = length == std::string::npos ? text.size() : length;
    std::string head(8, '\0');
    head[0] = static_cast<char>(stream);
    for (int i = 0; i < 4; ++i)
        head[static_cast<std::size_t>(4 + i)] = static_cast<char>(claimed >> (24 - 8 * i));
    return head + std::string{text};
}

} // namespace

TEST_CASE("frames of both streams are joined to lines") {
    CHECK(last_log_lines(frame(1, "one\n") + frame(2, "two\r\n\n") + frame(1, "th")
                             + frame(2, "err\n") + frame(1, "ree\nfour"),
                         LogForm::frames, 20)
          == Lines{"one", "two", "err", "three", "four"});
}

TEST_CASE("lines are handed on one by one, and the blank ones only counted") {
    Lines lines;
    const auto take = [&](std::string_view line) { lines.emplace_back(line); };
    const auto body = frame(1, "one\n\n  \ntw") + frame(2, "err") + frame(1, "o\r\nthree");
    CHECK(probe::each_log_line(body, LogForm::frames, take) == 6);
    CHECK(lines == Lines{"one", "two", "three", "err"});
    CHECK(probe::each_log_line("", LogForm::raw, take) == 0);
}

TEST_CASE("a terminal's log is raw, and so is one without frames") {
    CHECK(last_log_lines("one\r\ntwo\r\n", LogForm::raw, 20) == Lines{"one", "two"});
    CHECK(last_log_lines("one\ntwo", LogForm::frames, 20) == Lines{"one", "two"});
}

TEST_CASE("only the last lines, each of a bounded length") {
    std::string body;
    for (int i = 0; i < 100; ++i)
        body += frame(1, "line " + std::to_string(i) + "\n");
    CHECK(last_log_lines(body, LogForm::frames, 2) == Lines{"line 98", "line 99"});
    const auto long_line = last_log_lines(frame(1, std::string(50'000, 'x')), LogForm::frames, 2);
    REQUIRE(long_line.size() == 1);
    CHECK(long_line[0].size() == 2048);
}

TEST_CASE("an answer may end, or lie, anywhere") {
    const std::string whole = frame(1, "one\n") + frame(2, "two\n");
    for (std::size_t cut = 0; cut <= whole.size(); ++cut)
        CHECK(last_log_lines(whole.substr(0, cut), LogForm::frames, 20).size() <= 2);
    CHECK(last_log_lines(frame(1, "short\n", 0xFFFFFFFF), LogForm::frames, 20) == Lines{"short"});
    CHECK(last_log_lines(frame(1, "", 0) + frame(1, "", 0), LogForm::frames, 20).empty());
    CHECK(last_log_lines(frame(3, "stream 3\n"), LogForm::frames, 20).size() == 1);
    CHECK(last_log_lines("", LogForm::raw, 20).empty());
}

} // namespace probe_docker_logs_test
