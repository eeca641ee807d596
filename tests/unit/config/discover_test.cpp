// SPDX-License-Identifier: MIT
#include "config/discover.hpp"
#include "config/show.hpp"
#include "support/catch.hpp"
#include "unit/config/gallery_facts.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace config_discover_test {

using support::container;
using support::engine;
using support::Made;

namespace {

config::Config discover(const std::vector<facts::Docker>& engines, config::Config config = {}) {
    if (config.project.empty()) config.project = "gallery";
    return config::discover(std::move(config), engines);
}

std::map<std::string, std::string> urls(const config::Config& config) {
    std::map<std::string, std::string> all;
    for (const auto& endpoint : config.endpoints)
        all[endpoint.name] = endpoint.url;
    return all;
}

} // namespace

TEST_CASE("a gallery of official images is found whole") {
    const auto config = discover({engine(support::official_images())});
    CHECK(urls(config)
          == std::map<std::string, std::string>{{"api", "http://127.0.0.1:8080/health"},
                                                {"frontend", "http://127.0.0.1:3000/health"},
                                                {"gan-service", "http://127.0.0.1:8000/health"},
                                                {"nginx", "http://127.0.0.1:80/health"}});
    REQUIRE(config.postgres.size() == 1);
    CHECK(config.postgres[0].name == "postgres");
    CHECK(config.postgres[0].service == "postgres");
    CHECK(config.postgres[0].dsn == "host=127.0.0.1 port=15432 user=artist dbname=gallery");
    CHECK(config.postgres[0].password.reveal() == "p w");
    REQUIRE(config.redis.size() == 1);
    CHECK(config.redis[0].url == "redis://127.0.0.1:16379");
    CHECK(config.redis[0].password.reveal() == "r3dis");
    CHECK(config.redis[0].queues == std::vector<std::string>{"gan:jobs"});
    REQUIRE(config.ipfs.size() == 1);
    CHECK(config.ipfs[0].api == "http://127.0.0.1:15001");
    CHECK(config.ipfs[0].gateway == "http://127.0.0.1:18080");
    CHECK(config.prometheus.value().url == "http://127.0.0.1:19090");
    CHECK(config.alertmanager.value().url == "http://127.0.0.1:19093");
    CHECK(config.grafana.value().url == "http://127.0.0.1:13000");
    REQUIRE(config.ethereum);
    CHECK(config.ethereum->rpc == "http://127.0.0.1:18545");
    CHECK(config.ethereum->chain_id == 1337U);
    REQUIRE(config.ethereum->contracts.size() == 1);
    CHECK(config.ethereum->contracts[0].name == "nft");
    CHECK(config.origins.at("postgres[0].dsn") == config::Origin::discovered);
    CHECK_FALSE(config.origins.contains("endpoints[0].method"));
    CHECK_FALSE(config.given.postgres);
}

TEST_CASE("one image with different commands serves every service") {
    const std::string image = "gallery-ops-demo:1";
    const std::string database = "postgresql://ada:p%40w@postgres:5432/art";
    const auto config = discover({engine({
        {"frontend",
         image,
         {"nginx", "-c", "/opt/gallery/config/frontend.conf"},
         {{3000, 3000}},
         {}},
        {"gan-service",
         image,
         {"python3", "-m", "services.gan"},
         {{8000, 8000}},
         {{"DATABASE_URL", database}, {"REDIS_URL", "redis://:r%2Fw@redis:6379/0"}}},
        {"api",
         image,
         {"python3", "-m", "services.api"},
         {{8080, 8080}},
         {{"DATABASE_URL", database}}},
        {"nginx", image, {"nginx", "-c", "/opt/gallery/config/proxy.conf"}, {{8443, 8443}}, {}},
        {"postgres", image, {"/opt/gallery/config/postgres.sh"}, {{5432, 5432}}, {}},
        {"redis", image, {"/opt/gallery/config/redis.sh"}, {{6379, 6379}}, {}},
        {"ipfs", image, {"node", "/opt/gallery/ipfs/start.mjs"}, {{5001, 5001}, {8080, 8081}}, {}},
        {"ethereum",
         image,
         {"/opt/gallery/config/ethereum.sh"},
         {{8545, 8545}},
         {{"CHAIN_ID", "31337"}}},
        {"migrate", image, {"python3", "-m", "services.migrate"}, {}, {{"DATABASE_URL", database}}},
        {"traffic", image, {"python3", "-m", "services.traffic"}, {}, {}},
        {"prometheus",
         image,
         {"prometheus", "--web.external-url=https://gallery.example/prom/"},
         {{9090, 9090}},
         {}},
        {"alertmanager",
         image,
         {"prometheus-alertmanager", "--web.route-prefix", "/"},
         {{9093, 9093}},
         {}},
        {"node-exporter", image, {"prometheus-node-exporter"}, {}, {}},
        {"postgres-exporter",
         image,
         {"prometheus-postgres-exporter"},
         {},
         {{"DATA_SOURCE_NAME", database}}},
        {"redis-exporter", image, {"prometheus-redis-exporter"}, {}, {}},
    })});
    CHECK(urls(config).size() == 4);
    CHECK(urls(config).at("frontend") == "http://127.0.0.1:3000/health");
    // The only published port is TLS, by an authority that nobody knows here.
    const auto nginx = std::ranges::find(config.endpoints, "nginx", &config::Endpoint::name);
    REQUIRE(nginx != config.endpoints.end());
    CHECK(nginx->url == "https://127.0.0.1:8443/health");
    CHECK_FALSE(nginx->tls.verify);
    REQUIRE(config.postgres.size() == 1);
    CHECK(config.postgres[0].dsn == "host=127.0.0.1 port=5432 user=ada dbname=art");
    CHECK(config.postgres[0].password.reveal() == "p@w");
    REQUIRE(config.redis.size() == 1);
    CHECK(config.redis[0].password.reveal() == "r/w");
    REQUIRE(config.ipfs.size() == 1);
    CHECK(config.ipfs[0].gateway == "http://127.0.0.1:8081");
    CHECK(config.prometheus.value().url == "http://127.0.0.1:9090/prom");
    CHECK(config.alertmanager.value().url == "http://127.0.0.1:9093");
    CHECK(config.ethereum.value().chain_id == 31337U);
}

TEST_CASE("ports that are not published are reached at the container, on a local Engine only") {
    const std::vector<Made> unpublished{
        {"postgres", "postgres:15", {"postgres"}, {{5432, 0}}, {{"POSTGRES_PASSWORD", "x"}}},
        {"redis", "redis:7", {"redis-server"}, {}, {}},
        {"prometheus", "prom/prometheus", {"/bin/prometheus"}, {{9090, 0}}, {}},
        {"api", "gallery-api", {"uvicorn"}, {{8080, 0}}, {}},
    };
    const auto local = discover({engine(unpublished)});
    CHECK(local.postgres.at(0).dsn == "host=172.18.0.5 port=5432 user=postgres dbname=postgres");
    CHECK(local.redis.at(0).url == "redis://172.18.0.5:6379");
    CHECK(local.prometheus.value().url == "http://172.18.0.5:9090");
    CHECK(local.endpoints.empty());
    const auto remote = discover({engine(unpublished, false)});
    CHECK(remote.postgres.empty());
    CHECK(remote.redis.empty());
    CHECK_FALSE(remote.prometheus);
}

TEST_CASE("published ports of a remote Engine are on its host") {
    config::Config config;
    config.docker.hosts = {{"far", "tcp://gallery.example:2376", {}}};
    facts::Docker docker;
    docker.containers = {
        container({"redis", "redis:7", {"redis-server"}, {{6379, 6379}}, {}}),
        container({"api", "x", {"uvicorn"}, {{8080, 8080}}, {}}, "gallery", "10.0.0.7"),
        container({"web", "x", {"uvicorn"}, {{8000, 8000}}, {}}, "gallery", "127.0.0.1"),
        container({"postgres", "postgres", {"postgres"}, {{5432, 5432}}, {}}, "gallery", "::"),
    };
    const auto found = discover({docker}, config);
    CHECK(found.redis.at(0).url == "redis://gallery.example:6379");
    CHECK(urls(found)
          == std::map<std::string, std::string>{{"api", "http://10.0.0.7:8080/health"}});
    CHECK(found.postgres.at(0).dsn.starts_with("host=gallery.example port=5432 "));

    // Of two Engines one did not answer: whose ports these are can't be told.
    config.docker.hosts.push_back({"near", "unix:///var/run/docker.sock", {}});
    CHECK(discover({docker}, config).redis.empty());
    // A forwarded socket: the ports are here.
    config.docker.hosts = {{"forwarded", "unix:///tmp/docker.sock", {}}};
    CHECK(discover({docker}, config).redis.at(0).url == "redis://127.0.0.1:6379");
}

TEST_CASE("of two candidates for one place none is chosen, of a list both are") {
    const auto config = discover({engine({
        {"prometheus", "prom/prometheus", {}, {{9090, 9090}}, {}},
        {"prometheus-long", "prom/prometheus", {}, {{9090, 9091}}, {}},
        {"db-a", "postgres:15", {"postgres"}, {{5432, 5432}}, {{"POSTGRES_PASSWORD", "a"}}},
        {"db-b", "postgres:16", {"postgres"}, {{5432, 5433}}, {{"POSTGRES_PASSWORD", "b"}}},
        {"sessions", "redis:7", {"redis-server"}, {{6379, 6379}}, {}},
        {"jobs", "redis:7", {"redis-server"}, {{6379, 6380}}, {}},
        {"api", "x", {"uvicorn"}, {{8080, 8080}}, {{"GAN_QUEUE", "gan"}}},
    })});
    CHECK_FALSE(config.prometheus);
    REQUIRE(config.postgres.size() == 2);
    CHECK(config.postgres[0].name == "db-a");
    CHECK(config.postgres[1].password.reveal() == "b");
    REQUIRE(config.redis.size() == 2);
    CHECK(config.redis[0].queues.empty());
}

TEST_CASE("what is no server of the gallery is left out") {
    const auto config = discover({engine({
        {"backup", "postgres:15", {"/backup.sh"}, {{5432, 5432}}, {}},
        {"shell", "redis:7", {"redis-cli", "monitor"}, {{6379, 6379}}, {}},
        {"redis-worker", "gallery-redis-worker", {"rq", "worker"}, {{6379, 6379}}, {}},
        {"mysql", "mysql:8", {"mysqld"}, {{3306, 3306}}, {}},
        {"db", "mariadb", {"mariadbd"}, {{3306, 3307}}, {}},
        {"adminer", "adminer", {"php"}, {{8080, 8089}}, {}},
        {"postgrest", "postgrest/postgrest", {"postgrest"}, {{3000, 3001}}, {}},
        {"ssh", "linuxserver/openssh", {"/init"}, {{2222, 2222}}, {}},
        {"pushgateway", "prom/pushgateway", {}, {{9091, 9091}}, {}},
    })});
    CHECK(config.postgres.empty());
    CHECK(config.redis.empty());
    CHECK(config.endpoints.empty());
    CHECK_FALSE(config.prometheus);
    CHECK(discover({}).endpoints.empty());
    CHECK(discover({facts::Docker{}}).postgres.empty());
}

TEST_CASE("containers of other projects, one-offs and finished ones are not looked at") {
    auto docker = engine({{"redis", "redis:7", {"redis-server"}, {{6379, 6379}}, {}}});
    docker.containers.push_back(
        container({"redis", "redis:7", {"redis-server"}, {{6379, 7000}}, {}}, "shop"));
    docker.containers.push_back(
        container({"redis", "redis:7", {"redis-server"}, {{6379, 7001}}, {}}));
    docker.containers.back().one_off = true;
    docker.containers.push_back(
        container({"redis", "redis:7", {"redis-server"}, {{6379, 7002}}, {}}));
    docker.containers.back().state = facts::ContainerState::exited;
    const auto config = discover({docker});
    REQUIRE(config.redis.size() == 1);
    CHECK(config.redis[0].url == "redis://127.0.0.1:6379");
}

TEST_CASE("each container of a scaled service gets a name of its own") {
    auto docker = engine({{"api", "x", {"uvicorn"}, {{8080, 8080}}, {}}});
    docker.containers.push_back(container({"api", "x", {"uvicorn"}, {{8080, 8081}}, {}}));
    docker.containers.back().name = "gallery-api-2";
    docker.containers.back().labels["com.docker.compose.container-number"] = "2";
    CHECK(urls(discover({docker}))
          == std::map<std::string, std::string>{{"api", "http://127.0.0.1:8080/health"},
                                                {"api-2", "http://127.0.0.1:8081/health"}});
}

TEST_CASE("what the file gives is left as it is") {
    config::Config config;
    config.given.redis = true;
    config.given.endpoints = true;
    config.endpoints.push_back({.name = "mine", .url = "http://h"});
    config.origins["endpoints[0].url"] = config::Origin::file;
    const auto found = discover({engine(support::official_images())}, config);
    CHECK(found.redis.empty());
    REQUIRE(found.endpoints.size() == 1);
    CHECK(found.endpoints[0].name == "mine");
    CHECK(found.origins.at("endpoints[0].url") == config::Origin::file);
    CHECK(found.postgres.size() == 1);
}

TEST_CASE("the password of a Redis is found where it is set") {
    struct Case {
        std::vector<std::string> command{};
        std::map<std::string, std::string> server{};
        std::map<std::string, std::string> client{};
        std::string password{};
        std::string url = "redis://127.0.0.1:6379";
    };

    const std::vector<Case> cases{
        {{"redis-server", "--requirepass", "a"}, {}, {}, "a"},
        {{"redis-server", "--requirepass=a"}, {}, {}, "a"},
        {{"sh", "-c", "redis-server --requirepass a --appendonly yes"}, {}, {}, "a"},
        {{"sh", "-c", "exec redis-server --requirepass \"$REDIS_PASSWORD\""},
         {{"REDIS_PASSWORD", "b c"}},
         {},
         "b c"},
        {{"sh", "-ec", "redis-server --requirepass '$x'"}, {}, {}, ""},
        {{"redis-server"}, {{"REDIS_PASSWORD", "e"}}, {}, "e"},
        {{"redis-server"}, {}, {{"REDIS_URL", "redis://:p%25q@redis:6379/1"}}, "p%q"},
        {{"redis-server"}, {}, {{"CELERY_BROKER_URL", "redis://default:q@redis:6379"}}, "q"},
        {{"redis-server"}, {}, {{"REDIS_URL", "redis://:no@elsewhere:6379"}}, ""},
        {{"redis-server"}, {}, {{"REDIS_HOST", "redis"}, {"REDIS_PASSWORD", "h"}}, "h"},
        {{"redis-server"},
         {},
         {{"REDIS_URL", "rediss://:t@redis:6379"}},
         "t",
         "rediss://127.0.0.1:6379"},
        {{"redis-server"}, {}, {}, ""},
    };
    for (const auto& each : cases) {
        INFO(each.command.back() << " " << each.password);
        const auto config =
            discover({engine({{"redis", "redis:7", each.command, {{6379, 6379}}, each.server},
                              {"app", "x", {"run"}, {}, each.client}})});
        REQUIRE(config.redis.size() == 1);
        if (each.password.empty() && each.command.back().find('$') != std::string::npos) continue;
        CHECK(config.redis[0].password.reveal() == each.password);
        CHECK(config.redis[0].username.empty());
        CHECK(config.redis[0].url == each.url);
    }
}

TEST_CASE("the credentials of a Postgres are found where they are set") {
    using Map = std::map<std::string, std::string>;

    struct Case {
        Map server{};
        Map client{};
        std::string dsn{};
        std::string password{};
    };

    const std::string place = "host=127.0.0.1 port=5432 ";
    const std::vector<Case> cases{
        {{{"POSTGRES_PASSWORD", "a"}}, {}, "user=postgres dbname=postgres", "a"},
        {{{"POSTGRES_USER", "u"}, {"POSTGRES_PASSWORD", "a"}}, {}, "user=u dbname=u", "a"},
        {{{"POSTGRESQL_USERNAME", "b"}, {"POSTGRESQL_PASSWORD", "n"}, {"POSTGRESQL_DATABASE", "d"}},
         {},
         "user=b dbname=d",
         "n"},
        {{},
         {{"DATABASE_URL", "postgresql+asyncpg://ada:p%40w@db:5432/art?ssl=true"}},
         "user=ada dbname=art",
         "p@w"},
        {{}, {{"DSN", "host=db user='a b' dbname=x password=y"}}, "user='a b' dbname=x", "y"},
        {{},
         {{"DB_HOST", "db"}, {"DB_USER", "u"}, {"DB_PASSWORD", "s"}, {"DB_NAME", "n"}},
         "user=u dbname=n",
         "s"},
        {{},
         {{"DATABASE_URL", "postgresql://u:p@elsewhere/x"}},
         "user=postgres dbname=postgres",
         ""},
        {{{"POSTGRES_HOST_AUTH_METHOD", "trust"}}, {}, "user=postgres dbname=postgres", ""},
    };
    for (const auto& each : cases) {
        INFO(each.dsn);
        const auto config =
            discover({engine({{"db", "postgres:15", {"postgres"}, {{5432, 5432}}, each.server},
                              {"app", "x", {"run"}, {}, each.client}})});
        REQUIRE(config.postgres.size() == 1);
        CHECK(config.postgres[0].dsn == place + each.dsn);
        CHECK(config.postgres[0].password.reveal() == each.password);
    }
}

TEST_CASE("contracts are found by their variables, each once") {
    const std::string a = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    const std::string b = "0x00000000000000000000000000000000000000b2";
    const auto config = discover({engine({
        {"chain", "ethereum/client-go", {"geth"}, {{8545, 8545}}, {}},
        {"api",
         "x",
         {"run"},
         {},
         {{"NFT_ADDRESS", a},
          {"MARKET_CONTRACT_ADDRESS", b},
          {"WALLET_ADDRESS", b},
          {"BAD_CONTRACT_ADDRESS", "0x12"},
          {"EMPTY_CONTRACT_ADDRESS", "0x0000000000000000000000000000000000000000"}}},
        {"frontend", "y", {"run"}, {}, {{"VITE_NFT_ADDRESS", a}, {"CONTRACT_ADDRESS", a}}},
    })});
    REQUIRE(config.ethereum);
    CHECK(config.ethereum->rpc == "http://127.0.0.1:8545");
    std::map<std::string, std::string> contracts;
    for (const auto& contract : config.ethereum->contracts)
        contracts[contract.name] = contract.address;
    CHECK(contracts == std::map<std::string, std::string>{{"market", b}, {"nft", a}});
}

TEST_CASE("secrets of the containers do not reach what is shown or written") {
    const auto config = discover({engine(support::official_images())});
    for (const auto& text : {config::show(config), config::write_initial(config)}) {
        CHECK(text.find("p w") == std::string::npos);
        CHECK(text.find("r3dis") == std::string::npos);
    }
}

TEST_CASE("the project is chosen by what is known, and never guessed") {
    const auto with = [](std::vector<std::pair<std::string, std::vector<std::string>>> projects) {
        facts::Docker docker;
        for (const auto& [project, services] : projects) {
            for (const auto& service : services) {
                docker.containers.push_back(container({service, "x", {}, {}, {}}, project));
                docker.containers.back().labels["com.docker.compose.project.working_dir"] =
                    "/srv/" + project;
            }
        }
        return std::vector{docker};
    };
    const std::vector<std::string> gallery{"frontend", "gan-service", "api", "postgres", "redis"};
    const config::Config none;
    config::Config named;
    named.project = "mine";

    CHECK(config::choose_project(named, {}, {}) == "mine");
    CHECK(config::choose_project(none, with({{"one", {"a"}}}), {}) == "one");
    const auto two = with({{"one", {"web", "db"}}, {"two", {"web", "db"}}});
    CHECK(config::choose_project(none, two, {"two", ""}) == "two");
    CHECK(config::choose_project(none, two, {"", "/srv/one"}) == "one");
    CHECK(config::choose_project(none, two, {"two", "/srv/one"}) == "two");
    CHECK(config::choose_project(none, with({{"shop", {"web", "api", "db"}}, {"art", gallery}}), {})
          == "art");

    const auto undecided = config::choose_project(none, two, {"", "/tmp"});
    REQUIRE_FALSE(undecided);
    CHECK(undecided.error().kind == core::ErrorKind::missing);
    CHECK(core::describe(undecided.error())
          == "choose the compose project: 2 projects run here: one, two; name the gallery's by "
             "'project:' in the configuration or by COMPOSE_PROJECT_NAME");
    CHECK_FALSE(config::choose_project(none, with({{"a", gallery}, {"b", gallery}}), {}));
    const auto nothing = config::choose_project(none, with({}), {});
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().kind == core::ErrorKind::missing);
}

} // namespace config_discover_test
