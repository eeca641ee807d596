// SPDX-License-Identifier: MIT
#include "record/codec.hpp"
#include "record/each.hpp"
#include "record/scrub.hpp"
#include "support/catch.hpp"
#include "unit/record/filled.hpp"

#include <string>
#include <vector>

namespace record_config_secrets_test {
namespace {

std::string all_text(const record::Recording& recording) {
    const auto files = record::encode(recording);
    return files.head + files.config + files.observations;
}

} // namespace

TEST_CASE("no secret of any key of the configuration is left in a recording") {
    auto recording = sample::filled(sample::Filler::Results::values);
    std::vector<std::string> secrets;
    record::each_secret({}, recording.config, [&](std::string_view, core::Secret& secret) {
        secrets.push_back("s3cret-" + std::to_string(secrets.size()) + "-of-the-config");
        secret = core::Secret{secrets.back()};
    });
    CHECK(secrets.size() > 15);
    // A target may have printed each of them.
    auto& log = recording.seen.engines.at(0).result->containers.at(0).last_log;
    for (const auto& secret : secrets)
        log.push_back("refused " + secret);
    record::scrub(recording);
    const auto text = all_text(recording);
    for (const auto& secret : secrets) {
        INFO(secret);
        CHECK(text.find(secret) == std::string::npos);
    }
}

TEST_CASE("webhooks and pings are recorded without what lets one post") {
    record::Recording recording;
    auto& hook = recording.config.notify.webhooks.emplace_back();
    hook.name = "chat";
    hook.url = core::Secret{"https://hooks.example/T0/B0/abcd"};
    hook.headers = {{"X-Team", core::Secret{"t0ken"}}};
    auto& ping = recording.config.notify.pings.emplace_back();
    ping.url = core::Secret{"https://hc.example/1"};
    ping.fail_url = core::Secret{"https://hc.example/1/fail"};
    record::scrub(recording);
    const auto text = all_text(recording);
    for (const char* secret : {"hooks.example", "t0ken", "hc.example"}) {
        INFO(secret);
        CHECK(text.find(secret) == std::string::npos);
    }
    CHECK(text.find("\"chat\"") != std::string::npos);
}

TEST_CASE("texts in sets are scrubbed too") {
    record::Recording recording;
    auto& service = recording.seen.compose.emplace().services["a"];
    service.given = {"restart", "environment.API_TOKEN=s3cret"};
    record::scrub(recording);
    CHECK(all_text(recording).find("s3cret") == std::string::npos);
    CHECK(recording.seen.compose->services["a"].given.count("restart") == 1);
}

} // namespace record_config_secrets_test
