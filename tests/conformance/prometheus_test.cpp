// SPDX-License-Identifier: MIT
#include "probe/monitoring.hpp"
#include "support/catch.hpp"
#include "support/sound.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace prometheus_test {

// Questions of which a Prometheus answers some and not others.

namespace {

using namespace std::chrono_literals;
using core::ErrorKind;
using hostile::http_answer;

/// A word of a query → the whole answer to it.
using Answers = std::map<std::string, std::string>;

std::string vector_of(std::string_view samples) {
    return http_answer(200, R"({"status": "success", "data": {"resultType": "vector", "result": [)"
                                + std::string{samples} + "]}}");
}

std::string sample(std::string_view labels, std::string_view value) {
    return R"({"metric": {)" + std::string{labels} + R"(}, "value": [1, ")" + std::string{value}
           + R"("]})";
}

const std::string k_parse_error = http_answer(400, R"({"status": "error", "errorType": "bad_data",
                         "error": "1:5: parse error: unexpected <)>"})");

/// A sound Prometheus, with other answers to the queries that hold a word.
hostile::Behaviour server(sound::Routes routes, Answers answers) {
    return [routes = std::move(routes), answers = std::move(answers)](hostile::Connection& client) {
        const auto request = sound::read_request(client);
        const auto target = request.substr(0, request.find("\r\n"));
        auto path = target.substr(std::min(target.size(), std::size_t{4}));
        path = path.substr(0, path.find_first_of(" ?"));
        auto found = routes.find(path);
        std::string answer =
            found == routes.end() ? http_answer(404, "404 page not found") : found->second;
        if (path == "/api/v1/query") {
            for (const auto& [word, one] : answers)
                if (target.find(word) != std::string::npos) answer = one;
        }
        client.send(answer);
        client.end();
    };
}

core::Result<facts::Prometheus> observe(
    const Answers& answers, config::Prometheus target = {},
    const std::function<void(sound::Routes&)>& spoil = [](auto&) {}) {
    auto routes = sound::routes(faults::Protocol::prometheus);
    spoil(routes);
    const hostile::Server prometheus{server(routes, answers)};
    target.url = "http://127.0.0.1:" + std::to_string(prometheus.port());
    return probe::observe_prometheus(target, core::Deadline::after(20s), {});
}

} // namespace

TEST_CASE("a configured query with a mistake is told with its reason and its key") {
    config::Prometheus target;
    target.error_rate_query = "broken_rate(";
    target.generation_query = "broken_time(";
    const auto facts = observe({{"broken_", k_parse_error}}, target);
    if (!facts) FAIL(core::describe(facts.error()));
    CHECK(facts->ready);
    REQUIRE(facts->problems.error_rates);
    CHECK(facts->problems.error_rates->reason == "HTTP 400: 1:5: parse error: unexpected <)>");
    CHECK(facts->problems.error_rates->hint.find("prometheus.error_rate_query")
          != std::string::npos);
    REQUIRE(facts->problems.generation);
    CHECK(facts->problems.generation->hint.find("prometheus.generation_query")
          != std::string::npos);
    CHECK_FALSE(facts->problems.rules);
    CHECK(facts->rules == 1);
}

TEST_CASE("a question of ours that is not answered is told as that one") {
    const auto facts = observe({{"gan_queue", k_parse_error}, {"DCGM", k_parse_error}});
    if (!facts) FAIL(core::describe(facts.error()));
    CHECK(facts->problems.queue);
    CHECK(facts->problems.gpus);
    CHECK_FALSE(facts->problems.error_rates);
    CHECK_FALSE(facts->problems.generation);
}

TEST_CASE("a configured share comes without counts") {
    config::Prometheus target;
    target.error_rate_query = "my_share";
    const auto facts = observe({{"my_share", vector_of(sample(R"("service": "api")", "0.25") + ","
                                                       + sample(R"("service": "idle")", "NaN"))}},
                               target);
    if (!facts) FAIL(core::describe(facts.error()));
    REQUIRE(facts->error_rates.size() == 1);
    CHECK(facts->error_rates[0].share == 0.25);
    CHECK(facts->error_rates[0].requests_per_second == 0);
}

TEST_CASE("rules that are not told cost nothing else") {
    struct Row {
        std::string answer;
        ErrorKind kind;
    };

    const Row k_rows[] = {
        {http_answer(404, "404 page not found", "text/plain"), ErrorKind::missing},
        {http_answer(404, R"({"status": "error", "error": "no such page"})"), ErrorKind::missing},
        {http_answer(503, "Service Unavailable", "text/plain"), ErrorKind::protocol},
        {http_answer(200, R"({"status": "success", "data": {"groups": [7]}})"),
         ErrorKind::protocol},
    };
    for (const auto& row : k_rows) {
        CAPTURE(row.answer);
        const auto facts =
            observe({}, {}, [&](auto& routes) { routes["/api/v1/rules"] = row.answer; });
        if (!facts) FAIL(core::describe(facts.error()));
        CHECK_FALSE(facts->rules);
        REQUIRE(facts->problems.rules);
        CHECK(core::name(facts->problems.rules->kind) == core::name(row.kind));
        CHECK(facts->targets.size() == 1);
    }
}

TEST_CASE("a starting Prometheus tells neither rules nor targets, and has no problem with them") {
    const auto facts = observe({}, {}, [](auto& routes) {
        for (auto& [path, answer] : routes)
            answer = http_answer(503, "Service Unavailable", "text/plain");
    });
    if (!facts) FAIL(core::describe(facts.error()));
    CHECK_FALSE(facts->ready);
    CHECK_FALSE(facts->rules);
    CHECK(facts->problems == facts::PrometheusProblems{});
}

TEST_CASE("where the histogram of the generation time ends comes with its p95") {
    const auto exists = vector_of(sample(R"("__name__": "gan_generation_seconds_bucket")", "1"));
    auto facts =
        observe({{"count%20by", exists},
                 {"histogram_quantile",
                  vector_of(sample(R"("le": "5")", "1") + "," + sample(R"("le": "10")", "2") + ","
                            + sample(R"("le": "+Inf")", "4") + ","
                            + sample(R"("quantile": "0.95")", "10"))}});
    if (!facts) FAIL(core::describe(facts.error()));
    CHECK(facts->generation_p95 == 10);
    CHECK(facts->generation_end == 10);
    CHECK_FALSE(facts->generation_query.empty());

    facts = observe({{"count%20by", exists},
                     {"histogram_quantile", vector_of(sample(R"("le": "+Inf")", "4") + ","
                                                      + sample(R"("quantile": "0.95")", "NaN"))}});
    if (!facts) FAIL(core::describe(facts.error()));
    CHECK_FALSE(facts->generation_p95);
    REQUIRE(facts->problems.generation);
    CHECK(facts->problems.generation->reason == "the histogram has no finite bucket");
}

} // namespace prometheus_test
