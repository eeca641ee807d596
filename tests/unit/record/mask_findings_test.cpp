// SPDX-License-Identifier: MIT
#include "core/mask.hpp"
#include "record/mask_findings.hpp"
#include "support/catch.hpp"
#include "unit/health/support.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace record_mask_findings_test {
namespace {

using core::Secret;

facts::Observations gallery() {
    auto api = sample::container("api");
    api.environment = {{"DATABASE_URL", Secret{"postgres://gallery:c0rrect-horse@postgres/g"}},
                       {"API_TOKEN", Secret{"tok-12345"}},
                       {"ADMIN_PASSWORD", Secret{"password"}},
                       {"POSTGRES_PASSWORD", Secret{"postgres"}}};
    api.command = {"redis-server", "--requirepass", "gan-queue-9"};
    return sample::with_containers({api, sample::container("postgres")});
}

core::Finding finding(std::string message) {
    core::Finding made;
    made.id = "health.docker.api";
    made.verdict = core::Verdict::critical;
    made.message = std::move(message);
    return made;
}

std::string masked_message(const std::string& message, const config::Config& config = {}) {
    std::vector<core::Finding> findings{finding(message)};
    record::mask_findings(findings, config, gallery());
    return findings[0].message;
}

} // namespace

TEST_CASE("what targets print of their secrets is masked in findings") {
    auto made = finding("HTTP 302; it points to https://u:p4ss@sso/login?code=1&access_token=abc");
    made.evidence = {
        {"log", "could not connect: postgresql://app:S3CRET@postgres:5432/art"},
        {"log", "cut: postgresql://app:S3CR"},
        {"health-check", "login with c0rrect-horse refused"},
        {"http", R"({"token": "abc", "status": "down"})"},
        {"log", "Authorization: Bearer x.y.z"},
    };
    made.remediation = "docker logs api; log in as http://u:p4ss@host with tok-12345";
    made.target = "https://mainnet.example/v3/0123456789abcdef0123456789abcdef";
    std::vector<core::Finding> findings{made};
    record::mask_findings(findings, {}, gallery());
    const auto& masked = findings[0];
    CHECK(masked.message
          == "HTTP 302; it points to https://u:***@sso/login?code=1&access_token=***");
    CHECK(masked.evidence[0].text == "could not connect: postgresql://app:***@postgres:5432/art");
    CHECK(masked.evidence[1].text == "cut: postgresql://app:***");
    CHECK(masked.evidence[2].text == "login with *** refused");
    CHECK(masked.evidence[3].text == R"({"token": "***", "status": "down"})");
    CHECK(masked.evidence[4].text == "Authorization: ***");
    CHECK(masked.remediation == "docker logs api; log in as http://u:***@host with ***");
    CHECK(masked.target == "https://mainnet.example/v3/***");
    CHECK(masked.verdict == made.verdict);
}

TEST_CASE("what is no secret stays in findings as it was") {
    for (const char* message :
         {"password authentication failed for user \"gallery\"", "redis://:***@cache:6379/0",
          "http://api:8080/health answers 503", "postgres: exited 25 s ago, exit code 1",
          "image sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          "peer 12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf is gone",
          "http://web:3000 -> http://[::1]:3000/x", "xtok-123456 is another word",
          "a token is needed; set prometheus.bearer_token", ""}) {
        INFO(message);
        CHECK(masked_message(message) == message);
    }
}

TEST_CASE("secrets of the configuration are masked in findings") {
    config::Config config;
    config.redis.emplace_back().password = Secret{"r3dis-pw"};
    config.notify.webhooks.push_back({.name = "chat", .url = Secret{"https://chat/T0/B0/x"}});
    auto& endpoint = config.endpoints.emplace_back();
    endpoint.headers = {{"Authorization", Secret{"Bearer s1gned"}},
                        {"Accept", Secret{"application/json"}}};
    CHECK(masked_message("WRONGPASS r3dis-pw", config) == "WRONGPASS ***");
    CHECK(masked_message("POST https://chat/T0/B0/x", config) == "POST ***");
    CHECK(masked_message("s1gned is no token", config) == "*** is no token");
    CHECK(masked_message("expected application/json", config) == "expected application/json");
}

TEST_CASE("masking the findings of a gallery takes no time that anyone notices") {
    facts::Observations seen;
    std::vector<facts::Container> containers;
    for (int i = 0; i < 17; ++i) {
        auto one = sample::container("service" + std::to_string(i));
        for (int j = 0; j < 30; ++j)
            one.environment["VARIABLE_" + std::to_string(j)] = Secret{std::string(60, 'x')};
        one.environment["DB_PASSWORD"] = Secret{"s3cret-" + std::to_string(i)};
        containers.push_back(std::move(one));
    }
    seen = sample::with_containers(std::move(containers));
    std::vector<core::Finding> findings;
    for (int i = 0; i < 120; ++i)
        findings.push_back(finding("running for 3 days, health check passed, 84 of 256 MiB"));
    for (int i = 0; i < 3; ++i)
        findings[0].evidence.push_back({"log", std::string(2000, 'a')});
    const auto began = std::chrono::steady_clock::now();
    record::mask_findings(findings, {}, seen);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds{100});
}

} // namespace record_mask_findings_test
