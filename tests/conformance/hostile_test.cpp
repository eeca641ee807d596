// SPDX-License-Identifier: MIT
#include "conformance/probes.hpp"
#include "core/text.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/side_by_side.hpp"
#include "support/slack.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

namespace hostile_test {

// Every probe against every behaviour of the hostile bed: a typed error within the deadline, never
// facts that look well.

namespace {

using namespace std::chrono_literals;
using conformance::Outcome;
using conformance::Probe;

constexpr auto k_deadline = 500ms;

struct Run {
    Outcome outcome{};
    std::chrono::milliseconds took{};
};

Run attack(const Probe& probe, std::uint16_t port, std::chrono::milliseconds deadline,
           std::stop_token stop) {
    const auto began = std::chrono::steady_clock::now();
    Run run;
    run.outcome = probe.observe(port, core::Deadline::after(deadline), std::move(stop));
    run.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    return run;
}

/// Sets all probes side by side against one port each.
template <class PortOf>
std::vector<Run> attack_all(PortOf port_of, std::chrono::milliseconds deadline = k_deadline,
                            std::stop_token stop = {}) {
    std::vector<std::future<Run>> runs;
    for (const auto& probe : conformance::probes()) {
        runs.push_back(
            std::async(std::launch::async, attack, std::cref(probe), port_of(), deadline, stop));
    }
    std::vector<Run> done;
    for (auto& run : runs)
        done.push_back(run.get());
    return done;
}

/// A message must be fit for a terminal: no control character, no broken UTF-8.
void check_error(const core::Error& error) {
    CHECK_FALSE(error.what.empty());
    CHECK_FALSE(error.where.empty());
    CHECK_FALSE(error.reason.empty());
    CHECK(error.phase != core::Phase::none);
    const std::string line = core::describe(error);
    CHECK(core::printable(line) == line);
    CHECK(error.reason.size() < 400);
}

void check_run(const Probe& probe, const Run& run, bool any_facts) {
    INFO("probe " << probe.name);
    CHECK(run.took < k_deadline + k_slack);
    if (run.outcome.error) {
        INFO(core::describe(*run.outcome.error));
        check_error(*run.outcome.error);
        CHECK(run.outcome.error->kind != core::ErrorKind::observer);
        CHECK(run.outcome.error->kind != core::ErrorKind::cancelled);
    } else if (!any_facts) {
        CHECK_FALSE(run.outcome.looks_well);
    }
}

void check_kind(const std::vector<Run>& runs, core::ErrorKind kind) {
    const auto probes = conformance::probes();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        INFO("probe " << probes[i].name);
        REQUIRE(runs[i].outcome.error);
        INFO(core::describe(*runs[i].outcome.error));
        CHECK(core::name(runs[i].outcome.error->kind) == core::name(kind));
        check_error(*runs[i].outcome.error);
    }
}

} // namespace

TEST_CASE("every probe survives every hostile server") {
    const auto probes = conformance::probes();
    const auto cases = hostile::cases();
    std::vector<std::vector<Run>> all(cases.size());
    support::side_by_side(cases.size(), 6, [&](std::size_t i) {
        std::vector<std::unique_ptr<hostile::Server>> servers;
        all[i] = attack_all([&] {
            servers.push_back(std::make_unique<hostile::Server>(cases[i].behaviour));
            return servers.back()->port();
        });
    });
    for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO(cases[i].name);
        for (std::size_t probe = 0; probe < all[i].size(); ++probe)
            check_run(probes[probe], all[i][probe],
                      cases[i].is_http && probes[probe].takes_any_http);
    }
}

TEST_CASE("a closed port is refused, for every probe") {
    check_kind(attack_all(hostile::closed_port), core::ErrorKind::refused);
}

TEST_CASE("a stopped process (SIGSTOP) is a timeout, for every probe") {
    const hostile::StoppedProcess stopped;
    check_kind(attack_all([&] { return stopped.port(); }), core::ErrorKind::timeout);
}

TEST_CASE("a host that drops every packet is a timeout, for every probe") {
    const hostile::BlackHole hole;
    check_kind(attack_all([&] { return hole.port(); }), core::ErrorKind::timeout);
}

TEST_CASE("a silent server is a timeout that names the connection, for every probe") {
    const hostile::Server server{[](hostile::Connection& client) { client.hold(); }};
    check_kind(attack_all([&] { return server.port(); }), core::ErrorKind::timeout);
}

TEST_CASE("a stop ends every probe at once") {
    const hostile::Server server{[](hostile::Connection& client) { client.hold(); }};
    std::stop_source source;
    std::atomic<std::chrono::steady_clock::rep> stopped_at{0};
    std::thread stopper{[&] {
        std::this_thread::sleep_for(150ms);
        stopped_at = std::chrono::steady_clock::now().time_since_epoch().count();
        source.request_stop();
    }};
    const auto runs = attack_all([&] { return server.port(); }, 30s, source.get_token());
    stopper.join();
    check_kind(runs, core::ErrorKind::cancelled);
    // 250 ms is promised; the rest is for a busy machine. The deadline would be far away.
    for (const auto& run : runs)
        CHECK(run.took < 150ms + 250ms + k_slack);
}

} // namespace hostile_test
