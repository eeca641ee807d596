// SPDX-License-Identifier: MIT
// Where a mistake is told, and what counts as a secret that is written out.
#include "config/load.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace config_places_test {
namespace {

config::Loaded parse(const std::string& text) {
    const auto env = [](const std::string& name) -> std::optional<std::string> {
        if (name == "TOKEN") return "s3cret";
        return name == "URL" ? std::optional<std::string>{"https://h/s3cret"} : std::nullopt;
    };
    return config::parse(text, "/etc/gallery/gallery.yaml", env);
}

} // namespace

TEST_CASE("a mistake in a list is told at its item") {
    const auto loaded = parse("endpoints:\n"
                              "  - name: a\n"
                              "    url: http://h\n"
                              "    expect_status:\n"
                              "      - 200\n"
                              "      - 99\n"
                              "redis:\n"
                              "  - url: redis://h\n"
                              "    queues: [jobs, \"\"]\n");
    REQUIRE(loaded.errors.size() == 2);
    CHECK(config::describe(loaded.errors[0], "g")
          == "g:6:9: endpoints[0].expect_status[1] is an HTTP status code or a list of them: write "
             "[200, 204]");
    CHECK(config::describe(loaded.errors[1], "g") == "g:9:20: redis[0].queues[1] is empty");
}

TEST_CASE("a good list has the origin of its items, and its items none of their own") {
    const auto loaded =
        parse("endpoints: [{name: a, url: \"http://h\", expect_status: [200, 204]}]");
    CHECK(loaded.errors.empty());
    CHECK(loaded.config.origins.at("endpoints[0].expect_status") == config::Origin::file);
    CHECK(loaded.config.origins.count("endpoints[0].expect_status[0]") == 0);
}

TEST_CASE("what stands beside a reference is no secret that is written out") {
    const std::vector<std::pair<std::string, std::size_t>> rows{
        {"headers: {Authorization: \"Bearer ${TOKEN}\"}", 0},
        {"headers: {Authorization: \"Bearer ${NONE:-}${TOKEN}\"}", 0},
        {"headers: {Authorization: \"Bearer ${TOKEN:-t0ken}\"}", 1},
        {"headers: {Authorization: \"Bearer ${NONE:-t0ken}\"}", 1},
        {"headers: {Authorization: \"Bearer ${NONE:-${TOKEN:-t0ken}}\"}", 1},
        {"headers: {Authorization: \"Bearer t0ken\"}", 1},
        {"headers: {Accept: text/plain}", 0},
    };
    for (const auto& [headers, open] : rows) {
        INFO(headers);
        const auto loaded =
            parse("notify: {webhooks: [{name: log, url: \"${URL}\", " + headers + "}]}");
        CHECK(loaded.literal_secrets.size() == open);
    }
    CHECK(parse("notify: {pings: [{name: c, url: \"${URL}\", fail_url: \"${URL}/fail\"}]}")
              .literal_secrets.empty());
}

} // namespace config_places_test
