// SPDX-License-Identifier: MIT
// What hangs under a service's own failure, what does not, and whom a crash blames.
#include "cause/cause.hpp"
#include "unit/cause/support.hpp"
#include "unit/health/support.hpp"

#include <string>
#include <vector>

namespace cause_symptoms_test {

using namespace std::chrono_literals;
using core::Failure;
using core::Finding;
using core::Verdict;
using sample::failing;
using sample::find;

namespace {

using Ids = std::vector<std::string>;

Ids causes(std::vector<Finding> findings, const std::string& id, const cause::Graph& graph = {}) {
    cause::annotate(findings, graph);
    return find(findings, id).caused_by;
}

} // namespace

TEST_CASE("nothing critical hangs under a warning of its own service") {
    const auto alert = failing("health.alert.Down.api", "api", Failure::reported);
    const auto page = failing("health.http.api", "api", Failure::unhealthy);
    const auto memory =
        failing("health.container-memory.api", "api", Failure::limit, Verdict::warning);
    const auto starting = failing("health.docker.api", "api", Failure::unhealthy, Verdict::warning);
    CHECK(causes({memory, alert}, alert.id).empty());
    CHECK(causes({starting, page}, page.id).empty());
    CHECK(causes({starting, alert}, alert.id).empty());

    auto slow = page;
    slow.verdict = Verdict::warning;
    CHECK(causes({starting, slow}, slow.id) == Ids{starting.id});
}

TEST_CASE("what is graver than its own service's failure may follow from a neighbour's") {
    const cause::Graph graph{.needs = {{"api", {"postgres"}}}};
    const auto starting = failing("health.docker.api", "api", Failure::unhealthy, Verdict::warning);
    const auto page = failing("health.http.api", "api", Failure::unhealthy);
    const auto database = failing("health.docker.postgres", "postgres", Failure::stopped);
    CHECK(causes({starting, page, database}, page.id, graph) == Ids{database.id});
}

TEST_CASE("an alert does not follow from a figure at its limit, nor from slowness") {
    for (const auto failure : {Failure::limit, Failure::slow}) {
        const auto figure = failing("health.http-latency.api", "api", failure);
        const auto alert = failing("health.alert.Down.api", "api", Failure::reported);
        CHECK(causes({figure, alert}, alert.id).empty());
    }
}

TEST_CASE("an alert that names no service does not follow from Alertmanager's own trouble") {
    const auto server = failing("health.docker.alertmanager", "alertmanager", Failure::unhealthy);
    const auto nobodys = failing("health.alert.DiskFull", "alertmanager", Failure::reported);
    const auto its_own =
        failing("health.alert.Down.alertmanager", "alertmanager", Failure::reported);
    CHECK(causes({server, nobodys}, nobodys.id).empty());
    CHECK(causes({server, its_own}, its_own.id) == Ids{server.id});
}

TEST_CASE("a crash blames a parent by its name, not by a piece of another word") {
    struct Row {
        const char* says;
        bool blames;
    };

    const cause::Graph graph{.needs = {{"api", {"db"}}}};
    for (const auto& row :
         {Row{"feedback table is broken", false}, Row{"KeyError: 'DB_NAME'", false},
          Row{"can't open gallery.db", false}, Row{"no such file: /var/lib/db", false},
          Row{"redis://cache/db is no number", false}, Row{"my-db is fine", false},
          Row{"getaddrinfo ENOTFOUND db", true}, Row{"lost tcp://db:5432", true},
          Row{"db.TimeoutError", true}, Row{"user@DB: gone", true},
          Row{"Connection refused", true}}) {
        INFO(row.says);
        auto api = failing("health.docker.api", "api", Failure::crashing);
        api.evidence.push_back({"log", row.says});
        const auto parent = failing("health.docker.db", "db", Failure::stopped);
        CHECK(causes({api, parent}, api.id, graph) == (row.blames ? Ids{parent.id} : Ids{}));
    }
}

TEST_CASE("with an unknown beginning neither came first") {
    const cause::Graph graph{.needs = {{"api", {"gan"}}}};
    auto api = failing("health.docker.api", "api", Failure::unhealthy);
    const auto gan = failing("health.docker.gan", "gan", Failure::unhealthy);
    api.since = sample::k_now - 1h;
    CHECK(causes({api, gan}, api.id, graph) == Ids{gan.id});
}

} // namespace cause_symptoms_test
