// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "conformance/stage.hpp"
#include "health/catalogue.hpp"
#include "probe/gather.hpp"
#include "support/catch.hpp"
#include "support/faults.hpp"
#include "support/side_by_side.hpp"
#include "support/slack.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace together_test {

// Two faults at once, and all of them at once, with healthy servers beside them: one look at
// everything, as the program does it. Nobody is kept from being reported right by a neighbour.

namespace {

using namespace std::chrono_literals;
using conformance::Stage;
using core::Verdict;
using faults::Fault;
using faults::Protocol;

/// What the finding of a target has to be.
struct Expected {
    std::string id{};
    Verdict verdict = Verdict::ok;
};

/// A configuration that grows, the servers behind it, and what has to come of them.
struct Bed {
    config::Config config{};
    std::vector<std::unique_ptr<Stage>> stages{};
    std::vector<Expected> expected{};

    void add(Fault fault, Protocol protocol, Verdict verdict);
};

std::string url_of(const conformance::Target& target, std::string_view scheme) {
    return std::string{scheme} + (target.tls ? "s" : "") + "://" + target.host + ":"
           + std::to_string(target.port);
}

template <class Monitor>
Monitor monitor_at(const conformance::Target& target) {
    Monitor made;
    made.url = url_of(target, "http");
    made.tls.ca_file = target.ca_file;
    return made;
}

void Bed::add(Fault fault, Protocol protocol, Verdict verdict) {
    stages.push_back(Stage::set(fault, protocol));
    const auto& target = stages.back()->target();
    const auto name = "t" + std::to_string(stages.size());
    const auto expect = [&](const std::string& family, const std::string& subject) {
        expected.push_back({"health." + family + "." + subject, verdict});
    };
    switch (protocol) {
    case Protocol::http: {
        config::Endpoint made;
        made.name = name;
        made.url = url_of(target, "http") + "/health";
        made.tls.ca_file = target.ca_file;
        config.endpoints.push_back(std::move(made));
        return expect("http", name);
    }
    case Protocol::docker: {
        config::DockerHost made;
        made.name = name;
        made.url = url_of(target, target.tls ? "http" : "tcp");
        made.tls.ca_file = target.ca_file;
        config.docker.hosts.push_back(std::move(made));
        return expect("docker-engine", name);
    }
    case Protocol::postgres: {
        config::Postgres made;
        made.name = name;
        made.dsn = "host=" + target.host + " user=u dbname=d port=" + std::to_string(target.port);
        if (target.tls) made.dsn += " sslmode=verify-full sslrootcert=" + target.ca_file;
        made.password = core::Secret{target.password};
        config.postgres.push_back(std::move(made));
        return expect("postgres", name);
    }
    case Protocol::redis: {
        config::Redis made;
        made.name = name;
        made.url = url_of(target, "redis");
        made.tls.ca_file = target.ca_file;
        made.password = core::Secret{target.password};
        config.redis.push_back(std::move(made));
        return expect("redis", name);
    }
    case Protocol::ipfs: {
        config::Ipfs made;
        made.name = name;
        made.api = url_of(target, "http");
        config.ipfs.push_back(std::move(made));
        return expect("ipfs", name);
    }
    case Protocol::prometheus:
        config.prometheus = monitor_at<config::Prometheus>(target);
        return expect("prometheus", "prometheus");
    case Protocol::alertmanager:
        config.alertmanager = monitor_at<config::Monitor>(target);
        return expect("alertmanager", "alertmanager");
    case Protocol::ethereum:
        config.ethereum = config::Ethereum{};
        config.ethereum->rpc = url_of(target, "http");
        return expect("ethereum", "ethereum");
    }
}

struct Outcome {
    std::vector<core::Finding> findings{};
    std::chrono::milliseconds took{};
    bool is_in_time = true;
};

Outcome look(Bed& bed, std::chrono::milliseconds timeout, std::chrono::milliseconds deadline) {
    bed.config.given = {.docker = true,
                        .endpoints = true,
                        .postgres = true,
                        .redis = true,
                        .ipfs = true,
                        .prometheus = true,
                        .alertmanager = true,
                        .ethereum = true,
                        .grafana = true};
    bed.config.project = "gallery";
    probe::GatherOptions options;
    options.timeout = timeout;
    options.window = 50ms;
    const auto began = std::chrono::steady_clock::now();
    options.deadline = core::Deadline::after(deadline);
    const auto gathered = probe::gather(bed.config, options);
    Outcome outcome;
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    outcome.findings = health::judge(gathered.seen, gathered.config);
    cause::annotate(outcome.findings, cause::dependencies(gathered.seen));
    return outcome;
}

void check(const Bed& bed, const Outcome& outcome) {
    for (const auto& [id, verdict] : bed.expected) {
        INFO(id);
        const auto found = std::ranges::find(outcome.findings, id, &core::Finding::id);
        REQUIRE(found != outcome.findings.end());
        INFO(found->message);
        CHECK(core::name(found->verdict) == core::name(verdict));
    }
}

bool is_as_expected(const Bed& bed, const Outcome& outcome) {
    return std::ranges::all_of(bed.expected, [&](const Expected& one) {
        const auto found = std::ranges::find(outcome.findings, one.id, &core::Finding::id);
        return found != outcome.findings.end() && found->verdict == one.verdict;
    });
}

/// Looks, and looks again with more time when it was too short: on a busy machine the healthy may
/// be slow.
Outcome look_patiently(Bed& bed, std::chrono::milliseconds timeout) {
    Outcome outcome;
    for (const int patience : {1, 3, 9}) {
        outcome = look(bed, timeout * patience, 2 * timeout * patience);
        outcome.is_in_time = outcome.took < 2 * timeout * patience + 100ms + k_slack;
        if (is_as_expected(bed, outcome)) break;
    }
    return outcome;
}

Verdict verdict_of(Fault fault, Protocol protocol) {
    for (const auto& row : faults::rows()) {
        if (row.fault == fault && row.protocols.has(protocol)) return row.verdict;
    }
    return Verdict::unknown;
}

/// Servers of which there may be only one, and which are therefore healthy here.
constexpr std::array k_single{Protocol::prometheus, Protocol::alertmanager, Protocol::ethereum};

bool is_single(Protocol protocol) {
    return std::ranges::find(k_single, protocol) != k_single.end();
}

void add_healthy(Bed& bed, int endpoints) {
    for (int i = 0; i < endpoints; ++i)
        bed.add(Fault::none, Protocol::http, Verdict::ok);
    for (const auto protocol : faults::k_protocols)
        bed.add(Fault::none, protocol, Verdict::ok);
}

} // namespace

TEST_CASE("all faults at once leave the healthy what they are") {
    const conformance::StageNames names;
    Bed bed;
    for (const auto& row : faults::rows()) {
        for (const auto protocol : faults::k_protocols) {
            if (row.protocols.has(protocol) && !is_single(protocol))
                bed.add(row.fault, protocol, row.verdict);
        }
    }
    add_healthy(bed, 20);
    const auto outcome = look_patiently(bed, 3s);
    CHECK(outcome.is_in_time);
    check(bed, outcome);
}

TEST_CASE("two faults at once are each reported as what they are") {
    const conformance::StageNames names;
    constexpr std::array k_faults{Fault::refused,  Fault::silent,  Fault::reset_middle,
                                  Fault::garbage,  Fault::expired, Fault::dripping,
                                  Fault::dns_hangs};
    std::vector<std::unique_ptr<Bed>> beds;
    for (std::size_t a = 0; a < k_faults.size(); ++a) {
        for (std::size_t b = a + 1; b < k_faults.size(); ++b) {
            auto bed = std::make_unique<Bed>();
            bed->add(k_faults[a], Protocol::redis, verdict_of(k_faults[a], Protocol::redis));
            bed->add(k_faults[b], Protocol::http, verdict_of(k_faults[b], Protocol::http));
            add_healthy(*bed, 1);
            beds.push_back(std::move(bed));
        }
    }
    std::vector<Outcome> outcomes(beds.size());
    support::side_by_side(beds.size(), 11,
                          [&](std::size_t i) { outcomes[i] = look_patiently(*beds[i], 1500ms); });
    for (std::size_t i = 0; i < beds.size(); ++i) {
        check(*beds[i], outcomes[i]);
        CHECK(outcomes[i].is_in_time);
    }
}

TEST_CASE("a stop ends a look at a bed where everything hangs") {
    const conformance::StageNames names;
    Bed bed;
    for (const auto fault : {Fault::silent, Fault::blackholed, Fault::stopped, Fault::dripping}) {
        for (const auto protocol : faults::k_protocols)
            bed.add(fault, protocol, Verdict::unknown);
    }
    bed.add(Fault::dns_hangs, Protocol::http, Verdict::unknown);
    bed.add(Fault::none, Protocol::redis, Verdict::ok);
    std::stop_source source;
    std::atomic<std::chrono::steady_clock::rep> stopped_at{0};
    std::jthread stopper{[&] {
        std::this_thread::sleep_for(700ms);
        stopped_at = std::chrono::steady_clock::now().time_since_epoch().count();
        source.request_stop();
    }};
    bed.config.given = {true, true, true, true, true, true, true, true, true};
    probe::GatherOptions options;
    options.timeout = 60s;
    options.deadline = core::Deadline::after(60s);
    options.stop = source.get_token();
    const auto gathered = probe::gather(bed.config, options);
    const auto ended = std::chrono::steady_clock::now();
    const auto findings = health::judge(gathered.seen, gathered.config);
    const std::chrono::steady_clock::time_point asked{
        std::chrono::steady_clock::duration{stopped_at.load()}};
    CHECK(ended - asked < 200ms + k_slack);
    check(bed, {findings, {}, true});
}

} // namespace together_test
