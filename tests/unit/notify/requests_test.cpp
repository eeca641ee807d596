// SPDX-License-Identifier: MIT
#include "notify/requests.hpp"
#include "notify/target.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

namespace notify_requests_test {
namespace {

using namespace std::chrono_literals;
using core::Verdict;
using Json = nlohmann::json;

const core::Time k_now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 8h;

core::Finding finding(const char* id, Verdict verdict) {
    core::Finding made{.id = id, .verdict = verdict, .subject = "db", .message = "it is so"};
    made.component = "postgres";
    return made;
}

report::Report run(std::vector<core::Finding> findings) {
    report::Report made;
    made.command = "health";
    made.project = "gallery";
    made.host = "rembrandt";
    made.started_at = k_now;
    made.findings = std::move(findings);
    return made;
}

notify::News news_of(const report::Report& now,
                     const std::optional<std::vector<notify::Told>>& before) {
    return notify::news_of(now, before, {[](Verdict v) { return v > Verdict::ok; }});
}

notify::Told told(const char* id, Verdict verdict) {
    auto made = finding(id, verdict);
    made.since = k_now - 1h;
    return {made, k_now - 5min};
}

} // namespace

TEST_CASE("targets as --notify names them") {
    for (const char* text : {"alertmanager", "webhook:ops", "ping:a:b"}) {
        const auto target = notify::parse_target(text);
        REQUIRE(target);
        CHECK(target->text() == text);
    }
    for (const char* text : {"", "webhook", "webhook:", "ping:", "mail:ops", "Alertmanager"})
        CHECK_FALSE(notify::parse_target(text));
}

TEST_CASE("a dead man's switch is told of a failure where it can be") {
    config::Ping ping{.name = "cron", .url = core::Secret{"https://hc.example/1"}};
    CHECK(notify::ping_request(ping, 0).url == "https://hc.example/1");
    CHECK(notify::ping_request(ping, 2).url == "https://hc.example/1");
    ping.fail_url = core::Secret{"https://hc.example/1/fail"};
    CHECK(notify::ping_request(ping, 0).url == "https://hc.example/1");
    CHECK(notify::ping_request(ping, 3).url == "https://hc.example/1/fail");
    CHECK(notify::ping_request(ping, 2).method == "GET");
}

TEST_CASE("a webhook is sent words, ids and the whole report") {
    const config::Webhook hook{.name = "ops",
                               .url = core::Secret{"https://chat.example/s3cret"},
                               .headers = {{"X-Token", core::Secret{"t0ken"}}}};
    const auto now = run({finding("health.docker.db", Verdict::critical)});
    const auto request = notify::webhook_request(hook, now, news_of(now, std::nullopt), {});
    CHECK(request.method == "POST");
    CHECK(request.url == "https://chat.example/s3cret");
    CHECK(request.headers.at("X-Token").reveal() == "t0ken");
    CHECK(request.content_type == "application/json");
    const auto body = Json::parse(request.body);
    CHECK(body["verdict"] == "critical");
    CHECK(body["fresh"] == Json::array({"health.docker.db"}));
    CHECK(body["over"] == Json::array());
    CHECK(body["text"].get<std::string>().starts_with("CRITICAL gallery on rembrandt\n"));
    CHECK(body["report"]["schema"] == "gallery-ops/report/1");
    CHECK(request.body.find("s3cret") == std::string::npos);
}

TEST_CASE("an Alertmanager is sent what stands and what is over, and nothing of its own") {
    config::Monitor server;
    server.url = "http://127.0.0.1:9093/am";
    server.bearer_token = core::Secret{"t0ken"};
    const std::optional<std::vector<notify::Told>> before{
        {told("health.disk./", Verdict::warning), told("health.docker.db", Verdict::warning),
         told("health.http.api", Verdict::critical)}};
    auto follows = finding("health.http.api", Verdict::critical);
    follows.caused_by = {"health.docker.db"};
    const auto now = run({follows, finding("health.disk./", Verdict::ok),
                          finding("health.docker.db", Verdict::critical),
                          finding("health.alert.GalleryServiceDown.db", Verdict::critical),
                          finding("health.alertmanager.alertmanager", Verdict::critical)});
    const auto request = notify::alerts_request(server, now, news_of(now, before), 1h);
    CHECK(request.method == "POST");
    CHECK(request.url == "http://127.0.0.1:9093/am/api/v2/alerts");
    const auto alerts = Json::parse(request.body);
    REQUIRE(alerts.size() == 4);
    CHECK(alerts[0]["labels"]
          == Json{{"alertname", "GalleryOps"},
                  {"source", "gallery-ops"},
                  {"check", "health.docker.db"},
                  {"severity", "critical"},
                  {"host", "rembrandt"},
                  {"project", "gallery"},
                  {"service", "postgres"}});
    CHECK(alerts[0]["annotations"]["summary"] == "db: it is so");
    CHECK(alerts[0]["startsAt"] == "2026-03-04T07:00:00Z"); // the trouble's beginning
    CHECK(alerts[0]["endsAt"] == "2026-03-04T09:00:00Z");
    CHECK(alerts[1]["labels"]["check"] == "health.http.api"); // told once, a consequence now
    CHECK(alerts[1]["endsAt"] == "2026-03-04T09:00:00Z");
    CHECK(alerts[2]["labels"]["check"] == "health.disk./");
    CHECK(alerts[2]["endsAt"] == "2026-03-04T08:00:00Z");
    CHECK(alerts[3]["labels"]["severity"] == "warning");
    CHECK(alerts[3]["labels"]["check"] == "health.docker.db");
    CHECK(alerts[3]["endsAt"] == "2026-03-04T08:00:00Z");
}

} // namespace notify_requests_test
