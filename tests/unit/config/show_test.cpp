// SPDX-License-Identifier: MIT
#include "config/discover.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "config/types.hpp"
#include "config/walk.hpp"
#include "support/catch.hpp"
#include "support/json_schema.hpp"
#include "unit/config/gallery_facts.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace config_show_test {
namespace {

std::optional<std::string> any_value(const std::string& name) {
    return "value-of-" + name;
}

std::optional<std::string> no_value(const std::string& /*name*/) {
    return std::nullopt;
}

config::Config parsed(const std::string& text, const config::Environment& env = no_value) {
    auto loaded = config::parse(text, "/c/gallery.yaml", env);
    for (const auto& problem : loaded.errors)
        UNSCOPED_INFO(config::describe(problem, "gallery.yaml") + "\n" + text);
    CHECK(loaded.errors.empty());
    return std::move(loaded.config);
}

/// Every value that is no secret, by its path.
std::map<std::string, std::string> values(config::Config config) {
    std::map<std::string, std::string> all;
    config::walk(config::fields_of(config), "", [&](const std::string& path, const auto& field) {
        if (field.type == config::Type::secret || field.type == config::Type::secrets
            || field.type == config::Type::secret_url)
            return;
        all[path] = config::format(field);
        if (const auto* texts = std::get_if<std::map<std::string, std::string>*>(&field.slot)) {
            for (const auto& [key, value] : **texts)
                all[path + "." + key] = value;
        }
    });
    return all;
}

config::Config full() {
    return parsed(R"(
project: "a b"
docker: {hosts: ["unix:///x.sock", {name: two, url: "tcp://h:1"}], compose_file: c.yml}
services: {migrate: {expected: completed, replicas: 0}, "odd name: x": {component: gan}}
endpoints:
  - {name: web, url: "http://h/?a=$$x&b=#c", headers: {Authorization: secret}, expect_status: [200, 204],
     expect_body: "re:\"a\": *$$", expect_headers: {Content-Type: "text/html; charset=utf-8"},
     max_latency: 1500ms, verify: false}
postgres: [{name: "no", dsn: "postgresql://u:hunter2@h/d"}]
redis: {url: "redis://u:hunter2@h:1/3", queues: [a, "b c", "1"]}
ipfs: []
prometheus: {url: "http://h/p", error_rate_query: "sum by (service) (rate(x{code=~\"5..\"}[5m]))\n/ 2"}
ethereum: {rpc: "http://h", chain_id: 1, contracts: [{name: a, address: "0x5FbDB2315678afecb367f032d93F642f64180aa3"}]}
thresholds: {cpu: 12.5%, latency: 1500ms, gas_price_gwei: 0.25}
sla: {a: {b: "99.9%"}, c: [x, y]}
owners: {"daily/log-review": "Team: A"}
contacts: {"Team: A": "a@b"}
)");
}

std::string read(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The YAML constructs of `full` as JSON, for the validator.
nlohmann::json as_json(const std::string& text) {
    return nlohmann::json::parse(text);
}

} // namespace

TEST_CASE("what is shown reads back as what is in force") {
    const auto config = full();
    const auto text = config::show(config);
    CHECK(text.find("hunter2") == std::string::npos);
    CHECK(text.find("secret") == std::string::npos);
    const auto again = parsed(text);
    CHECK(values(again) == values(config));
    CHECK(again.postgres.at(0).password.reveal() == "***");
    CHECK(again.given.ipfs);
    CHECK(values(parsed(config::show(config::Config{}))) == values(config::Config{}));
}

TEST_CASE("what is shown names the origin of each value") {
    auto config = parsed("project: p\nthresholds: {cpu: 70%}\nredis: {url: \"redis://:${PW}@h\"}\n",
                         any_value);
    config.prometheus.emplace().url = "http://127.0.0.1:9090";
    config.origins["prometheus.url"] = config::Origin::discovered;
    const auto text = config::show(config);
    const auto line = [&](const std::string& start) {
        const auto at = text.find(start);
        REQUIRE(at != std::string::npos);
        const auto full_line = text.substr(at, text.find('\n', at) - at);
        return full_line.substr(full_line.find("# "));
    };
    CHECK(text.starts_with("# /c/gallery.yaml\n"));
    CHECK(line("project: p") == "# gallery.yaml:1");
    CHECK(line("cpu: 70%") == "# gallery.yaml:2");
    CHECK(line("memory: 85%") == "# built in");
    CHECK(line("url: redis://h") == "# ${PW}");
    CHECK(line("password: \"***\"") == "# ${PW}");
    CHECK(line("url: http://127.0.0.1:9090") == "# discovered");
}

TEST_CASE("an initial configuration reads back as what was discovered") {
    config::Config start;
    start.project = "gallery";
    const auto found = config::discover(start, {support::engine(support::official_images())});
    const auto text = config::write_initial(found);
    const auto again = parsed(text, any_value);
    auto expected = values(found);
    for (const auto& [path, value] : values(again)) {
        INFO(path);
        CHECK(expected[path] == value);
        expected.erase(path);
    }
    CHECK(expected.empty());
    CHECK(again.postgres.at(0).password.reveal() == "value-of-POSTGRES_PASSWORD");
    CHECK(again.redis.at(0).password.reveal() == "value-of-REDIS_PASSWORD");
    CHECK(text.find("#   POSTGRES_PASSWORD\n") != std::string::npos);
    // Nothing is written that was not discovered.
    CHECK(text.find("docker:") == std::string::npos);
    CHECK(text.find("\nthresholds:") == std::string::npos);
    CHECK(text.find("# thresholds:\n") != std::string::npos);
    CHECK(config::parse(text, "x.yaml", no_value).literal_secrets.empty());
}

TEST_CASE("an initial configuration keeps the Engine that the environment named") {
    config::Config config;
    config.project = "p";
    config.docker.hosts = {{"local", "unix:///run/user/1000/docker.sock", {}}};
    config.origins["docker.hosts"] = config::Origin::discovered;
    CHECK(config::write_initial(config).find("docker.sock") == std::string::npos);
    config.origins["docker.hosts"] = config::Origin::environment;
    const auto again = parsed(config::write_initial(config));
    REQUIRE(again.docker.hosts.size() == 1);
    CHECK(again.docker.hosts[0].url == "unix:///run/user/1000/docker.sock");
}

TEST_CASE("two secrets never share a variable") {
    config::Config config;
    config.project = "p";
    for (const char* name : {"main", "Main", "1st", "ma.in", "ma-in"}) {
        config.postgres.push_back({name, "host=h", core::Secret{"x"}, ""});
        const auto path = "postgres[" + std::to_string(config.postgres.size() - 1) + "]";
        for (const char* key : {".name", ".dsn", ".password"})
            config.origins[path + key] = config::Origin::discovered;
    }
    const auto again = parsed(config::write_initial(config), any_value);
    std::map<std::string, int> seen;
    for (const auto& postgres : again.postgres)
        ++seen[postgres.password.reveal()];
    CHECK(seen.size() == 5);
}

TEST_CASE("the schema describes every key and allows no other") {
    const auto schema = nlohmann::json::parse(config::schema());
    CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    CHECK(schema["additionalProperties"] == false);
    int keys = 0;
    config::walk_known([&](const std::string& path, const config::Field& field) {
        INFO(path);
        ++keys;
        CHECK_FALSE(field.doc.empty());
        CHECK(field.doc.ends_with('.'));
    });
    CHECK(keys > 100);
    CHECK(schema["properties"]["thresholds"]["properties"]["cpu"]["default"] == "80%");
    CHECK(schema["properties"]["thresholds"]["properties"]["restarts"]["default"] == 3);
    for (const auto& [key, property] : schema["properties"].items()) {
        INFO(key);
        CHECK(property.contains("description"));
    }
}

TEST_CASE("the schema accepts what the parser accepts, and refuses what it refuses") {
    auto schema = nlohmann::json::parse(config::schema());
    // The validator of the tests knows the keywords that decide; these only describe.
    const auto strip = [](auto&& self, nlohmann::json& part) -> void {
        if (!part.is_structured()) return;
        if (part.is_object() && !part.contains("properties_of_a_test")) {
            for (const char* word : {"$schema", "$id", "title", "default", "patternProperties"}) {
                if (part.contains(word) && !part[word].is_object()) part.erase(word);
            }
            if (part.contains("description") && part["description"].is_string())
                part.erase("description");
        }
        for (auto& each : part)
            self(self, each);
    };
    schema.erase("patternProperties");
    strip(strip, schema);
    const std::vector<std::pair<std::string, bool>> cases{
        {R"({"project": "bar", "endpoints": [{"name": "web", "url": "http://127.0.0.1:1/health"}]})",
         true},
        {R"({"postgres": {"dsn": "host=h", "password": "${PW}"}})", true},
        {R"({"docker": {"hosts": ["unix:///x", {"url": "tcp://h:1"}]}})", true},
        {R"({"thresholds": {"cpu": "80%", "latency": "1s", "restarts": 3, "gas_price_gwei": 1.5}})",
         true},
        {R"({"endpoints": [{"name": "a", "url": "https://h", "expect_status": [200, 204], "verify": false}]})",
         true},
        {R"({"services": {"api": {"expected": "running", "replicas": 2}}})", true},
        {R"({"ethereum": {"rpc": "http://h", "chain_id": 31337, "contracts": [{"name": "a", "address": "0x5FbDB2315678afecb367f032d93F642f64180aa3"}]}})",
         true},
        {R"({"backups": {"sets": []}, "owners": {"a": "b"}})", true},
        {R"({"proyect": "x"})", false},
        {R"({"thresholds": {"cpu": 80}})", false},
        {R"({"thresholds": {"latency": 2}})", false},
        {R"({"endpoints": [{"name": "a"}]})", false},
        {R"({"redis": {"url": "http://h"}})", false},
        {R"({"services": {"api": {"expected": "up"}}})", false},
        {R"({"ethereum": {"rpc": "http://h", "contracts": [{"name": "a", "address": "0x12"}]}})",
         false},
    };
    for (const auto& [text, valid] : cases) {
        INFO(text);
        const auto problems = support::validate(as_json(text), schema);
        if (valid && !problems.empty()) UNSCOPED_INFO(problems.front());
        CHECK(problems.empty() == valid);
        // JSON is YAML: the parser must agree.
        const auto loaded = config::parse(text, "x.json", any_value);
        CHECK(loaded.errors.empty() == valid);
    }
}

TEST_CASE("the manual's key tables are those of the program") {
    const std::string file = std::string{GALLERY_OPS_TEST_DIR} + "/../docs/configuration.md";
    const std::string begin = "<!-- keys: made of lib/config/fields.cpp; GALLERY_OPS_ACCEPT=1 "
                              "test-unit writes them -->\n";
    const std::string end = "<!-- end of keys -->\n";
    auto manual = read(file);
    const auto from = manual.find(begin);
    const auto to = manual.find(end);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const auto tables = "\n" + config::reference();
    const auto at = from + begin.size();
    // GALLERY_OPS_ACCEPT=1 takes over the new tables.
    if (std::getenv("GALLERY_OPS_ACCEPT") != nullptr) { // NOLINT(concurrency-mt-unsafe)
        manual.replace(at, to - at, tables);
        std::ofstream{file, std::ios::binary} << manual;
    }
    CHECK(manual.substr(at, manual.find(end) - at) == tables);
    config::walk_known([&](const std::string& path, const config::Field& field) {
        INFO(path);
        CHECK(manual.find("`" + std::string{field.key} + "`") != std::string::npos);
    });
}

} // namespace config_show_test
