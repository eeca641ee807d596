// SPDX-License-Identifier: MIT
#include "net/knock.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <chrono>
#include <vector>

namespace knock_test {

using namespace std::chrono_literals;
using net::Knock;

TEST_CASE("a knock is answered by who is there, and by a closed door") {
    const hostile::Server server{[](hostile::Connection& client) { client.hold(); }};
    const hostile::StoppedProcess frozen;
    const hostile::BlackHole hole;
    const std::vector<net::Door> doors{
        {"127.0.0.1", server.port()},
        {"127.0.0.1", hostile::closed_port()},
        {"127.0.0.1", frozen.port()},
        {"127.0.0.1", hole.port()},
        {"no address", 80},
        {"", 80},
        {"::1", hostile::closed_port()},
    };
    const auto began = std::chrono::steady_clock::now();
    const auto knocks = net::knock(doors, core::Deadline::after(300ms), {});
    const auto took = std::chrono::steady_clock::now() - began;
    REQUIRE(knocks.size() == doors.size());
    CHECK(knocks[0] == Knock::answered);
    CHECK(knocks[1] == Knock::answered);
    CHECK(knocks[2] == Knock::answered);
    CHECK(knocks[3] == Knock::silent);
    CHECK(knocks[4] == Knock::not_tried);
    CHECK(knocks[5] == Knock::not_tried);
    CHECK(took < 300ms + k_slack);
}

TEST_CASE("knocking ends at once when all have answered, or when it is stopped") {
    const auto port = hostile::closed_port();
    const std::vector<net::Door> many(300, net::Door{"127.0.0.1", port});
    const auto began = std::chrono::steady_clock::now();
    const auto knocks = net::knock(many, core::Deadline::after(30s), {});
    CHECK(std::chrono::steady_clock::now() - began < 5s);
    CHECK(std::count(knocks.begin(), knocks.end(), Knock::answered) == 300);

    std::stop_source source;
    source.request_stop();
    const hostile::BlackHole hole;
    const std::vector<net::Door> one{{"127.0.0.1", hole.port()}};
    CHECK(net::knock(one, core::Deadline::after(30s), source.get_token())
          == std::vector{Knock::not_tried});
    CHECK(std::chrono::steady_clock::now() - began < 10s);
}

} // namespace knock_test
