// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"
#include "core/text.hpp"
#include "support/catch.hpp"
#include "support/faults.hpp"
#include "support/side_by_side.hpp"
#include "support/slack.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace faults_test {

// Every row of the table of faults, for every protocol that it names: the right kind and phase, the
// right verdict, words that help, and the deadline kept.

namespace {

using namespace std::chrono_literals;
using conformance::Sighting;
using faults::Fault;
using faults::Protocol;
using faults::Row;

struct Case {
    const Row* row = nullptr;
    Protocol protocol{};
    Sighting sighting{};
    std::chrono::milliseconds deadline{};
};

std::string name_of(Fault fault) {
    const auto found =
        std::ranges::find(faults::descriptions(), fault, &faults::Description::fault);
    return std::string{found->name};
}

std::vector<Case> all_cases() {
    std::vector<Case> all;
    for (const auto& row : faults::rows()) {
        for (const auto protocol : faults::k_protocols) {
            if (row.protocols.has(protocol)) all.push_back({&row, protocol, {}, {}});
        }
    }
    return all;
}

/// What is promised: a run ends this much after its deadline.
constexpr auto k_promised = 100ms;

/// What a sanitizer may take for its own work.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr auto k_slowness = k_slack;
#else
constexpr auto k_slowness = 0ms;
#endif

bool is_late(const Case& one) {
    return one.sighting.took > one.deadline + k_promised + k_slowness;
}

/// Whether the thread that looks had not the processor to end by its deadline.
bool is_starved(const Case& one) {
    return one.sighting.error
           && one.sighting.error->reason.find("no end of the conversation") != std::string::npos;
}

/// Whether a busy machine may have spoilt the try: it came late, was starved, or ran out of time
/// where the fault itself costs none or in another phase.
bool is_spoilt(const Case& one) {
    const bool timed_out =
        one.sighting.error && one.sighting.error->kind == core::ErrorKind::timeout;
    return is_late(one) || is_starved(one)
           || (timed_out
               && (one.row->kind != core::ErrorKind::timeout
                   || one.sighting.error->phase != one.row->phase));
}

void run(Case& one, int patience = 1) {
    const auto stage = conformance::Stage::set(one.row->fault, one.protocol);
    one.deadline = stage->deadline() * patience;
    one.sighting =
        conformance::look(one.protocol, stage->target(), core::Deadline::after(one.deadline));
}

/// What is late by itself is late each time; what a busy machine delayed is in time once.
void run_until_in_time(Case& one) {
    constexpr int k_tries = 10;
    for (int tries = 0; tries < k_tries && is_spoilt(one); ++tries) {
        Case again{one.row, one.protocol, {}, {}};
        run(again, 4);
        if (!is_spoilt(again)) one = again;
    }
}

/// Runs all side by side, and the spoilt ones again, with more time and less company.
void run_all(std::vector<Case>& cases) {
    constexpr std::size_t k_workers = 16;
    support::side_by_side(cases.size(), k_workers, [&](std::size_t i) { run(cases[i]); });
    for (const int patience : {2, 4, 8}) {
        std::vector<Case*> spoilt;
        for (auto& one : cases) {
            if (is_spoilt(one)) spoilt.push_back(&one);
        }
        support::side_by_side(spoilt.size(), 2, [&](std::size_t i) { run(*spoilt[i], patience); });
    }
    for (auto& one : cases)
        run_until_in_time(one);
}

std::string lower(std::string_view text) {
    return core::to_lower(text);
}

void check_outcome(const Case& one) {
    const auto& [row, protocol, sighting, deadline] = one;
    const auto kind = [](const std::optional<core::ErrorKind>& value) {
        return value ? std::string{core::name(*value)} : std::string{"facts"};
    };
    const auto seen = sighting.error ? std::optional{sighting.error->kind} : std::nullopt;
    CHECK(kind(seen) == kind(row->kind));
    CHECK(core::name(sighting.error ? sighting.error->phase : core::Phase::none)
          == core::name(row->phase));
    CHECK(core::name(sighting.finding.verdict) == core::name(row->verdict));
    const auto words = lower(sighting.finding.message + " | " + sighting.finding.remediation);
    CHECK(words.find(lower(row->says)) != std::string::npos);
    if (row->verdict != core::Verdict::ok) CHECK_FALSE(sighting.finding.remediation.empty());
}

/// What an error says has to be fit for any terminal as it is.
void check_words(const core::Error& error) {
    const std::string line = core::describe(error);
    CHECK(core::printable(line) == line);
    CHECK(error.reason.size() < 400);
    CHECK_FALSE(error.what.empty());
    CHECK_FALSE(error.where.empty());
    CHECK(line.find("hunter2") == std::string::npos);
}

} // namespace

TEST_CASE("every fault ends by the deadline with the right verdict, phase and next step") {
    const conformance::StageNames names;
    auto cases = all_cases();
    run_all(cases);
    for (const auto& one : cases) {
        INFO(name_of(one.row->fault) << ", " << faults::name(one.protocol));
        INFO(one.sighting.finding.message << " | " << one.sighting.finding.remediation);
        INFO("took " << one.sighting.took.count() << " of " << one.deadline.count() << " ms");
        check_outcome(one);
        if (one.sighting.error) check_words(*one.sighting.error);
        CHECK(one.sighting.took <= one.deadline + k_promised + k_slowness);
    }
}

TEST_CASE("the table of faults names every fault, and no pair twice") {
    std::map<std::pair<Fault, Protocol>, int> pairs;
    for (const auto& one : all_cases())
        ++pairs[{one.row->fault, one.protocol}];
    for (const auto& [pair, count] : pairs) {
        INFO(name_of(pair.first) << ", " << faults::name(pair.second));
        CHECK(count == 1);
    }
    for (const auto& description : faults::descriptions()) {
        INFO(description.name);
        CHECK(std::ranges::count(faults::rows(), description.fault, &Row::fault) > 0);
        CHECK_FALSE(description.how.empty());
    }
    for (const auto& row : faults::rows()) {
        INFO(name_of(row.fault));
        if (row.verdict != core::Verdict::ok) CHECK_FALSE(row.says.empty());
    }
}

TEST_CASE("every trouble of the observer has its test in the shell") {
    std::ifstream file{std::string{GALLERY_OPS_TEST_DIR} + "/integration/self.sh"};
    const std::string script{std::istreambuf_iterator<char>{file}, {}};
    for (const auto& trouble : faults::own_troubles()) {
        INFO(trouble.name);
        const std::string test{trouble.test};
        CHECK(script.find("\n" + test + "() {\n") != std::string::npos);
        CHECK(script.find("\n" + test + "\n") != std::string::npos);
        CHECK(trouble.finding.starts_with("health.self."));
    }
}

namespace {

/// The most memory that this process has had at one time, in KiB.
long peak_memory() {
    std::ifstream status{"/proc/self/status"};
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    return 0;
}

} // namespace

TEST_CASE("an answer of 1 GB costs no memory to speak of") {
    std::vector<Case> cases;
    for (const auto& one : all_cases()) {
        if (one.row->fault == Fault::gigabyte || one.row->fault == Fault::endless)
            cases.push_back(one);
    }
    for (auto& one : cases) {
        INFO(name_of(one.row->fault) << ", " << faults::name(one.protocol));
        std::ofstream{"/proc/self/clear_refs"} << "5"; // the peak begins anew
        const long before = peak_memory();
        run(one);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        constexpr long k_most_growth = 900L << 10U; // shadow memory, and what was freed is kept
#else
        constexpr long k_most_growth = 160L << 10U; // six lists of 32 MB are IPFS' most
#endif
        CHECK(peak_memory() - before < k_most_growth);
    }
}

} // namespace faults_test
