// SPDX-License-Identifier: MIT
#include "cause/cause.hpp"
#include "unit/cause/support.hpp"
#include "unit/health/support.hpp"

#include <random>

namespace cause_cause_test {

using namespace std::chrono_literals;
using core::Failure;
using core::Finding;
using core::Verdict;
using sample::failing;
using sample::find;
using sample::k_now;

namespace {

cause::Graph gallery_graph() {
    return {.needs = {{"api", {"postgres", "redis", "gan-service"}},
                      {"gan-service", {"postgres", "redis", "ipfs"}},
                      {"nginx", {"api", "frontend"}},
                      {"postgres-exporter", {"postgres"}}}};
}

std::vector<std::string> causes(const std::vector<Finding>& findings, const std::string& id) {
    return find(findings, id).caused_by;
}

using Ids = std::vector<std::string>;

} // namespace

TEST_CASE("two that are cut off are two causes, whoever needs whom") {
    std::vector findings{
        failing("health.docker-network.postgres", "postgres", Failure::cut),
        failing("health.postgres.db", "postgres", Failure::timeout),
        failing("health.docker-network.api", "api", Failure::cut),
        failing("health.docker.api", "api", Failure::unhealthy),
        failing("health.http.api", "api", Failure::timeout),
        failing("health.docker.gan-service", "gan-service", Failure::unhealthy),
    };
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.docker-network.postgres").empty());
    CHECK(causes(findings, "health.docker-network.api").empty());
    CHECK(causes(findings, "health.postgres.db") == Ids{"health.docker-network.postgres"});
    CHECK(causes(findings, "health.docker.api") == Ids{"health.docker-network.api"});
    CHECK(causes(findings, "health.http.api") == Ids{"health.docker-network.api"});
    CHECK(causes(findings, "health.docker.gan-service") == Ids{"health.docker-network.postgres"});
}

TEST_CASE("ports that an Engine published are closed with it") {
    auto seen = sample::observations();
    seen.engines = {
        sample::failed<facts::Docker>("local", core::ErrorKind::refused),
        sample::observed("other", facts::Docker{.containers = {sample::container("frontend")}})};
    auto database = sample::failed<facts::Postgres>("db", core::ErrorKind::refused);
    database.service = "postgres";
    seen.postgres = {database};
    auto page = sample::failed<facts::Http>("page", core::ErrorKind::refused);
    page.service = "frontend";
    seen.endpoints = {page};
    std::vector findings{
        failing("health.docker-engine.local", "local", Failure::refused),
        failing("health.postgres.db", "postgres", Failure::refused),
        failing("health.http.page", "frontend", Failure::refused),
    };
    cause::annotate(findings, cause::dependencies(seen));
    CHECK(causes(findings, "health.docker-engine.local").empty());
    CHECK(causes(findings, "health.postgres.db") == Ids{"health.docker-engine.local"});
    CHECK(causes(findings, "health.http.page").empty()); // its Engine answers
}

TEST_CASE("slowness follows from a failure, of the service itself or of one that it needs") {
    std::vector findings{
        failing("health.docker-network.redis", "redis", Failure::cut),
        failing("health.http.api", "api", Failure::unhealthy),
        failing("health.http-latency.api", "api", Failure::slow, Verdict::warning),
        failing("health.gan-queue.jobs", "gan-service", Failure::slow, Verdict::warning),
        failing("health.http-latency.frontend", "frontend", Failure::slow, Verdict::warning),
    };
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.http.api") == Ids{"health.docker-network.redis"});
    CHECK(causes(findings, "health.http-latency.api") == Ids{"health.http.api"});
    CHECK(causes(findings, "health.gan-queue.jobs") == Ids{"health.docker-network.redis"});
    CHECK(causes(findings, "health.http-latency.frontend").empty());
}

TEST_CASE("what is reported through an exporter that is away is the exporter's doing") {
    auto graph = gallery_graph();
    graph.watched_by["frontend"] = {"blackbox-exporter"};
    graph.watched_by["nginx"] = {"blackbox-exporter"};
    std::vector findings{
        failing("health.docker.blackbox-exporter", "blackbox-exporter", Failure::stopped),
        failing("health.alert.Down.frontend", "frontend", Failure::reported),
        failing("health.docker.nginx", "nginx", Failure::stopped),
        failing("health.alert.Down.nginx", "nginx", Failure::reported),
        failing("health.http.frontend", "frontend", Failure::none, Verdict::ok),
    };
    cause::annotate(findings, graph);
    CHECK(causes(findings, "health.alert.Down.frontend") == Ids{"health.docker.blackbox-exporter"});
    CHECK(causes(findings, "health.docker.nginx").empty());
    CHECK(causes(findings, "health.alert.Down.nginx") == Ids{"health.docker.nginx"});
}

TEST_CASE("a stopped database is the cause, what needs it the consequence") {
    std::vector findings{
        failing("health.docker.postgres", "postgres", Failure::stopped),
        failing("health.postgres.db", "postgres", Failure::refused),
        failing("health.docker.api", "api", Failure::unhealthy),
        failing("health.http.api", "api", Failure::unhealthy),
        failing("health.http.gan-service", "gan-service", Failure::unhealthy),
        failing("health.http.proxy", "nginx", Failure::unhealthy),
        failing("health.alert.PostgresDown.postgres-exporter", "postgres-exporter",
                Failure::reported),
        failing("health.http.frontend", "frontend", Failure::none, Verdict::ok),
    };
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.docker.postgres").empty());
    CHECK(causes(findings, "health.postgres.db") == Ids{"health.docker.postgres"});
    CHECK(causes(findings, "health.http.api") == Ids{"health.docker.api"});
    CHECK(causes(findings, "health.docker.api")
          == Ids{"health.http.gan-service", "health.docker.postgres"});
    CHECK(causes(findings, "health.http.gan-service") == Ids{"health.docker.postgres"});
    CHECK(causes(findings, "health.http.proxy") == Ids{"health.docker.api"});
    CHECK(causes(findings, "health.alert.PostgresDown.postgres-exporter")
          == Ids{"health.docker.postgres"});
    CHECK(causes(findings, "health.http.frontend").empty());
}

TEST_CASE("a service that failed by itself beside a stopped parent keeps its own cause") {
    for (auto own : {Failure::killed, Failure::paused, Failure::stopped, Failure::limit}) {
        std::vector findings{failing("health.docker.postgres", "postgres", Failure::stopped),
                             failing("health.docker.api", "api", own)};
        cause::annotate(findings, gallery_graph());
        CHECK(causes(findings, "health.docker.api").empty());
    }
}

TEST_CASE("a crash follows from its parent only when its last words say so") {
    std::vector findings{failing("health.docker.postgres", "postgres", Failure::stopped),
                         failing("health.docker.api", "api", Failure::crashing)};
    SECTION("silent") {
        cause::annotate(findings, gallery_graph());
        CHECK(causes(findings, "health.docker.api").empty());
    }
    SECTION("speaks of something else") {
        findings[1].evidence.push_back({"log", "KeyError: 'SECRET_KEY'"});
        cause::annotate(findings, gallery_graph());
        CHECK(causes(findings, "health.docker.api").empty());
    }
    SECTION("speaks of the connection") {
        findings[1].evidence.push_back(
            {"log", "psycopg2.OperationalError: could not connect to server"});
        cause::annotate(findings, gallery_graph());
        CHECK(causes(findings, "health.docker.api") == Ids{"health.docker.postgres"});
    }
}

TEST_CASE("what was wrong before the parent failed is not the parent's fault") {
    std::vector findings{failing("health.docker.postgres", "postgres", Failure::stopped),
                         failing("health.docker.api", "api", Failure::unhealthy)};
    findings[0].since = k_now - 1min;
    findings[1].since = k_now - 1h;
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.docker.api").empty());
}

TEST_CASE("without an edge, or with a parent that is well, there is no cause") {
    std::vector findings{failing("health.docker.redis", "redis", Failure::none, Verdict::ok),
                         failing("health.docker.ipfs", "ipfs", Failure::stopped),
                         failing("health.http.frontend", "frontend", Failure::unhealthy),
                         failing("health.http.api", "api", Failure::unhealthy)};
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.http.frontend").empty());
    CHECK(causes(findings, "health.http.api").empty());
}

TEST_CASE("a parent that passed a limit takes nobody down") {
    std::vector findings{failing("health.container-memory.postgres", "postgres", Failure::limit),
                         failing("health.http.api", "api", Failure::unhealthy)};
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.http.api").empty());
}

TEST_CASE("two causes may stand side by side") {
    std::vector findings{failing("health.docker.postgres", "postgres", Failure::stopped),
                         failing("health.docker.redis", "redis", Failure::paused),
                         failing("health.http.api", "api", Failure::unhealthy)};
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.http.api")
          == Ids{"health.docker.postgres", "health.docker.redis"});
}

TEST_CASE("a circle of soft failures has no cause within it") {
    const cause::Graph graph{.needs = {{"a", {"b"}}, {"b", {"a"}}}};
    std::vector findings{failing("health.http.a", "a", Failure::unhealthy),
                         failing("health.http.b", "b", Failure::unhealthy)};
    cause::annotate(findings, graph);
    CHECK(causes(findings, "health.http.a").empty());
    CHECK(causes(findings, "health.http.b").empty());
}

TEST_CASE("an alert folds under what was measured of its service") {
    std::vector findings{failing("health.error-rate.api", "api", Failure::unhealthy),
                         failing("health.alert.High5xx.api", "api", Failure::reported)};
    cause::annotate(findings, gallery_graph());
    CHECK(causes(findings, "health.alert.High5xx.api") == Ids{"health.error-rate.api"});
    CHECK(causes(findings, "health.error-rate.api").empty());
}

TEST_CASE("no edge and no annotation ever changes a verdict, and nothing points at itself") {
    std::mt19937 random{20260304};
    const std::vector<std::string> names{"a", "b", "c", "d", "e"};
    for (int round = 0; round < 300; ++round) {
        cause::Graph graph;
        std::vector<Finding> findings;
        for (const auto& name : names) {
            for (const auto& other : names) {
                if (name != other && random() % 3 == 0) graph.needs[name].insert(other);
            }
            for (const char* family : {"health.docker.", "health.http.", "health.alert."})
                findings.push_back(failing(family + name, name, static_cast<Failure>(random() % 12),
                                           static_cast<Verdict>(random() % 5)));
        }
        const auto before = findings;
        cause::annotate(findings, graph);
        for (std::size_t i = 0; i < findings.size(); ++i) {
            CHECK(findings[i].verdict == before[i].verdict);
            // Following the causes always ends: there is no circle.
            std::vector<std::string> open = findings[i].caused_by;
            for (int steps = 0; !open.empty() && steps < 200; ++steps) {
                const auto id = open.back();
                open.pop_back();
                REQUIRE(id != findings[i].id);
                for (const auto& next : causes(findings, id))
                    open.push_back(next);
            }
        }
    }
}

TEST_CASE("dependencies are read from the compose file, the labels and the environment") {
    auto api = sample::container("api");
    api.environment["DATABASE_URL"] =
        core::Secret{"postgresql://postgres:redis@postgres:5432/ipfs"};
    api.environment["CACHE"] = core::Secret{"host=redis port=6379 password=gan-service"};
    api.environment["NOTE"] = core::Secret{"the ipfs node is fine"};
    auto gan = sample::container("gan-service");
    gan.labels["com.docker.compose.depends_on"] =
        "redis:service_healthy:false,postgres:service_started:true";
    gan.environment["IPFS_API"] = core::Secret{"http://ipfs:5001"};
    auto seen = sample::with_containers({api, gan, sample::container("postgres"),
                                         sample::container("redis"), sample::container("ipfs")});
    seen.compose.emplace();
    seen.compose->services["nginx"].depends_on["api"] = "service_healthy";
    const auto graph = cause::dependencies(seen);
    CHECK(graph.needs.at("api") == std::set<std::string>{"postgres", "redis"});
    CHECK(graph.needs.at("gan-service") == std::set<std::string>{"ipfs", "postgres", "redis"});
    CHECK(graph.needs.at("nginx") == std::set<std::string>{"api"});
}

TEST_CASE("a proxy's errors follow from the server behind it, by its access log alone") {
    auto seen = sample::with_containers({sample::container("nginx"), sample::container("api")});
    seen.endpoints = {{"api", "api", "http://127.0.0.1:8080/health", facts::Http{}, 1ms},
                      {"nginx", "nginx", "http://127.0.0.1:8443/health", facts::Http{}, 1ms}};
    facts::AccessLog log{.window = 30s, .lines = 100, .requests = 100, .errors = 10, .gateway = 6};
    seen.access_logs = {{"nginx", "nginx", "docker", log, 1ms}};
    const std::vector broken{failing("health.docker.api", "api", Failure::paused),
                             failing("health.error-rate.nginx", "nginx", Failure::unhealthy)};
    auto findings = broken;
    cause::annotate(findings, cause::dependencies(seen));
    CHECK(causes(findings, "health.error-rate.nginx") == Ids{"health.docker.api"});
    CHECK(causes(findings, "health.docker.api").empty());

    // Errors of its own stay its own.
    log.gateway = 4;
    seen.access_logs = {{"nginx", "nginx", "docker", log, 1ms}};
    findings = broken;
    cause::annotate(findings, cause::dependencies(seen));
    CHECK(causes(findings, "health.error-rate.nginx").empty());
}

TEST_CASE("a web server's errors follow from the servers behind it that answered with as many") {
    auto nginx = sample::container("nginx");
    nginx.command = {"nginx", "-g", "daemon off;"};
    auto seen = sample::with_containers({nginx, sample::container("api")});
    facts::AccessLog front{.window = 30s, .lines = 100, .requests = 100, .errors = 10};
    facts::AccessLog behind{.window = 30s, .lines = 90, .requests = 90, .errors = 10};
    const auto cause_of = [&](const std::string& id) {
        seen.access_logs = {{"nginx", "nginx", "docker", front, 1ms},
                            {"api", "api", "docker", behind, 1ms}};
        std::vector findings{failing("health.docker.api", "api", Failure::paused),
                             failing("health.error-rate.nginx", "nginx", Failure::unhealthy)};
        cause::annotate(findings, cause::dependencies(seen));
        return causes(findings, id);
    };
    CHECK(cause_of("health.error-rate.nginx") == Ids{"health.docker.api"});
    CHECK(cause_of("health.docker.api").empty());
    // It has errors of its own.
    front.errors = 11;
    CHECK(cause_of("health.error-rate.nginx").empty());
    // Who has more requests is not behind it.
    front = {.window = 30s, .lines = 80, .requests = 80, .errors = 10};
    CHECK(cause_of("health.error-rate.nginx").empty());
}

} // namespace cause_cause_test
