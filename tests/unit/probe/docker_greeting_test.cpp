// SPDX-License-Identifier: MIT
#include "probe/docker_inspect.hpp"
#include "support/catch.hpp"

#include <map>
#include <string>

namespace probe_docker_greeting_test {

using Headers = std::map<std::string, std::string>;

TEST_CASE("the headers of a ping say which Engine it is") {
    const auto docker = probe::version_in_headers(
        {{"api-version", "1.41"}, {"server", "Docker/20.10.24+dfsg1 (linux)"}, {"swarm", "x"}});
    REQUIRE(docker);
    CHECK(docker->engine == "20.10.24+dfsg1");
    CHECK(docker->api == "1.41");
    CHECK(docker->least.empty());
    CHECK_FALSE(docker->podman);
    CHECK(probe::negotiate_api(*docker) == "1.41");

    const auto podman =
        probe::version_in_headers({{"api-version", "1.40"}, {"server", "Libpod/3.0.1"}});
    REQUIRE(podman);
    CHECK(podman->engine == "3.0.1");
    CHECK(podman->podman);
}

TEST_CASE("headers of others say nothing of the Engine") {
    for (const auto& headers :
         {Headers{}, Headers{{"api-version", "1.41"}}, Headers{{"server", "Docker/20.10 (linux)"}},
          Headers{{"api-version", "1.41"}, {"server", "nginx/1.22"}},
          Headers{{"api-version", "1.41"}, {"server", ""}}}) {
        CHECK_FALSE(probe::version_in_headers(headers));
    }
}

} // namespace probe_docker_greeting_test
