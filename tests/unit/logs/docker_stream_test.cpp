// SPDX-License-Identifier: MIT
#include "logs/docker_stream.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace logs_docker_stream_test {
namespace {

std::string frame(char stream, const std::string& piece) {
    std::string made{stream, '\0', '\0', '\0'};
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        made += static_cast<char>(piece.size() >> shift & 0xffU);
    return made + piece;
}

using Lines = std::vector<std::string>;

/// The lines as "out 2026-01-01T00:00:00Z text", pushed in at the cuts.
Lines take_apart(const std::vector<std::string_view>& pieces) {
    Lines lines;
    logs::DockerStream stream{
        [&](logs::Side side, std::string_view line, std::optional<core::Time> time) {
            lines.push_back(std::string{side == logs::Side::out ? "out " : "err "}
                            + (time ? core::format_utc(*time) : "-") + " " + std::string{line});
        }};
    for (const auto piece : pieces)
        stream.push(piece);
    stream.end();
    return lines;
}

const std::string k_time = "2026-01-01T00:00:00.123456789Z ";

} // namespace

TEST_CASE("frames of both streams become their lines, under every split of the bytes") {
    const std::string bytes = frame(1, k_time + "one\n") + frame(2, k_time + "two ")
                              + frame(1, k_time + "three\n") + frame(2, "goes on\n") + frame(1, "")
                              + frame(1, k_time + "\n") + frame(2, k_time + "no end");
    const auto whole = take_apart({bytes});
    CHECK(whole
          == Lines{"out 2026-01-01T00:00:00Z one", "out 2026-01-01T00:00:00Z three",
                   "err 2026-01-01T00:00:00Z two goes on", "out 2026-01-01T00:00:00Z ",
                   "err 2026-01-01T00:00:00Z no end"});
    const std::string_view all{bytes};
    for (std::size_t first = 0; first <= all.size(); ++first)
        for (std::size_t second = first; second <= all.size(); ++second)
            CHECK(take_apart(
                      {all.substr(0, first), all.substr(first, second - first), all.substr(second)})
                  == whole);
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < all.size(); ++i)
        single.push_back(all.substr(i, 1));
    CHECK(take_apart(single) == whole);
}

TEST_CASE("the log of a container with a terminal is bare text") {
    CHECK(take_apart({k_time + "one\r\n" + k_time + "two"})
          == Lines{"out 2026-01-01T00:00:00Z one", "out 2026-01-01T00:00:00Z two"});
    CHECK(take_apart({"no time\n"}) == Lines{"out - no time"});
    CHECK(take_apart({""}).empty());
}

TEST_CASE("an answer that breaks off, or lies about its lengths, does no harm") {
    const auto bytes = frame(1, k_time + "one\n") + frame(1, k_time + "two\n");
    for (std::size_t end = 0; end < bytes.size(); ++end)
        CHECK_NOTHROW(take_apart({std::string_view{bytes}.substr(0, end)}));
    auto lie = bytes;
    lie[4] = '\x7f';
    CHECK(take_apart({lie}).size() <= 3);
    CHECK(take_apart({std::string{"\x01\0\0\0\0\0", 6}}).empty());
}

} // namespace logs_docker_stream_test
