// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "integration/bed.hpp"
#include "probe/postgres.hpp"
#include "probe/redis.hpp"
#include "support/catch.hpp"
#include "support/meddler.hpp"
#include "support/side_by_side.hpp"
#include "support/slack.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace meddler_test {

// Real servers, and harm at every position of what they say.

namespace {

using namespace std::chrono_literals;
using hostile::Harm;

/// What came of one look: nothing when there are facts.
using Outcome = std::optional<core::Error>;
/// Looks at the server behind this port of 127.0.0.1.
using Probe = std::function<Outcome(std::uint16_t port, core::Deadline deadline)>;

struct Try {
    Harm harm{};
    std::size_t after = 0;
    Outcome outcome{};
    std::chrono::milliseconds took{};
};

constexpr auto k_deadline = 1s;

void run(Try& one, std::uint16_t upstream, const Probe& probe) {
    const hostile::Meddler meddler{upstream, {.harm = one.harm, .after = one.after}};
    const auto began = std::chrono::steady_clock::now();
    one.outcome = probe(meddler.port(), core::Deadline::after(k_deadline));
    one.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
}

std::size_t length_of(std::uint16_t upstream, const Probe& probe) {
    const hostile::Meddler meddler{upstream, {}};
    const auto outcome = probe(meddler.port(), core::Deadline::after(20s));
    if (outcome) FAIL(core::describe(*outcome));
    return meddler.carried();
}

/// How much the figures in an answer may make it shorter from one look to the next.
constexpr std::size_t k_breathing = 48;

void sweep(std::uint16_t upstream, const Probe& probe, const std::string& secret) {
    const std::size_t length = length_of(upstream, probe);
    REQUIRE(length > 4 * k_breathing);
    std::vector<Try> tries;
    constexpr std::size_t k_positions = 40;
    for (const auto harm : {Harm::cut, Harm::reset, Harm::stall, Harm::drip, Harm::garble}) {
        // A drip needs something to drip.
        for (std::size_t at = harm == Harm::drip ? 1 : 0; at < k_positions; ++at)
            tries.push_back({harm, at * (length - k_breathing) / k_positions, {}, {}});
    }
    support::side_by_side(tries.size(), 20, [&](std::size_t i) { run(tries[i], upstream, probe); });
    for (const auto& one : tries) {
        INFO("harm " << static_cast<int>(one.harm) << " after " << one.after << " of " << length);
        CHECK(one.took < k_deadline + 100ms + k_slack);
        REQUIRE(one.outcome);
        const auto line = core::describe(*one.outcome);
        INFO(line);
        CHECK(core::printable(line) == line);
        CHECK(line.find(secret) == std::string::npos);
        CHECK(one.outcome->kind != core::ErrorKind::observer);
        CHECK(one.outcome->phase != core::Phase::none);
        if (one.harm == Harm::stall || one.harm == Harm::drip)
            CHECK(one.outcome->kind == core::ErrorKind::timeout);
    }
}

} // namespace

TEST_CASE("no harm to a real Postgres' dialogue is taken for health") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto target = bed::postgres(*gallery);
    const Probe probe = [&](std::uint16_t port, core::Deadline deadline) -> Outcome {
        auto meddled = target;
        const auto own = "port=" + std::to_string(gallery->postgres_port);
        meddled.dsn.replace(meddled.dsn.find(own), own.size(), "port=" + std::to_string(port));
        const auto facts = probe::observe_postgres(meddled, deadline, {});
        return facts ? std::nullopt : Outcome{facts.error()};
    };
    sweep(gallery->postgres_port, probe, target.password.reveal());
}

TEST_CASE("no harm to a real Redis' dialogue is taken for health") {
    const auto gallery = bed::find();
    if (!gallery) return;
    const auto target = bed::redis(*gallery);
    const Probe probe = [&](std::uint16_t port, core::Deadline deadline) -> Outcome {
        auto meddled = target;
        meddled.url = "redis://127.0.0.1:" + std::to_string(port) + "/0";
        const auto facts = probe::observe_redis(meddled, deadline, {});
        return facts ? std::nullopt : Outcome{facts.error()};
    };
    sweep(gallery->redis_port, probe, target.password.reveal());
}

} // namespace meddler_test
