// SPDX-License-Identifier: MIT
#include "probe/docker_inspect.hpp"
#include "probe/docker_swarm.hpp"
#include "support/catch.hpp"

#include <algorithm>

namespace probe_docker_swarm_test {
namespace {

constexpr std::string_view k_nodes = R"([
 {"ID": "n2", "Spec": {"Role": "worker", "Availability": "drain"},
  "Description": {"Hostname": "two"}, "Status": {"State": "down", "Message": "heartbeat failure"}},
 {"ID": "n1", "Spec": {"Role": "manager", "Availability": "active"},
  "Description": {"Hostname": "one"}, "Status": {"State": "ready", "Addr": "127.0.0.1"},
  "ManagerStatus": {"Leader": true, "Reachability": "reachable", "Addr": "127.0.0.1:2377"}},
 {"Spec": {}}, 5])";

constexpr std::string_view k_services = R"([
 {"ID": "s1", "UpdatedAt": "2026-01-01T00:00:00.5Z",
  "Spec": {"Name": "gallery_api", "Labels": {"com.docker.stack.namespace": "gallery"},
           "Mode": {"Replicated": {"Replicas": 3}}},
  "UpdateStatus": {"State": "paused", "Message": "update paused due to failure"}},
 {"ID": "s2", "Spec": {"Name": "gallery_agent", "Labels": {"com.docker.stack.namespace": "gallery"},
                       "Mode": {"Global": {}}}},
 {"ID": "s3", "Spec": {"Name": "other", "Mode": {"ReplicatedJob": {"TotalCompletions": 2}}}},
 {"ID": "s4", "Spec": {"Name": "huge", "Mode": {"Replicated": {"Replicas": 18446744073709551615}}}},
 {"ID": "", "Spec": {"Name": "odd"}}, null])";

constexpr std::string_view k_tasks = R"json([
 {"ID": "t1", "ServiceID": "s1", "Slot": 1, "NodeID": "n1", "DesiredState": "running",
  "Status": {"Timestamp": "2026-01-01T00:10:00Z", "State": "running",
             "ContainerStatus": {"ContainerID": "c1", "ExitCode": 0}}},
 {"ID": "t2", "ServiceID": "s1", "Slot": 2, "NodeID": "n2", "DesiredState": "running",
  "Status": {"State": "running", "ContainerStatus": {"ContainerID": "c2"}}},
 {"ID": "t3", "ServiceID": "s1", "Slot": 3, "NodeID": "n1", "DesiredState": "shutdown",
  "Status": {"Timestamp": "2026-01-01T00:05:00Z", "State": "failed",
             "Err": "task: non-zero exit (1)",
             "ContainerStatus": {"ContainerID": "c3", "ExitCode": 1}}},
 {"ID": "t4", "ServiceID": "s1", "Slot": 3, "NodeID": "n1", "DesiredState": "shutdown",
  "Status": {"Timestamp": "2026-01-01T00:06:00Z", "State": "rejected",
             "Err": "No such image: x"}},
 {"ID": "t5", "ServiceID": "s1", "Slot": 3, "DesiredState": "running",
  "Status": {"State": "pending", "Err": "no suitable node (insufficient resources on 1 node)"}},
 {"ID": "t6", "ServiceID": "s2", "NodeID": "n1", "DesiredState": "running",
  "Status": {"State": "running"}},
 {"ID": "t7", "ServiceID": "s2", "NodeID": "n2", "DesiredState": "running",
  "Status": {"State": "running"}},
 {"ID": "t8", "ServiceID": "s3", "NodeID": "n1", "DesiredState": "complete",
  "Status": {"State": "complete", "ContainerStatus": {"ContainerID": "c8"}}},
 {"ID": "t9", "ServiceID": "gone", "DesiredState": "running",
  "Status": {"State": "running"}}, []])json";

probe::SwarmLook look() {
    probe::SwarmLook made;
    made.swarm.manager = true;
    made.swarm.nodes = probe::parse_nodes(k_nodes).value();
    made.swarm.services = probe::parse_services(k_services).value();
    REQUIRE(probe::parse_tasks(k_tasks, made));
    return made;
}

const facts::SwarmService& service(const probe::SwarmLook& made, std::string_view id) {
    const auto found = std::ranges::find(made.swarm.services, id, &facts::SwarmService::id);
    REQUIRE(found != made.swarm.services.end());
    return *found;
}

facts::Container task_container(const std::string& id) {
    facts::Container container;
    container.id = id;
    container.state = facts::ContainerState::exited;
    container.labels["com.docker.swarm.service.id"] = "s1";
    return container;
}

} // namespace

TEST_CASE("the nodes of a swarm are read with their state and role") {
    const auto nodes = probe::parse_nodes(k_nodes).value();
    REQUIRE(nodes.size() == 2);
    CHECK(nodes[0].hostname == "one");
    CHECK(nodes[0].leader);
    CHECK(nodes[0].reachability == "reachable");
    CHECK(nodes[1].availability == "drain");
    CHECK(nodes[1].state == "down");
    CHECK(nodes[1].message == "heartbeat failure");
    CHECK_FALSE(probe::parse_nodes("{}"));
    CHECK_FALSE(probe::parse_nodes("nonsense"));
}

TEST_CASE("tasks are counted as the swarm's own tools count them") {
    const auto made = look();
    const auto& api = service(made, "s1");
    CHECK(api.service == "api");
    CHECK(api.stack == "gallery");
    CHECK(api.desired == 3);
    CHECK(api.running == 1); // the one on the node that is down does not count
    CHECK(api.starting == 1);
    CHECK(api.update_state == "paused");
    REQUIRE(api.failed.size() == 2);
    CHECK(api.failed[0].error == "No such image: x"); // the newest first
    CHECK(api.failed[1].exit_code == 1);
    CHECK(api.failed[1].node == "one");
    REQUIRE(api.waiting.size() == 1);
    CHECK(api.waiting[0].error == "no suitable node (insufficient resources on 1 node)");
    const auto& agent = service(made, "s2");
    CHECK(agent.mode == "global");
    CHECK(agent.desired == 1); // on every node that is up
    CHECK(agent.running == 1);
    const auto& job = service(made, "s3");
    CHECK(job.service == "other");
    CHECK(job.desired == 2);
    CHECK(job.completed == 1);
    CHECK(service(made, "s4").desired == std::numeric_limits<int>::max());
    auto bad = made;
    CHECK_FALSE(probe::parse_tasks("{\"message\": \"x\"}", bad));
}

TEST_CASE("containers of earlier tries are not taken for the service") {
    const auto made = look();
    std::vector<facts::Container> containers{task_container("c1"), task_container("c3"),
                                             task_container("c8")};
    containers.emplace_back().id = "no task";
    probe::drop_past_tasks(containers, made);
    REQUIRE(containers.size() == 3);
    CHECK(containers[1].id == "c8");

    // What the swarm has forgotten, or a worker never knew, says nothing once it has ended.
    auto running = task_container("c5");
    running.state = facts::ContainerState::running;
    containers = {task_container("c9"), running};
    probe::drop_past_tasks(containers, {});
    REQUIRE(containers.size() == 1);
    CHECK(containers[0].id == "c5");
}

TEST_CASE("a project that runs beside a swarm has nothing to do with it") {
    facts::Docker engine;
    engine.cluster = look().swarm;
    auto copy = engine;
    probe::narrow_swarm(copy, "gallery");
    REQUIRE(copy.cluster);
    CHECK(copy.cluster->services.size() == 2);
    probe::narrow_swarm(copy, "shop");
    CHECK_FALSE(copy.cluster);

    engine.cluster = facts::Swarm{.state = "active", .problem = "not a manager"};
    engine.containers.emplace_back();
    copy = engine;
    probe::narrow_swarm(copy, "gallery");
    CHECK_FALSE(copy.cluster); // its containers are compose's
    engine.containers.front() = task_container("c1");
    probe::narrow_swarm(engine, "gallery");
    CHECK(engine.cluster);
}

TEST_CASE("a stack is a project, and its services are named as in its file") {
    const auto listed = probe::parse_container_list(R"([
     {"Id": "a", "Names": ["/gallery_api.1.x"], "Labels": {"com.docker.stack.namespace": "gallery",
       "com.docker.swarm.service.name": "gallery_api", "com.docker.swarm.service.id": "s1"}},
     {"Id": "b", "Names": ["/lone.1.y"], "Labels": {"com.docker.swarm.service.name": "lone"}},
     {"Id": "c", "Names": ["/x_db_1"], "Labels": {"com.docker.compose.project": "x",
       "com.docker.compose.service": "db", "com.docker.stack.namespace": "gallery"}}])");
    REQUIRE(listed);
    REQUIRE(listed->size() == 3);
    CHECK((*listed)[0].project == "gallery");
    CHECK((*listed)[0].service == "api");
    CHECK(probe::is_swarm_task((*listed)[0]));
    CHECK((*listed)[1].project.empty());
    CHECK((*listed)[1].service == "lone");
    CHECK((*listed)[2].project == "x");
    CHECK((*listed)[2].service == "db");
}

} // namespace probe_docker_swarm_test
