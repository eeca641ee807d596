// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "health/catalogue.hpp"
#include "record/codec.hpp"
#include "record/scrub.hpp"
#include "support/catch.hpp"
#include "unit/health/support.hpp"
#include "unit/record/filled.hpp"

namespace record_scrub_test {

using core::Secret;

namespace {

constexpr const char* k_secret = "c0rrect-horse";

/// A gallery whose every corner holds the secret.
record::Recording leaky() {
    record::Recording recording;
    recording.head.run.run_id = "1";
    auto api = sample::container("api");
    api.state = facts::ContainerState::exited;
    api.exit_code = 1;
    api.environment = {
        {"DATABASE_URL", Secret{"postgres://gallery:c0rrect-horse@postgres:5432/gallery"}},
        {"QUEUE", Secret{"redis"}},
        {"REDIS_ADDRESS", Secret{"cache:6379"}},
        {"DSN", Secret{"host=ipfs password=c0rrect-horse"}},
        {"ADMIN_PASSWORD", Secret{"gan-service"}},
        {"API_TOKEN", Secret{k_secret}},
        {"GREETING", Secret{"hello"}},
    };
    api.command = {"run-the-api", "--token", k_secret};
    api.labels = {{"com.docker.compose.depends_on", "traffic:service_started:false"},
                  {"traefik.http.auth", k_secret}};
    api.error = "c0rrect-horse is wrong";
    api.last_log = {"connection refused; tried c0rrect-horse", "-----BEGIN PRIVATE KEY-----",
                    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----", "bye"};
    api.health_log = {{.ended = sample::k_now, .exit_code = 1, .output = "token=other5ecret"}};
    auto redis = sample::container("redis");
    redis.aliases = {"cache"};
    std::vector<facts::Container> all{api, redis};
    for (const char* name : {"postgres", "ipfs", "gan-service", "traffic"})
        all.push_back(sample::container(name));
    all[2].state = facts::ContainerState::exited;
    all[2].exit_code = 137;
    recording.seen = sample::with_containers(std::move(all));

    facts::Http answer;
    answer.status = 200;
    answer.headers = {{"set-cookie", k_secret},
                      {"x-powered-by", "x"},
                      {"server", "nginx"},
                      {"x-build", "token=c0rrect-horse"}};
    answer.body = R"({"status": "ok", "token": "c0rrect-horse"})";
    recording.seen.endpoints.push_back(sample::observed("api", answer));
    auto& endpoint = recording.config.endpoints.emplace_back();
    endpoint.name = "api";
    endpoint.url = "http://u:c0rrect-horse@127.0.0.1:8080/health";
    endpoint.headers = {{"authorization", Secret{k_secret}}};
    endpoint.expect_headers = {{"X-Build", "token="}};
    endpoint.expect_body = "\"status\": \"ok\"";
    auto& postgres = recording.config.postgres.emplace_back();
    postgres.dsn = "host=127.0.0.1 password=c0rrect-horse";
    postgres.password = Secret{k_secret};
    recording.config.redis.emplace_back().password = Secret{k_secret};
    recording.config.prometheus.emplace().bearer_token = Secret{k_secret};
    recording.config.grafana.emplace().password = Secret{k_secret};
    recording.seen.redis.push_back(
        sample::failed<facts::Redis>("redis", core::ErrorKind::auth, core::Phase::login));
    recording.seen.redis.back().result.error().reason = "WRONGPASS c0rrect-horse";
    recording.head.environment = {{"DOCKER_HOST", "tcp://a:c0rrect-horse@host:2375"}};
    return recording;
}

std::string all_text(const record::Recording& recording) {
    const auto files = record::encode(recording);
    return files.head + files.config + files.observations;
}

} // namespace

TEST_CASE("no secret is left in a recording") {
    auto recording = leaky();
    record::scrub(recording);
    const auto text = all_text(recording);
    for (const char* secret :
         {k_secret, "other5ecret", "MIIEvQ", "hello", "run-the-api", "traefik"}) {
        INFO(secret);
        CHECK(text.find(secret) == std::string::npos);
    }
    CHECK(text.find("connection refused; tried ***") != std::string::npos);
    CHECK(text.find("\"server\": \"nginx\"") != std::string::npos);
    CHECK(text.find("x-powered-by") == std::string::npos);
}

TEST_CASE("scrubbing twice changes nothing more") {
    auto recording = leaky();
    record::scrub(recording);
    const auto once = all_text(recording);
    record::scrub(recording);
    CHECK(all_text(recording) == once);
}

TEST_CASE("the causes are the same after scrubbing") {
    auto recording = leaky();
    const auto before = cause::dependencies(recording.seen);
    record::scrub(recording);
    const auto after = cause::dependencies(recording.seen);
    const std::set<std::string> needed{"ipfs", "postgres", "redis", "traffic"};
    CHECK(after.needs.at("api") == needed);
    // What only a password says is no dependency.
    auto expected = before;
    expected.needs["api"].erase("gan-service");
    CHECK(after.needs == expected.needs);

    auto findings = health::judge(recording.seen, recording.config);
    cause::annotate(findings, after);
    CHECK(sample::find(findings, "health.docker.api").caused_by
          == std::vector<std::string>{"health.docker.postgres", "health.redis.redis"});
}

TEST_CASE("no verdict changes by scrubbing") {
    auto recording = leaky();
    auto& endpoint = recording.config.endpoints[0];
    for (const char* pattern :
         {"\"status\": \"ok\"", "c0rrect-horse", "re:c0r+ect", "re:nothing"}) {
        endpoint.expect_body = pattern;
        auto copy = recording;
        const auto before = health::judge(copy.seen, copy.config);
        record::scrub(copy);
        const auto after = health::judge(copy.seen, copy.config);
        INFO(pattern);
        REQUIRE(after.size() == before.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            INFO(after[i].id << ": " << after[i].message);
            CHECK(after[i].id == before[i].id);
            CHECK(after[i].verdict == before[i].verdict);
        }
    }
}

TEST_CASE("a password that is part of a name hides no name") {
    auto recording = leaky();
    recording.config.postgres[0].password = Secret{"gallery"};
    recording.config.redis[0].password = Secret{"postgres"};
    record::scrub(recording);
    CHECK(recording.seen.engines[0].result->containers[2].name == "gallery_postgres_1");
    CHECK(recording.seen.engines[0].result->containers[2].service == "postgres");
}

TEST_CASE("whatever a recording holds, scrubbing it ends and repeats") {
    for (const auto results : {sample::Filler::Results::values, sample::Filler::Results::errors}) {
        auto recording = sample::filled(results);
        record::scrub(recording);
        const auto once = all_text(recording);
        record::scrub(recording);
        CHECK(all_text(recording) == once);
    }
}

} // namespace record_scrub_test
