// SPDX-License-Identifier: MIT
#include "net/trust_store.hpp"
#include "probe/http.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/hostile_tls.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace trust_test {

// Which certificates are believed, and which of them count.

namespace {

using namespace std::chrono_literals;

constexpr auto k_day = std::chrono::hours{24};

core::Result<facts::Http> look(const hostile::Identity& identity, const std::string& ca_file) {
    const hostile::Server server{[](hostile::Connection& client) {
                                     client.read_request();
                                     client.send(hostile::http_answer(200, "hello", "text/plain"));
                                 },
                                 hostile::with_tls(identity)};
    config::Endpoint endpoint;
    endpoint.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    endpoint.tls.ca_file = ca_file;
    return probe::observe_http({&endpoint, 1}, core::Deadline::after(10s), {}).front();
}

} // namespace

TEST_CASE("a certificate that is sent needlessly may be as old as it likes") {
    const hostile::Authority authority;
    auto identity = authority.issue({});
    identity.chain.push_back(authority.intermediate(-1h).certificate);
    const auto answer = look(identity, authority.file());
    if (!answer) FAIL(core::describe(answer.error()));
    REQUIRE(answer->certificate);
    CHECK(answer->certificate->not_after > std::chrono::system_clock::now() + 60 * k_day);
}

TEST_CASE("the end of the trusted root counts as that of the chain") {
    const hostile::Authority authority{"Ends Soon CA", 5 * k_day};
    const auto answer = look(authority.issue({}), authority.file());
    REQUIRE(answer);
    CHECK(answer->certificate->not_after < std::chrono::system_clock::now() + 6 * k_day);
}

TEST_CASE("a CA file is read once, and again when it has changed") {
    const hostile::Authority first{"First CA"};
    const hostile::Authority second{"Second CA"};
    const auto file =
        std::filesystem::temp_directory_path() / ("gallery-ops-ca-" + std::to_string(::getpid()));
    const auto replace_by = [&](const hostile::Authority& authority) {
        std::filesystem::remove(file);
        std::filesystem::copy_file(authority.file(), file);
    };
    replace_by(first);
    const auto store = net::trust_store(file.string());
    REQUIRE(store);
    CHECK(net::trust_store(file.string()) == store);
    CHECK(look(first.issue({}), file.string()).has_value());
    CHECK_FALSE(look(second.issue({}), file.string()).has_value());

    replace_by(second);
    CHECK(net::trust_store(file.string()) != store);
    CHECK(look(second.issue({}), file.string()).has_value());
    CHECK_FALSE(look(first.issue({}), file.string()).has_value());

    std::filesystem::remove(file);
    CHECK(net::trust_store(file.string()) == nullptr);
    CHECK(net::trust_store("/etc/hostname") == nullptr);
    REQUIRE(net::trust_store(""));
    CHECK(net::trust_store("") == net::trust_store(""));
}

} // namespace trust_test
