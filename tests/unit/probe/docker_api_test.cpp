// SPDX-License-Identifier: MIT
#include "probe/docker_api.hpp"
#include "support/catch.hpp"

namespace probe_docker_api_test {
namespace {

config::DockerHost host(const char* url, const char* ca = "") {
    config::DockerHost host;
    host.url = url;
    host.tls.ca_file = ca;
    return host;
}

} // namespace

TEST_CASE("addresses of Engines") {
    const auto local = probe::parse_docker_url(host("unix:///run/x.sock"));
    REQUIRE(local);
    CHECK(local->unix_socket == "/run/x.sock");
    CHECK(local->get("/version").url == "http://docker/version");
    CHECK(local->get("/version").unix_socket == "/run/x.sock");
    CHECK(probe::parse_docker_url(host(""))->unix_socket == "/var/run/docker.sock");
    CHECK(probe::parse_docker_url(host("tcp://h:2375/"))->base == "http://h:2375");
    CHECK(probe::parse_docker_url(host("tcp://h:2376"))->base == "https://h:2376");
    CHECK(probe::parse_docker_url(host("tcp://h:9999", "/ca.pem"))->base == "https://h:9999");
    CHECK(probe::parse_docker_url(host("tcp://[::1]:2375"))->base == "http://[::1]:2375");
    CHECK(probe::parse_docker_url(host("https://h"))->base == "https://h");
    for (const char* bad : {"unix://", "unix://relative", "ssh://h", "tcp://", "npipe:////./x", "h",
                            "tcp://h:99999"}) {
        CAPTURE(bad);
        const auto address = probe::parse_docker_url(host(bad));
        REQUIRE_FALSE(address);
        CHECK_FALSE(address.error().hint.empty());
    }
}

TEST_CASE("the list is narrowed to a project whatever its name") {
    CHECK(probe::list_path("1.41", "") == "/v1.41/containers/json?all=1");
    CHECK(probe::list_path("1.41", "a b\"&")
          == "/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose."
             "project%3Da%20b%5C%22%26%22%5D%7D");
}

} // namespace probe_docker_api_test
