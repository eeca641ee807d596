// SPDX-License-Identifier: MIT
#include "config/load.hpp"
#include "config/secrets.hpp"
#include "support/catch.hpp"
#include "unit/config/temp_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace config_load_test {

using support::TempFolder;

namespace {

config::Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional{found->second};
    };
}

std::string refusal(const std::filesystem::path& file) {
    try {
        (void)config::load(file, environment({{"PW", "from-env"}}));
    } catch (const core::ConfigError& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("a file with a literal secret must be its owner's alone") {
    const TempFolder folder;

    struct Case {
        std::string text{};
        std::string place{}; ///< empty: no secret in it
    };

    const std::vector<Case> cases{
        {"postgres: {dsn: \"host=h\", password: hunter2}", "1:27: postgres[0].password"},
        {"postgres: {dsn: \"postgresql://u:hunter2@h/d\"}", "1:12: postgres[0].dsn"},
        {"postgres: {dsn: \"host=h password=hunter2\"}", "1:12: postgres[0].dsn"},
        {"redis: {url: \"redis://:hunter2@h\"}", "1:9: redis[0].url"},
        {"grafana: {url: \"http://h\", bearer_token: hunter2}", "1:28: grafana.bearer_token"},
        {"redis: {url: \"redis://h\", password: \"${PW:-hunter2}\"}", "1:27: redis[0].password"},
        {"redis: {url: \"redis://h\", password: \"hunter2${PW}\"}", "1:27: redis[0].password"},
        {"endpoints: [{name: a, url: \"http://h\", headers: {X-Api-Key: hunter2}}]",
         "1:50: endpoints[0].headers.X-Api-Key"},
        {"redis: {url: \"redis://h\", password: \"${PW}\"}", ""},
        {"redis: {url: \"redis://:${PW}@h\"}", ""},
        {"postgres: {dsn: \"postgresql://u:${PW}@h/d\"}", ""},
        {"endpoints: [{name: a, url: \"http://h\", headers: {Accept: text/html}}]", ""},
        {"redis: {url: \"redis://h\"}", ""},
    };
    for (const auto& each : cases) {
        INFO(each.text);
        for (const mode_t mode : {0640U, 0604U, 0644U}) {
            const auto file = folder.write("c.yaml", each.text, mode);
            const auto name = file.string();
            const auto expected =
                each.place.empty()
                    ? std::string{}
                    : fmt::format(
                          "{}:{} is written out in a file that others can read; chmod 600 {}", name,
                          each.place, name);
            CHECK(refusal(file) == expected);
        }
        CHECK(refusal(folder.write("c.yaml", each.text, 0600)).empty());
    }
}

TEST_CASE("the chmod that mends a file can be pasted") {
    const TempFolder folder;
    const auto file = folder.write("it's mine.yaml", "redis: {url: \"redis://:x@h\"}", 0644);
    CHECK(refusal(file).ends_with("chmod 600 '" + folder.path().string() + "/it'\\''s mine.yaml'"));
    CHECK(config::shell_word("plain/path.yaml") == "plain/path.yaml");
    CHECK(config::shell_word("a b") == "'a b'");
    CHECK(config::shell_word("$(x)") == "'$(x)'");
    CHECK(config::shell_word("") == "''");
    CHECK(config::shell_word("-rf") == "./'-rf'");
}

TEST_CASE("all problems of a file are in the error, one a line") {
    const TempFolder folder;
    const auto file =
        folder.write("c.yaml", "a: 1\nthresholds: {cpu: 80}\nredis: {url: \"redis://:x@h\"}", 0644);
    const auto text = refusal(file);
    CHECK(std::ranges::count(text, '\n') == 2);
    CHECK(text.find(":1:1: unknown key 'a'") != std::string::npos);
    CHECK(text.find(":2:14: thresholds.cpu is a share: write 80%") != std::string::npos);
    CHECK(text.find(":3:9: redis[0].url is written out") != std::string::npos);
}

TEST_CASE("secrets come from files beside the configuration") {
    const TempFolder folder;
    folder.write("secrets/pw", "s3cret\n");
    folder.write("secrets/crlf", "s3cret\r\n");
    folder.write("secrets/two", "s3cret\n\n");
    const auto file = folder.write("c.yaml", R"(
postgres: {dsn: "host=h", password: "file:secrets/pw"}
redis: {url: "redis://h", password: "file:${DIR}/crlf"}
grafana: {url: "http://h", password: "file:secrets/two"}
alertmanager: {url: "http://h", password: "${FILE}"}
)",
                                   0644);
    const auto config = config::load(
        file,
        environment({{"DIR", (folder.path() / "secrets").string()}, {"FILE", "file:/etc/shadow"}}));
    CHECK(config.postgres.at(0).password.reveal() == "s3cret");
    CHECK(config.redis.at(0).password.reveal() == "s3cret");
    CHECK(config.grafana.value().password.reveal() == "s3cret\n");
    CHECK(config.alertmanager.value().password.reveal() == "file:/etc/shadow");
}

TEST_CASE("a secret's file that can't be used is told by its path, never by its content") {
    const TempFolder folder;
    CHECK(config::read_secret(folder.write("empty", "\n")).error().ends_with("/empty is empty"));
    CHECK(config::read_secret(folder.write("zero", std::string{"hunter2\0x", 9}))
              .error()
              .ends_with("/zero holds a zero byte"));
    CHECK(config::read_secret(folder.write("large", std::string(100'000, 'h')))
              .error()
              .ends_with("/large: larger than 65536 bytes"));
    REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
    CHECK(config::read_secret(folder.path() / "pipe")
              .error()
              .ends_with("/pipe: it is not a regular file"));
    if (::geteuid() != 0) {
        CHECK(config::read_secret(folder.write("closed", "hunter2", 0000))
                  .error()
                  .ends_with("/closed: Permission denied"));
    }
}

TEST_CASE("a configuration that can't be read is told by its path") {
    const TempFolder folder;
    CHECK(refusal(folder.path()) == folder.path().string() + ": it is a folder");
    CHECK(refusal(folder.path() / "none")
          == (folder.path() / "none").string() + ": No such file or directory");
    CHECK(refusal("/dev/zero") == "/dev/zero: it is not a regular file");
    const auto large = folder.write("large.yaml", std::string(1'100'000, '#'));
    CHECK(refusal(large) == large.string() + ": larger than 1048576 bytes");
}

TEST_CASE("the configuration file is looked for in its places, in order") {
    const TempFolder folder;
    const auto start = std::filesystem::current_path();
    const auto named = folder.write("named.yaml", "");
    const auto in_env = folder.write("env.yaml", "");
    const auto xdg = folder.write("xdg/gallery-ops/config.yaml", "");
    const auto home = folder.write("home/.config/gallery-ops/config.yaml", "");
    std::filesystem::create_directory(folder.path() / "cwd");
    std::filesystem::current_path(folder.path() / "cwd");
    const std::string root = folder.path().string();
    const auto full = environment({{"GALLERY_OPS_CONFIG", in_env.string()},
                                   {"XDG_CONFIG_HOME", root + "/xdg"},
                                   {"HOME", root + "/home"}});
    const auto no_variable = environment(
        {{"GALLERY_OPS_CONFIG", ""}, {"XDG_CONFIG_HOME", root + "/xdg"}, {"HOME", root}});

    CHECK(config::find_file(named, full) == named);
    CHECK(config::find_file(std::nullopt, full) == in_env);
    CHECK(config::find_file(std::nullopt, no_variable) == xdg);
    CHECK(config::find_file(std::nullopt, environment({{"HOME", root + "/home"}})) == home);
    CHECK(config::find_file(std::nullopt,
                            environment({{"XDG_CONFIG_HOME", "xdg"}, {"HOME", root + "/home"}}))
          == home);
    folder.write("cwd/gallery-ops.yaml", "");
    CHECK(config::find_file(std::nullopt, no_variable) == "gallery-ops.yaml");
    CHECK(config::find_file(std::nullopt, full) == in_env);
    CHECK_THROWS_AS(config::find_file(folder.path() / "none", full), core::ConfigError);
    CHECK_THROWS_WITH(
        config::find_file(std::nullopt, environment({{"GALLERY_OPS_CONFIG", "/no/where.yaml"}})),
        "/no/where.yaml: no such file (named by $GALLERY_OPS_CONFIG)");
    std::filesystem::current_path(start);
}

} // namespace config_load_test
