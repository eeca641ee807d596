// SPDX-License-Identifier: MIT
// What Prometheus did not tell must not read as well, and must not vanish.
#include "unit/health/support.hpp"

#include <functional>

namespace health_monitoring_judges_test {

using namespace std::chrono_literals;
using core::ErrorKind;
using core::Verdict;
using sample::find;
using sample::observed;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

core::Error error(ErrorKind kind, std::string reason = "HTTP 400: parse error") {
    return {.kind = kind, .reason = std::move(reason), .hint = "correct it"};
}

facts::Prometheus prometheus() {
    facts::Prometheus made;
    made.ready = true;
    made.version = "2.53";
    made.rules = 4;
    made.targets = {{.job = "api", .instance = "api:8080", .health = "up"}};
    return made;
}

facts::Observations with(const facts::Prometheus& server) {
    auto seen = sample::observations();
    seen.prometheus = {observed("prometheus", server)};
    return seen;
}

std::vector<core::Finding> judged(const facts::Prometheus& server) {
    return health::judge(with(server), config::Config{});
}

facts::Prometheus rate(facts::ErrorRate rate) {
    auto made = prometheus();
    made.error_rate_metric = "http_requests_total";
    rate.service = "api";
    made.error_rates = {rate};
    return made;
}

/// A count within five minutes.
facts::ErrorRate counted(double requests, double errors) {
    return {.requests_per_second = requests / 300, .errors_per_second = errors / 300};
}

facts::PastSeries usually(double value, const char* unit) {
    facts::PastSeries made{.unit = unit};
    for (int i = 48; i > 0; --i)
        made.samples.push_back({sample::k_now - std::chrono::hours{i}, value, Verdict::ok});
    return made;
}

} // namespace

TEST_CASE("a question that Prometheus can't answer is unknown, with its reason") {
    struct Row {
        const char* id;
        std::function<void(facts::Prometheus&)> spoil;
    };

    const auto failed = error(ErrorKind::protocol);
    const std::vector<Row> rows{
        {"health.rules.prometheus",
         [&](auto& p) {
             p.rules.reset();
             p.problems.rules = failed;
         }},
        {"health.error-rate.prometheus", [&](auto& p) { p.problems.error_rates = failed; }},
        {"health.gan-generation.generation", [&](auto& p) { p.problems.generation = failed; }},
        {"health.gan-queue.queue", [&](auto& p) { p.problems.queue = failed; }},
        {"health.gpu.dcgm", [&](auto& p) { p.problems.gpus = failed; }},
    };
    for (const auto& row : rows) {
        auto server = prometheus();
        row.spoil(server);
        const auto found = find(judged(server), row.id);
        INFO(row.id);
        CHECK(core::name(found.verdict) == "unknown");
        CHECK(holds(found.message, "HTTP 400: parse error"));
        CHECK(found.remediation == "correct it");
    }
}

TEST_CASE("a broken query is told although the access logs know") {
    auto server = prometheus();
    server.problems.error_rates = error(ErrorKind::protocol);
    auto seen = with(server);
    seen.access_logs = {observed("web", facts::AccessLog{5min, 400, 200, 0})};
    seen.access_logs[0].service = "web";
    const auto findings = health::judge(seen, config::Config{});
    CHECK(find(findings, "health.error-rate.web").verdict == Verdict::ok);
    CHECK(find(findings, "health.error-rate.prometheus").verdict == Verdict::unknown);
}

TEST_CASE("a server without pages of rules and targets is not accused of having none") {
    auto server = prometheus();
    server.targets.clear();
    server.rules.reset();
    server.problems.targets = error(ErrorKind::missing, "HTTP 404");
    server.problems.rules = error(ErrorKind::missing, "HTTP 404");
    const auto findings = judged(server);
    for (const auto* id : {"health.rules.prometheus", "health.scrape.prometheus"}) {
        CHECK(core::name(find(findings, id).verdict) == "skipped");
        CHECK(holds(find(findings, id).message, "HTTP 404"));
    }
    const auto found = find(findings, "health.prometheus.prometheus");
    CHECK(found.verdict == Verdict::ok);
    CHECK(holds(found.message, "targets not told, rules not told"));
    CHECK_FALSE(found.measured);
}

TEST_CASE("what a starting Prometheus does not tell yet follows from that") {
    const auto findings = judged(facts::Prometheus{});
    CHECK(find(findings, "health.prometheus.prometheus").verdict == Verdict::critical);
    for (const auto* id :
         {"health.rules.prometheus", "health.scrape.prometheus", "health.error-rate.prometheus"}) {
        const auto found = find(findings, id);
        INFO(id);
        CHECK(core::name(found.verdict) == "unknown");
        CHECK(found.caused_by == std::vector<std::string>{"health.prometheus.prometheus"});
    }
}

TEST_CASE("a server that counts no request says which of two reasons it has") {
    auto server = prometheus();
    auto found = find(judged(server), "health.error-rate.prometheus");
    CHECK(found.verdict == Verdict::skipped);
    CHECK(holds(found.message, "set prometheus.error_rate_query"));
    server.error_rate_metric = "error_rate_query";
    found = find(judged(server), "health.error-rate.prometheus");
    CHECK(found.verdict == Verdict::skipped);
    CHECK(found.message == "error_rate_query tells of no request in 5 min");
}

TEST_CASE("few requests are judged when many of them failed") {
    struct Row {
        double requests;
        double errors;
        Verdict verdict;
    };

    for (const auto& row : {Row{19, 19, Verdict::critical}, Row{19, 5, Verdict::critical},
                            Row{19, 4, Verdict::skipped}, Row{4, 4, Verdict::skipped},
                            Row{20, 0, Verdict::ok}, Row{1000, 4, Verdict::ok}}) {
        CAPTURE(row.requests, row.errors);
        const auto found =
            find(judged(rate(counted(row.requests, row.errors))), "health.error-rate.api");
        CHECK(core::name(found.verdict) == core::name(row.verdict));
    }
}

TEST_CASE("a bare share is judged as one, without made-up counts") {
    struct Row {
        double share;
        Verdict verdict;
    };

    for (const auto& row :
         {Row{0, Verdict::ok}, Row{0.02, Verdict::warning}, Row{0.5, Verdict::critical},
          Row{1, Verdict::critical}, Row{2, Verdict::unknown}, Row{-0.1, Verdict::unknown}}) {
        CAPTURE(row.share);
        auto server = rate({.share = row.share});
        server.window = 10s; // of which the query knows nothing
        const auto found = find(judged(server), "health.error-rate.api");
        CHECK(core::name(found.verdict) == core::name(row.verdict));
        CHECK(found.message.find(" of ") == found.message.rfind(" of "));
        CHECK(holds(found.message, "error_rate_query"));
    }
}

TEST_CASE("a bare share is held against its past") {
    auto seen = with(rate({.share = 0.005}));
    seen.past = facts::Past{};
    seen.past->series["health.error-baseline.api"] = usually(0, "%");
    CHECK(sample::judge_one(seen, "health.error-baseline.api").verdict == Verdict::warning);
    seen.prometheus[0].result->error_rates[0].share = 0;
    CHECK(sample::judge_one(seen, "health.error-baseline.api").verdict == Verdict::ok);
}

TEST_CASE("a log that was cut is said to be judged by its newest lines") {
    auto seen = sample::observations();
    seen.access_logs = {observed("web", facts::AccessLog{5min, 20000, 20000, 4, 0, true})};
    seen.access_logs[0].service = "web";
    const auto found = sample::judge_one(seen, "health.error-rate.web");
    CHECK(holds(found.message, "4 of 20000 with 5xx in the newest 20000 log lines"));
    CHECK(holds(found.message, "access log, which holds more of the last 5 min"));
}

TEST_CASE("a p95 at the end of its histogram is at least that") {
    struct Row {
        double p95;
        std::optional<double> end;
        Verdict verdict;
        const char* words;
    };

    const std::vector<Row> rows{
        {10, 10, Verdict::unknown, "at least 10 s: the histogram ends there"},
        {9.9, 10, Verdict::ok, "generation time 9.9 s over"},
        {10, std::nullopt, Verdict::ok, "generation time 10 s over"},
        {0.2, 16, Verdict::ok, "generation time 200 ms over"},
        {60, 60, Verdict::warning, "generation time at least 1 min over"},
        {40, 60, Verdict::warning, "generation time 40 s over"},
        {1e300, std::nullopt, Verdict::warning, "generation time"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.p95);
        auto server = prometheus();
        server.generation_p95 = row.p95;
        server.generation_end = row.end;
        const auto found = find(judged(server), "health.gan-generation.generation");
        CHECK(core::name(found.verdict) == core::name(row.verdict));
        CHECK(holds(found.message, row.words));
    }
}

TEST_CASE("GPUs of other hosts are judged beside those of this one, each once") {
    auto seen = with(prometheus());
    seen.host = {observed("host", facts::Host{})};
    seen.host[0].result->name = "here";
    seen.gpus = {observed("gpu", facts::Gpus{.source = "NVML", .all = {{.id = "0"}}})};
    seen.gpus[0].result->all[0].uuid = "aa";
    auto& exported = seen.prometheus[0].result->gpus;
    exported = {{.id = "container7:0"}, {.id = "node7:0", .last_xid = 79}};
    exported[0].uuid = "aa";
    exported[1].uuid = "bb";
    auto findings = health::judge(seen, config::Config{});
    CHECK(sample::has(findings, "health.gpu.0"));
    CHECK(find(findings, "health.gpu.node7:0").verdict == Verdict::warning);
    CHECK_FALSE(sample::has(findings, "health.gpu.container7:0"));

    exported = {{.id = "here:0"}, {.id = "0"}, {.id = "node7:0"}}; // without UUIDs, by the names
    findings = health::judge(seen, config::Config{});
    CHECK_FALSE(sample::has(findings, "health.gpu.here:0"));
    CHECK(sample::has(findings, "health.gpu.node7:0"));
}

TEST_CASE("a driver that hangs is told although Prometheus knows other GPUs") {
    auto seen = with(prometheus());
    seen.gpus = {sample::failed<facts::Gpus>("gpu", ErrorKind::timeout)};
    seen.prometheus[0].result->gpus = {{.id = "node7:0"}};
    const auto findings = health::judge(seen, config::Config{});
    CHECK(find(findings, "health.gpu.gpu").verdict == Verdict::unknown);
    CHECK(find(findings, "health.gpu.node7:0").verdict == Verdict::ok);
    seen.gpus = {sample::failed<facts::Gpus>("gpu", ErrorKind::missing)};
    CHECK_FALSE(sample::has(health::judge(seen, config::Config{}), "health.gpu.gpu"));
}

} // namespace health_monitoring_judges_test
