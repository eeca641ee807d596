// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"
#include "core/text.hpp"
#include "support/catch.hpp"
#include "support/meddler.hpp"
#include "support/side_by_side.hpp"
#include "support/slack.hpp"
#include "support/sound.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sweep_test {

// Harm at every position of a dialogue that is sound up to there. Where it comes too late to be
// noticed, the facts are whole; everywhere else it is an error, in time.

namespace {

using namespace std::chrono_literals;
using conformance::Sighting;
using faults::Protocol;
using hostile::Harm;

constexpr std::array k_harms{Harm::cut, Harm::reset, Harm::stall, Harm::garble};
constexpr auto k_deadline = 400ms;

struct Try {
    Protocol protocol{};
    Harm harm{};
    std::size_t after = 0;
    Sighting sighting{};
};

/// The length of the longest answer in a sound dialogue.
std::size_t length_of(Protocol protocol) {
    const hostile::Server server{sound::server(protocol)};
    const hostile::Meddler meddler{server.port(), {}};
    conformance::Target target;
    target.port = meddler.port();
    const auto sound = conformance::look(protocol, target, core::Deadline::after(30s));
    INFO(faults::name(protocol) << ": " << sound.finding.message);
    REQUIRE(sound.finding.verdict == core::Verdict::ok);
    return meddler.carried();
}

void run(Try& one) {
    const hostile::Server server{sound::server(one.protocol)};
    const hostile::Meddler meddler{server.port(), {.harm = one.harm, .after = one.after}};
    conformance::Target target;
    target.port = meddler.port();
    one.sighting = conformance::look(one.protocol, target, core::Deadline::after(k_deadline));
}

std::vector<Try> all_tries(Protocol protocol, std::size_t length) {
    constexpr std::size_t k_positions = 24;
    std::vector<Try> tries;
    for (const auto harm : k_harms) {
        for (std::size_t at = 0; at < k_positions; ++at)
            tries.push_back({protocol, harm, at * length / k_positions, {}});
    }
    return tries;
}

/// One connection carries the whole dialogue: no position in it is too late.
bool is_one_conversation(Protocol protocol) {
    return protocol == Protocol::postgres || protocol == Protocol::redis
           || protocol == Protocol::ethereum || protocol == Protocol::http;
}

} // namespace

TEST_CASE("harm at any position of a dialogue ends in time and is never taken for health") {
    for (const auto protocol : faults::k_protocols) {
        auto tries = all_tries(protocol, length_of(protocol));
        support::side_by_side(tries.size(), 32, [&](std::size_t i) { run(tries[i]); });
        constexpr std::size_t k_status_line = 20;
        for (const auto& one : tries) {
            INFO(faults::name(protocol)
                 << ", harm " << static_cast<int>(one.harm) << " after " << one.after << " bytes");
            INFO(one.sighting.finding.message << " | " << one.sighting.finding.remediation);
            CHECK(one.sighting.took < k_deadline + 100ms + k_slack);
            // A page may hold anything.
            const bool is_page = protocol == Protocol::http && one.harm == Harm::garble;
            const bool is_whole = is_one_conversation(protocol) && !is_page;
            if (is_whole || one.after < k_status_line)
                CHECK(one.sighting.finding.verdict == core::Verdict::critical);
            if (!one.sighting.error) continue;
            const auto line = core::describe(*one.sighting.error);
            CHECK(core::printable(line) == line);
            CHECK(one.sighting.error->kind != core::ErrorKind::observer);
            CHECK(one.sighting.error->phase != core::Phase::none);
        }
    }
}

} // namespace sweep_test
