// SPDX-License-Identifier: MIT
#include "core/error.hpp"
#include "record/codec.hpp"
#include "support/catch.hpp"
#include "unit/record/filled.hpp"

#include <cmath>
#include <limits>

namespace record_codec_test {
namespace {

using sample::Filler;

record::Recording smallest() {
    record::Recording recording;
    recording.head.run.run_id = "1";
    recording.seen.now = core::Time{std::chrono::hours{24 * 365 * 56}};
    return recording;
}

/// Returns what `decode` says of a recording whose observations are these.
std::string complaint(const std::string& observations) {
    auto files = record::encode(smallest());
    files.observations = observations;
    try {
        (void)record::decode(files);
    } catch (const core::ConfigError& error) {
        return error.what();
    }
    return "nothing";
}

} // namespace

TEST_CASE("a recording comes back as it was, every field of it") {
    for (const auto results : {Filler::Results::values, Filler::Results::errors}) {
        const auto recording = sample::filled(results);
        const auto files = record::encode(recording);
        const auto again = record::decode(files);
        CHECK(again.seen == recording.seen);
        const auto second = record::encode(again);
        CHECK(second.head == files.head);
        CHECK(second.config == files.config);
        CHECK(second.observations == files.observations);
    }
}

TEST_CASE("every field of the sample differs from that of a new struct") {
    // Else the test above would prove nothing of it: what is as new is not written.
    const auto files = record::encode(sample::filled(Filler::Results::values));
    const auto check = [&](auto fresh, const std::string& text) {
        record::each_field(fresh, [&](std::string_view name, auto&) {
            INFO(name);
            CHECK(text.find("\"" + std::string{name} + "\":") != std::string::npos);
        });
    };
    check(facts::Observations{}, files.observations);
    check(facts::Container{}, files.observations);
    check(facts::ContainerUsage{}, files.observations);
    check(facts::Postgres{}, files.observations);
    check(facts::Redis{}, files.observations);
    check(facts::Host{}, files.observations);
    check(facts::Certificate{}, files.observations);
    check(config::Config{}, files.config);
    check(config::Prometheus{}, files.config);
    check(config::Thresholds{}, files.config);
    check(record::Head{}, files.head);
}

TEST_CASE("numbers that JSON has no word for come back") {
    auto recording = smallest();
    facts::Host host;
    constexpr double k_infinity = std::numeric_limits<double>::infinity();
    host.core_busy = {
        std::numeric_limits<double>::quiet_NaN(), k_infinity, -k_infinity, -0.0, 0.1, 5e-324,
        std::numeric_limits<double>::max()};
    recording.seen.host.emplace_back().result = host;
    const auto again = record::decode(record::encode(recording)).seen.host[0].result->core_busy;
    REQUIRE(again.size() == host.core_busy.size());
    CHECK(std::isnan(again[0]));
    for (std::size_t i = 1; i < again.size(); ++i)
        CHECK(again[i] == host.core_busy[i]);
    CHECK(std::signbit(again[3]));
}

TEST_CASE("what is beyond all reason is brought within it, bytes that are no text are replaced") {
    auto recording = smallest();
    facts::Docker engine;
    auto& container = engine.containers.emplace_back();
    container.started_at = core::Time::max();
    container.finished_at = core::Time::min();
    container.pid = std::numeric_limits<std::int64_t>::max();
    container.exit_code = std::numeric_limits<int>::min();
    container.last_log = {"caf\xe9", std::string{"nul\0byte", 8}};
    recording.seen.engines.emplace_back().result = engine;
    const auto again = record::decode(record::encode(recording));
    const auto& read = again.seen.engines[0].result->containers[0];
    CHECK(core::format_utc(*read.started_at) == "2225-01-01T00:00:00Z");
    CHECK(core::format_utc(*read.finished_at) == "1950-01-01T00:00:00Z");
    CHECK(read.pid == 4'000'000'000'000'000'000);
    CHECK(read.exit_code == -1'000'000'000);
    CHECK(read.last_log
          == std::vector<std::string>{"caf\xef\xbf\xbd", std::string{"nul\0byte", 8}});
    // And from there on nothing changes any more.
    CHECK(record::encode(again).observations == record::encode(recording).observations);
}

TEST_CASE("a recording that can't be understood says which file and where in it") {
    const std::string now = R"("now": "2026-03-04T08:00:00Z")";
    const std::string many(100, '[');
    const std::vector<std::pair<std::string, std::string>> rows{
        {"", "observations.json: it ends too early, at line 1, column 1"},
        {"{\n\"now\": \"2026", "observations.json: it ends too early, at line 2, column 13"},
        {"{\n  \"now\" 3}", "observations.json: no JSON, at line 2, column 9"},
        {"nonsense", "observations.json: no JSON, at line 1, column 2"},
        {"[]", "observations.json: expected an object, found a list"},
        {"{}", "observations.json: now: missing"},
        {R"({"now": 5})", "observations.json: now: expected a time from 1950 to 2225 "
                          "(2026-01-01T00:00:00Z), found 5"},
        {R"({"now": "9999-01-01T00:00:00Z"})",
         "observations.json: now: expected a time from 1950 to 2225 (2026-01-01T00:00:00Z), found "
         "\"9999-01-01T00:00:00Z\""},
        {"{" + now + R"(, "engine": []})",
         "observations.json: no field 'engine'; did you mean 'engines'?"},
        {R"({"engines": [{"result": {}}]})",
         "observations.json: engines[0].result: expected an object with either 'value' or 'error', "
         "found an object"},
        {R"({"engines": [{}, {"result": {"value": {"containers": [{"exit_code": 1e3}]}}}]})",
         "observations.json: engines[1].result.value.containers[0].exit_code: expected a whole "
         "number from -1000000000 to 1000000000, found 1000.0"},
        {R"({"engines": [{"result": {"value": {"containers": [{"exit_code": 3000000000}]}}}]})",
         "observations.json: engines[0].result.value.containers[0].exit_code: expected a whole "
         "number from -1000000000 to 1000000000, found 3000000000"},
        {R"({"engines": [{"result": {"value": {"containers": [{"state": "runing"}]}}}]})",
         "observations.json: engines[0].result.value.containers[0].state: expected one of created, "
         "dead, exited, paused, removing, restarting, running, unknown, found \"runing\""},
        {R"({"engines": [{"result": {"value": {"containers": [{"labels": {"a": 1}}]}}}]})",
         "observations.json: engines[0].result.value.containers[0].labels[\"a\"]: expected a text, "
         "found 1"},
        {R"({"engines": [{"duration": "5ms"}]})",
         "observations.json: engines[0].duration: expected a length of time in us (\"250us\"), "
         "found \"5ms\""},
        {R"({"engines": [{"duration": "99999999999999999999us"}]})",
         "observations.json: engines[0].duration: expected a length of time in us (\"250us\"), "
         "found \"99999999999999999999us\""},
        {R"({"host": [{"result": {"value": {"load1": 1e999}}}]})",
         "observations.json: a number in it is too large"},
        {"{\"engines\": " + many, "observations.json: nested too deeply for a recording"},
        {"{\"now\": \"\xff\"}", "observations.json: no JSON, at line 1, column 10"},
        {std::string((std::size_t{32} << 20) + 1, ' '), "observations.json: larger than 32 MiB"},
    };
    for (const auto& [text, expected] : rows) {
        INFO(text.substr(0, 200));
        CHECK(complaint(text) == expected);
    }
}

TEST_CASE("another schema, or none, is told as such") {
    auto files = record::encode(smallest());
    const auto said = [&](const std::string& head) -> std::string {
        files.head = head;
        try {
            (void)record::decode(files);
        } catch (const core::ConfigError& error) {
            return error.what();
        }
        return "nothing";
    };
    CHECK(said("{}")
          == "recording.json: schema: missing; this is no recording (gallery-ops/recording/1)");
    CHECK(said("[]")
          == "recording.json: schema: missing; this is no recording (gallery-ops/recording/1)");
    CHECK(said(R"({"schema": "gallery-ops/recording/2"})")
          == "recording.json: schema: \"gallery-ops/recording/2\" is not known to this version, "
             "which reads gallery-ops/recording/1");
    CHECK(said(R"({"schema": "gallery-ops/recording/1"})")
          == "recording.json: run.run_id: missing");
}

TEST_CASE("cut at any byte, a recording is refused and nothing worse") {
    const auto whole = record::encode(sample::filled(Filler::Results::errors));
    auto files = whole;
    const auto step = std::max<std::size_t>(1, whole.observations.size() / 400);
    for (std::size_t size = 0; size + 2 < whole.observations.size(); size += step) {
        files.observations = whole.observations.substr(0, size);
        CHECK_THROWS_AS(record::decode(files), core::ConfigError);
    }
}

} // namespace record_codec_test
