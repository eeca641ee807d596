// SPDX-License-Identifier: MIT
#include "config/load.hpp"
#include "support/catch.hpp"

#include <map>
#include <string>
#include <vector>

namespace config_parse_test {

using namespace std::chrono_literals;

namespace {

std::optional<std::string> env(const std::string& name) {
    static const std::map<std::string, std::string> values{
        {"PG_PASSWORD", "s3cret"}, {"HOST", "db.example"}, {"PORT", "5433"}, {"EMPTY", ""}};
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
}

config::Loaded parse(const std::string& text) {
    return config::parse(text, "/etc/gallery/gallery.yaml", env);
}

config::Config good(const std::string& text) {
    auto loaded = parse(text);
    for (const auto& problem : loaded.errors)
        UNSCOPED_INFO(config::describe(problem, "gallery.yaml"));
    CHECK(loaded.errors.empty());
    return std::move(loaded.config);
}

std::vector<std::string> mistakes(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto& problem : parse(text).errors)
        lines.push_back(config::describe(problem, "g"));
    return lines;
}

} // namespace

TEST_CASE("the smallest useful configuration is read") {
    const auto config = good(R"(project: bar
endpoints: [{name: web, url: "http://127.0.0.1:1/health"}]
postgres: [{name: db, dsn: "host=127.0.0.1 port=1 user=x dbname=x"}]
redis: [{name: cache, url: "redis://127.0.0.1:1"}]
ipfs: [{name: ipfs, api: "http://127.0.0.1:1"}]
prometheus: {url: "http://127.0.0.1:1"}
)");
    CHECK(config.project == "bar");
    REQUIRE(config.endpoints.size() == 1);
    CHECK(config.endpoints[0].url == "http://127.0.0.1:1/health");
    CHECK(config.endpoints[0].expect_status == std::vector<int>{200});
    REQUIRE(config.postgres.size() == 1);
    CHECK(config.postgres[0].dsn == "host=127.0.0.1 port=1 user=x dbname=x");
    REQUIRE(config.redis.size() == 1);
    REQUIRE(config.ipfs.size() == 1);
    REQUIRE(config.prometheus);
    CHECK(config.given.endpoints);
    CHECK(config.given.prometheus);
    CHECK_FALSE(config.given.docker);
    CHECK_FALSE(config.given.alertmanager);
    CHECK(config.origins.at("endpoints[0].url") == config::Origin::file);
    CHECK(config.sources.at("endpoints[0].url") == "gallery.yaml:2");
    CHECK_FALSE(config.origins.contains("endpoints[0].method"));
}

TEST_CASE("an empty configuration holds the defaults") {
    for (const char* text : {"", "# nothing\n", "---\n", "{}\n"}) {
        const auto config = good(text);
        CHECK(config.thresholds.cpu == core::Percent{80});
        CHECK(config.endpoints.empty());
        CHECK_FALSE(config.given.endpoints);
    }
}

TEST_CASE("every key is read into its place") {
    const auto config = good(R"(
x-common: &tls {ca_file: ca.pem, verify: false}
project: gallery
docker:
  hosts:
    - unix:///run/docker.sock
    - {name: two, url: "tcp://h:2376", ca_file: /ca.pem, cert_file: c.pem, key_file: ../k.pem}
  compose_file: compose/docker-compose.yml
services:
  migrate: {expected: completed}
  api: {replicas: 3, component: frontend, expected: running}
  old: {expected: absent}
endpoints:
  - name: web
    url: https://h:8443/health?x=1
    service: nginx
    method: HEAD
    host_header: gallery.example
    headers: {Authorization: "Bearer ${PG_PASSWORD}", Accept: text/html}
    expect_status: [200, 204]
    expect_headers: {content-type: json}
    max_latency: 500ms
    <<: *tls
  - {name: api, url: "http://h", expect_status: 204, expect_body: "re:ok|fine"}
postgres: {dsn: "host=${HOST} port=${PORT}", password: "${PG_PASSWORD}", service: db}
redis: {url: "rediss://ada:p%40w@h:6380/2", queues: [gan, mint], ca_file: r.pem}
ipfs: {api: "http://h:5001", gateway: "http://h:8080", cid: bafy}
prometheus: {url: "http://u:p@h/prometheus", error_rate_query: up, generation_query: down, window: 10m}
alertmanager: {url: "http://h:9093", bearer_token: "${PG_PASSWORD}"}
grafana: {url: "http://h:3000", username: admin, password: "${PG_PASSWORD}"}
ethereum:
  rpc: https://rpc.example/v3
  chain_id: 31337
  contracts: [{name: nft, address: "0x5FbDB2315678afecb367f032d93F642f64180aa3"}]
  service: ethereum
sla: {availability: 99.9%, api: {latency: [1s, 2s]}}
owners: {frontend: Web Team, daily/log-review: Operations Team}
contacts: {Web Team: "web@example.org"}
)");
    REQUIRE(config.docker.hosts.size() == 2);
    CHECK(config.docker.hosts[0].url == "unix:///run/docker.sock");
    CHECK(config.docker.hosts[1].name == "two");
    CHECK(config.docker.hosts[1].tls.ca_file == "/ca.pem");
    CHECK(config.docker.hosts[1].tls.cert_file == "/etc/gallery/c.pem");
    CHECK(config.docker.hosts[1].tls.key_file == "/etc/k.pem");
    CHECK(config.docker.compose_file == "/etc/gallery/compose/docker-compose.yml");

    CHECK(config.services.at("migrate").expected == config::Expected::completed);
    CHECK(config.services.at("migrate").name == "migrate");
    CHECK(config.services.at("api").replicas == 3);
    CHECK(config.services.at("api").component == "frontend");
    CHECK(config.services.at("old").expected == config::Expected::absent);

    REQUIRE(config.endpoints.size() == 2);
    const auto& web = config.endpoints[0];
    CHECK(web.method == "HEAD");
    CHECK(web.host_header == "gallery.example");
    CHECK(web.headers.at("Authorization").reveal() == "Bearer s3cret");
    CHECK(web.expect_status == std::vector<int>{200, 204});
    CHECK(web.expect_headers.at("content-type") == "json");
    CHECK(web.max_latency == 500ms);
    CHECK(web.tls.ca_file == "/etc/gallery/ca.pem");
    CHECK_FALSE(web.tls.verify);
    CHECK(config.endpoints[1].expect_status == std::vector<int>{204});
    CHECK(config.endpoints[1].expect_body == "re:ok|fine");

    REQUIRE(config.postgres.size() == 1);
    CHECK(config.postgres[0].name == "postgres");
    CHECK(config.postgres[0].dsn == "host=db.example port=5433");
    CHECK(config.postgres[0].password.reveal() == "s3cret");
    CHECK(config.origins.at("postgres[0].dsn") == config::Origin::environment);
    CHECK(config.sources.at("postgres[0].dsn") == "${HOST}, ${PORT}");

    REQUIRE(config.redis.size() == 1);
    CHECK(config.redis[0].url == "rediss://h:6380/2");
    CHECK(config.redis[0].username == "ada");
    CHECK(config.redis[0].password.reveal() == "p@w");
    CHECK(config.redis[0].queues == std::vector<std::string>{"gan", "mint"});
    CHECK(config.ipfs.at(0).gateway == "http://h:8080");

    CHECK(config.prometheus.value().url == "http://h/prometheus");
    CHECK(config.prometheus.value().username == "u");
    CHECK(config.prometheus.value().password.reveal() == "p");
    CHECK(config.prometheus.value().error_rate_query == "up");
    CHECK(config.prometheus.value().window == 10min);
    CHECK(config.alertmanager.value().bearer_token.reveal() == "s3cret");
    CHECK(config.grafana.value().username == "admin");
    CHECK(config.ethereum.value().chain_id == 31337U);
    CHECK(config.ethereum.value().contracts.at(0).name == "nft");

    CHECK(config.sla.at("availability") == "99.9%");
    CHECK(config.sla.at("api.latency[1]") == "2s");
    CHECK(config.owners.at("daily/log-review") == "Operations Team");
    CHECK(config.contacts.at("Web Team") == "web@example.org");
}

TEST_CASE("each mistake is told with its place, and what to write") {
    struct Case {
        std::string text{};
        std::string message{};
    };

    const std::vector<Case> cases{
        // keys
        {"proyect: x", "g:1:1: unknown key 'proyect'; did you mean 'project'?"},
        {"project: x\nprometeus: {url: \"http://h\"}",
         "g:2:1: unknown key 'prometeus'; did you mean 'prometheus'?"},
        {"cpu: 80%", "g:1:1: unknown key 'cpu'; 'cpu' belongs under 'thresholds'"},
        {"contracts: []", "g:1:1: unknown key 'contracts'; 'contracts' belongs under 'ethereum'"},
        {"endpoints:\n  - name: web\n    url: http://h\n    methd: GET",
         "g:4:5: unknown key 'endpoints[0].methd'; did you mean 'method'?"},
        {"services: {api: {replcas: 1}}",
         "g:1:18: unknown key 'services.api.replcas'; did you mean 'replicas'?"},
        {"docker: {zzz: 1}", "g:1:10: unknown key 'docker.zzz'; known here: hosts, compose_file"},
        {"endpoints: [{x-y: 1, name: a, url: \"http://h\"}]",
         "g:1:14: unknown key 'endpoints[0].x-y'; known here: name, url, service, method, "
         "host_header, headers, expect_status, expect_body, expect_headers, max_latency, ca_file, "
         "cert_file, key_file, verify"},
        // missing and empty
        {"endpoints: [{name: web}]", "g:1:13: endpoints[0].url is missing"},
        {"endpoints: [{url: \"http://h\"}]", "g:1:13: endpoints[0].name is missing"},
        {"postgres: {name: db}", "g:1:11: postgres[0].dsn is missing"},
        {"ethereum: {}", "g:1:1: ethereum.rpc is missing"},
        {"prometheus:", "g:1:1: prometheus is empty; write its keys below it, or leave it out"},
        {"endpoints:", "g:1:1: endpoints is empty; write [] for none, or leave it out"},
        {"project:", "g:1:1: project is empty; write a value, or leave it out"},
        {"thresholds: {disk: }", "g:1:14: thresholds.disk is empty; write 80%, or leave it out"},
        {"endpoints: [{name: \" \", url: \"http://h\"}]", "g:1:14: endpoints[0].name is empty"},
        // kinds
        {"- a", "g:1:1: the file must hold keys: 'project: NAME', 'endpoints:', …"},
        {"just text", "g:1:1: the file must hold keys: 'project: NAME', 'endpoints:', …"},
        {"docker: unix:///x", "g:1:1: docker is a map: write its keys below it"},
        {"endpoints: http://h", "g:1:1: endpoints is a list: write '- ' before each item"},
        {"project: [a]", "g:1:1: project is a text, not a list"},
        {"project: {a: b}", "g:1:1: project is a text, not a map"},
        {"services: [api]", "g:1:1: services is a map of names: write its keys below it"},
        {"services: {api: running}", "g:1:12: services.api is a map: write its keys below it"},
        {"owners: Team", "g:1:1: owners is a map: write its keys below it"},
        {"project: !ruby/object x", "g:1:1: project: the tag '!ruby/object' means nothing here"},
        // units
        {"thresholds:\n  cpu: 80", "g:2:3: thresholds.cpu is a share: write 80%"},
        {"thresholds: {cpu: 0.8}", "g:1:14: thresholds.cpu is a share: write 80%"},
        {"thresholds: {memory: 12.5}", "g:1:14: thresholds.memory is a share: write 12.5%"},
        {"thresholds: {cpu: high}", "g:1:14: thresholds.cpu is a share: write 80%"},
        {"thresholds: {cpu: 120%}",
         "g:1:14: thresholds.cpu is a share: '120%' is more than the whole"},
        {"thresholds: {latency: 2}", "g:1:14: thresholds.latency is a length of time: write 2s"},
        {"thresholds: {latency: 5S}", "g:1:14: thresholds.latency is a length of time: write 5s"},
        {"thresholds: {latency: soon}",
         "g:1:14: thresholds.latency is a length of time: write 5s (ms, s, m, h or d)"},
        {"thresholds: {latency: -1s}",
         "g:1:14: thresholds.latency is a length of time: write 5s (ms, s, m, h or d)"},
        {"thresholds: {latency: 0s}", "g:1:14: thresholds.latency must be longer than nothing"},
        {"thresholds: {restarts: 1.5}", "g:1:14: thresholds.restarts is a whole number: write 10"},
        {"thresholds: {restarts: 99999999999}",
         "g:1:14: thresholds.restarts is a whole number: write 10"},
        {"thresholds: {gan_queue: -1}", "g:1:14: thresholds.gan_queue is a whole number: write 10"},
        {"thresholds: {gas_price_gwei: nan}",
         "g:1:14: thresholds.gas_price_gwei is a number: write 1.5"},
        {"thresholds: {certificate_critical: 40d}",
         "g:1:14: thresholds.certificate_critical (40d) must not be longer than "
         "certificate_warning (30d)"},
        {"prometheus: {url: \"http://h\", verify: 1}",
         "g:1:31: prometheus.verify is true or false"},
        {"services: {a: {expected: up}}",
         "g:1:16: services.a.expected is running, completed or absent"},
        {"endpoints: [{name: a, url: \"http://h\", expect_status: 99}]",
         "g:1:40: endpoints[0].expect_status is an HTTP status code or a list of them: write [200, "
         "204]"},
        {"endpoints: [{name: a, url: \"http://h\", expect_status: []}]",
         "g:1:40: endpoints[0].expect_status is empty; write at least one status"},
        {"endpoints: [{name: a, url: \"http://h\", method: POST}]",
         "g:1:40: endpoints[0].method is GET or HEAD"},
        {"endpoints: [{name: a, url: \"http://h\", method: HEAD, expect_body: x}]",
         "g:1:54: endpoints[0].expect_body: an answer to HEAD has no body; use method GET"},
        {"endpoints: [{name: a, url: \"http://h\", headers: {\"X Y\": z}}]",
         "g:1:50: endpoints[0].headers.X Y: no header has such a name"},
        {"endpoints: [{name: a, url: \"http://h\", headers: {X: \"a\\r\\nB: c\"}}]",
         "g:1:50: endpoints[0].headers.X: a header is one line"},
        // addresses
        {"prometheus: {url: \"h:9090\"}",
         "g:1:14: prometheus.url: the scheme is missing; write http://host:port/path"},
        {"prometheus: {url: \"ftp://h\"}",
         "g:1:14: prometheus.url must start with http:// or https://"},
        {"prometheus: {url: \"http://h:99999\"}",
         "g:1:14: prometheus.url: the port must be a number from 1 to 65535; write "
         "http://host:port/path"},
        {"ipfs: {api: \"http://u:p@h\"}",
         "g:1:8: ipfs[0].api: user and password are not used here"},
        {"endpoints: [{name: a, url: \"http://u:p@h\"}]",
         "g:1:23: endpoints[0].url: user and password are not used here; write headers: "
         "{Authorization: \"${NAME}\"}"},
        {"redis: {url: \"http://h\"}", "g:1:9: redis[0].url must start with redis:// or rediss://"},
        {"redis: {url: \"redis://h/x\"}",
         "g:1:9: redis[0].url: after the host there may only be the number of a database; write "
         "redis://host:6379/0"},
        {"postgres: {dsn: \"hst=h\"}",
         "g:1:12: postgres[0].dsn: no connection parameter 'hst'; did you mean 'host'?"},
        {"docker: {hosts: [\"ssh://h\"]}",
         "g:1:18: docker.hosts[0].url: ssh:// is not supported; forward the socket, 'ssh -L "
         "/tmp/docker.sock:/var/run/docker.sock HOST', and write unix:///tmp/docker.sock"},
        {"docker: {hosts: [\"unix://docker.sock\"]}",
         "g:1:18: docker.hosts[0].url: a socket needs its absolute path; write "
         "unix:///var/run/docker.sock"},
        {"docker: {hosts: [{url: \"tcp://h:2376\", cert_file: c}]}",
         "g:1:40: docker.hosts[0].cert_file needs key_file beside it"},
        {"ethereum: {rpc: \"http://h\", contracts: [{name: a, address: \"0x12\"}]}",
         "g:1:51: ethereum.contracts[0].address is an Ethereum address: write 0x and 40 "
         "hexadecimal digits, in quotes; this has 4 characters, not 42"},
        {"ethereum: {rpc: \"http://h\", chain_id: main}",
         "g:1:29: ethereum.chain_id is a whole number: write 10"},
        {"endpoints: [{name: a, url: \"http://h\", expect_body: \"re:(\"}]",
         "g:1:40: endpoints[0].expect_body is not a regular expression: "},
        {"project: \"a\\0b\"", "g:1:1: project holds a control character"},
        // more than one key
        {"endpoints:\n  - {name: a, url: \"http://h\"}\n  - {name: a, url: \"http://i\"}",
         "g:3:6: endpoints[1].name: 'a' is also the name of endpoints[0] in line 2"},
        {"redis: [{url: \"redis://a\"}, {name: b, url: \"redis://b\"}]",
         "g:1:9: redis[0].name is missing; each of several needs a name"},
        {"redis: {url: \"redis://:a@h\", password: \"${PG_PASSWORD}\"}",
         "g:1:30: redis[0].password: redis[0].url holds a password too; keep one of the two"},
        {"postgres: {dsn: \"host=h password=x\", password: \"${PG_PASSWORD}\"}",
         "g:1:38: postgres[0].password: postgres[0].dsn holds a password too; keep one of the two"},
        {"redis: {url: \"redis://a:b@h\", username: c}",
         "g:1:31: redis[0].username: redis[0].url holds a user too; keep one of the two"},
        {"grafana: {url: \"http://u:${PG_PASSWORD}@h\", bearer_token: \"${PG_PASSWORD}\"}",
         "g:1:45: grafana.bearer_token: there is a password too; keep one of the two"},
        // references
        {"project: ${NOPE}", "g:1:1: project: the variable NOPE is not set"},
        {"project: \"${NOPE\"", "g:1:1: project: '${' without its '}'"},
        {"postgres: {dsn: \"host=h\", password: \"${NOPE:?ask Ada}\"}",
         "g:1:27: postgres[0].password: the variable NOPE is not set: ask Ada"},
        {"postgres: {dsn: \"host=h\", password: \"file:/nowhere/pw\"}",
         "g:1:27: postgres[0].password: cannot read the secret in /nowhere/pw: No such file or "
         "directory"},
        {"postgres: {dsn: \"host=h\", password: \"file:/etc\"}",
         "g:1:27: postgres[0].password: cannot read the secret in /etc: it is a folder"},
        {"postgres: {dsn: \"host=h\", password: \"file:/dev/zero\"}",
         "g:1:27: postgres[0].password: cannot read the secret in /dev/zero: it is not a regular "
         "file"},
        // YAML
        {"project: a\nproject: b", "g:2:1: the key 'project' was given before, in line 1"},
        {"a: b: c", "g:1:5: not valid YAML: "},
    };
    for (const auto& each : cases) {
        INFO(each.text);
        const auto lines = mistakes(each.text);
        REQUIRE(lines.size() == 1);
        CHECK(lines.front().substr(0, each.message.size()) == each.message);
        if (each.message.back() != ' ') CHECK(lines.front() == each.message);
    }
}

TEST_CASE("all mistakes are collected, in the order of the file") {
    const auto lines = mistakes("proyect: a\nthresholds: {cpu: 80, dsk: 1%}\nredis: {}\n");
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].starts_with("g:1:1: "));
    CHECK(lines[1].starts_with("g:2:14: "));
    CHECK(lines[2].starts_with("g:2:23: "));
    CHECK(lines[3] == "g:3:8: redis[0].url is missing");
}

TEST_CASE("each threshold is read with its own unit") {
    struct Case {
        const char* key = "";
        const char* text = "";
        bool (*check)(const config::Thresholds&) = nullptr;
    };

    using T = config::Thresholds;
    const std::vector<Case> cases{
        {"cpu", "11%", [](const T& t) { return t.cpu.value == 11; }},
        {"memory", "12 %", [](const T& t) { return t.memory.value == 12; }},
        {"disk", "13.5%", [](const T& t) { return t.disk.value == 13.5; }},
        {"inodes", "14%", [](const T& t) { return t.inodes.value == 14; }},
        {"error_rate", "0.5%", [](const T& t) { return t.error_rate.value == 0.5; }},
        {"latency", "250ms", [](const T& t) { return t.latency == 250ms; }},
        {"connections", "16%", [](const T& t) { return t.connections.value == 16; }},
        {"longest_transaction", "1h", [](const T& t) { return t.longest_transaction == 1h; }},
        {"replication_lag", "2m", [](const T& t) { return t.replication_lag == 2min; }},
        {"cache_hit", "100%", [](const T& t) { return t.cache_hit.value == 100; }},
        {"wraparound", "17%", [](const T& t) { return t.wraparound.value == 17; }},
        {"redis_memory", "0%", [](const T& t) { return t.redis_memory.value == 0; }},
        {"last_save", "2d", [](const T& t) { return t.last_save == 48h; }},
        {"ipfs_repo", "18%", [](const T& t) { return t.ipfs_repo.value == 18; }},
        {"certificate_warning", "20d", [](const T& t) { return t.certificate_warning == 480h; }},
        {"certificate_critical", "1d", [](const T& t) { return t.certificate_critical == 24h; }},
        {"head_age", "15s", [](const T& t) { return t.head_age == 15s; }},
        {"gpu_memory", "90%", [](const T& t) { return t.gpu_memory.value == 90; }},
        {"gas_price_gwei", "1.25", [](const T& t) { return t.gas_price_gwei == 1.25; }},
        {"gan_queue", "0", [](const T& t) { return t.gan_queue == 0; }},
        {"generation", "1.5s", [](const T& t) { return t.generation == 1500ms; }},
        {"restarts", "7", [](const T& t) { return t.restarts == 7; }},
    };
    for (const auto& each : cases) {
        INFO(each.key);
        const auto config =
            good(std::string{"thresholds: {"} + each.key + ": \"" + each.text + "\"}");
        CHECK(each.check(config.thresholds));
        CHECK_FALSE(each.check(config::Thresholds{}));
        CHECK_FALSE(mistakes(std::string{"thresholds: {"} + each.key + ": wrong}").empty());
    }
}

TEST_CASE("sections of later versions are known and noted") {
    const auto loaded = parse("backups: {sets: [a]}\ncapacity: 1\ndr:\n");
    CHECK(loaded.errors.empty());
    REQUIRE(loaded.notes.size() == 3);
    CHECK(config::describe(loaded.notes[0], "g") == "g:1:1: 'backups' is not read by this version");
}

TEST_CASE("who can be told after a run") {
    const auto notify =
        good("notify:\n"
             "  webhooks:\n"
             "    - {name: chat, url: \"https://chat.example/s3cret\", when: always, "
             "headers: {X-Token: t}}\n"
             "    - {name: plain, url: \"http://h/x\"}\n"
             "  pings: [{name: cron, url: \"http://h/y\", fail_url: \"http://h/z\"}]\n"
             "  after: 5m\n"
             "  keep: 2h\n")
            .notify;
    REQUIRE(notify.webhooks.size() == 2);
    CHECK(notify.webhooks[0].url.reveal() == "https://chat.example/s3cret");
    CHECK(notify.webhooks[0].when == config::When::always);
    CHECK(notify.webhooks[0].headers.at("X-Token").reveal() == "t");
    CHECK(notify.webhooks[1].when == config::When::change);
    REQUIRE(notify.pings.size() == 1);
    CHECK(notify.pings[0].fail_url.reveal() == "http://h/z");
    CHECK(notify.after == 5min);
    CHECK(notify.keep == 2h);
    for (const char* wrong :
         {"notify: []", "notify: {webhooks: [{name: a}]}",
          "notify: {webhooks: [{url: \"http://h\"}]}",
          "notify: {webhooks: [{name: a, url: \"ftp://h\"}]}",
          "notify: {webhooks: [{name: a, url: \"http://h\", when: sometimes}]}",
          "notify: {pings: [{name: a, url: \"http://h\"}, {name: a, url: \"http://g\"}]}",
          "notify: {after: 0s}", "notify: {webhook: []}"}) {
        INFO(wrong);
        CHECK_FALSE(mistakes(wrong).empty());
    }
}

TEST_CASE("an empty list is given: nothing is looked for in its place") {
    const auto config = good("postgres: []\nendpoints: []\ndocker: {hosts: []}\n");
    CHECK(config.given.postgres);
    CHECK(config.given.endpoints);
    CHECK(config.given.docker);
    CHECK(config.postgres.empty());
}

TEST_CASE("no secret gets into a message") {
    for (const char* text :
         {"postgres: {dsn: \"postgresql://u:hunter2@h:x/d\"}",
          "notify: {webhooks: [{name: a, url: \"hunter2\"}]}",
          "notify: {webhooks: [{name: a, url: \"ftp://h/hunter2\"}]}",
          "redis: {url: \"redis://:hunter2@\"}", "redis: {url: \"hunter2\"}",
          "grafana: {url: \"http://u:hunter2/@h\"}", "postgres: {dsn: \"password='hunter2\"}",
          "postgres: {dsn: \"hunter2\"}", "postgres: {dsn: \"host=h\", password: [hunter2]}",
          "postgres: {dsn: \"host=h\", password: {a: hunter2}}",
          "endpoints: [{name: a, url: \"http://u:hunter2@h\"}]",
          "prometheus: {url: \"http://h\", bearer_token: \"a\\0hunter2\"}"}) {
        INFO(text);
        const auto lines = mistakes(text);
        REQUIRE_FALSE(lines.empty());
        for (const auto& line : lines)
            CHECK(line.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("hostile configurations end in messages that a terminal survives") {
    for (const std::string text :
         {"\"\\e[31mred\": 1", "project: \"\\e]0;x\\a\"", "services: {\"a\\nb\": {\"\\e[2J\": 1}}",
          "&a a: *a", "? ? ? a", "endpoints: [[[[]]]]", "endpoints: [null, 1, [], {}]",
          "postgres: [[]]", "services: {\"\": {}}", "docker: {hosts: [[], {}]}",
          "sla: {a: {b: [[1], {c: null}]}}", "thresholds: {cpu: 1e400%}",
          "thresholds: {latency: 99999999999999999999d}",
          "ethereum: {rpc: \"http://h\", chain_id: 18446744073709551616}"}) {
        INFO(text);
        const auto lines = mistakes(text);
        REQUIRE_FALSE(lines.empty());
        for (const auto& line : lines)
            CHECK(line.find('\x1b') == std::string::npos);
    }
}

} // namespace config_parse_test
