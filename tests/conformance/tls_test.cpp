// SPDX-License-Identifier: MIT
#include "net/stream.hpp"
#include "probe/http.hpp"
#include "probe/monitoring.hpp"
#include "probe/tls.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/hostile_tls.hpp"

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace tls_test {
namespace {

using namespace std::chrono_literals;
using hostile::CertificateWish;

constexpr auto k_day = std::chrono::hours{24};

core::Deadline soon() {
    return core::Deadline::after(10s);
}

struct TlsCase {
    const char* name;
    CertificateWish wish;
    std::vector<std::string> words; ///< that the error must hold; none: the certificate is good
    bool trust_authority = true;
};

std::vector<TlsCase> tls_cases() {
    return {
        {"good", {}, {}},
        {"expired", {.starts = -90 * k_day, .ends = -2 * k_day}, {"expired on ", " UTC"}},
        {"not yet valid", {.starts = 2 * k_day}, {"not valid before "}},
        {"wrong name",
         {.names = {"DNS:shop.example", "DNS:www.shop.example"}},
         {"it is for shop.example, www.shop.example, not for 127.0.0.1"}},
        {"no names at all", {.subject = "old style", .names = {}}, {"it is for CN=old style, not"}},
        {"self-signed",
         {.subject = "gallery self", .self_signed = true},
         {"self-signed (issuer CN=gallery self)"}},
        {"unknown issuer", {}, {"issuer", "CN=Gallery Test CA"}, false},
        {"expired and for another name",
         {.names = {"DNS:shop.example"}, .starts = -90 * k_day, .ends = -2 * k_day},
         {"expired on ", "it is for shop.example"}},
        {"escapes in its subject",
         {.subject = "a\x1b[2J\nb", .self_signed = true},
         {"self-signed (issuer CN=a"}},
    };
}

void check_words(const std::string& text, const std::vector<std::string>& words) {
    for (const auto& word : words) {
        INFO("looking for '" << word << "' in '" << text << "'");
        CHECK(text.find(word) != std::string::npos);
    }
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
}

config::Endpoint endpoint_for(const hostile::Server& server, const std::string& ca_file) {
    config::Endpoint endpoint;
    endpoint.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    endpoint.tls.ca_file = ca_file;
    return endpoint;
}

const hostile::Behaviour k_hello = [](hostile::Connection& client) {
    client.read_request();
    client.send(hostile::http_answer(200, "hello", "text/plain"));
};

core::Result<facts::Http> look(const config::Endpoint& endpoint) {
    return probe::observe_http({&endpoint, 1}, soon(), {}).front();
}

} // namespace

TEST_CASE("a certificate is judged in words, whoever looks at it") {
    const hostile::Authority authority;
    for (const auto& each : tls_cases()) {
        DYNAMIC_SECTION(each.name) {
            const hostile::Server server{k_hello, hostile::with_tls(authority.issue(each.wish))};
            const std::string ca = each.trust_authority ? authority.file() : std::string{};

            const auto answer = look(endpoint_for(server, ca));
            if (each.words.empty()) {
                REQUIRE(answer);
                CHECK(answer->status == 200);
                REQUIRE(answer->certificate);
                CHECK(answer->certificate->verify_error.empty());
            } else {
                REQUIRE_FALSE(answer);
                CHECK(answer.error().kind == core::ErrorKind::tls);
                CHECK(answer.error().phase == core::Phase::tls);
                check_words(answer.error().reason, each.words);
            }

            auto lenient = endpoint_for(server, ca);
            lenient.tls.verify = false;
            const auto unverified = look(lenient);
            REQUIRE(unverified);
            REQUIRE(unverified->certificate);
            check_words(unverified->certificate->verify_error, each.words);

            config::Tls tls;
            tls.ca_file = ca;
            const auto certificate =
                probe::observe_certificate("127.0.0.1", server.port(), tls, soon(), {});
            REQUIRE(certificate);
            check_words(certificate->verify_error, each.words);
            CHECK(certificate->verify_error.empty() == each.words.empty());
        }
    }
}

TEST_CASE("a good certificate's facts are all there") {
    const hostile::Authority authority;
    const hostile::Server server{k_hello, hostile::with_tls(authority.issue({}))};
    const auto answer = look(endpoint_for(server, authority.file()));
    REQUIRE(answer);
    REQUIRE(answer->certificate);
    const auto& certificate = *answer->certificate;
    CHECK(certificate.subject == "CN=localhost");
    CHECK(certificate.issuer == "CN=Gallery Test CA");
    CHECK(certificate.names == std::vector<std::string>{"localhost", "127.0.0.1"});
    CHECK(certificate.protocol == "TLSv1.3");
    CHECK(certificate.key == "EC 256");
    const auto now = std::chrono::system_clock::now();
    CHECK(certificate.not_after > now + 60 * k_day);
    CHECK(certificate.not_after < now + 62 * k_day);
    CHECK(certificate.not_before < now - 23h);
    CHECK(answer->phases.tls.count() > 0);
}

TEST_CASE("the end of a chain is the earliest end in it") {
    const hostile::Authority authority;
    const auto middle = authority.intermediate(10 * k_day);
    const hostile::Server server{k_hello, hostile::with_tls(hostile::issue_by(middle, {}))};
    const auto answer = look(endpoint_for(server, authority.file()));
    REQUIRE(answer);
    CHECK(answer->certificate->not_after < std::chrono::system_clock::now() + 11 * k_day);
}

TEST_CASE("an expired issuer is named") {
    const hostile::Authority authority;
    const auto middle = authority.intermediate(-1h);
    const hostile::Server server{k_hello, hostile::with_tls(hostile::issue_by(middle, {}))};
    const auto answer = look(endpoint_for(server, authority.file()));
    REQUIRE_FALSE(answer);
    check_words(answer.error().reason,
                {"the issuer's certificate (CN=Gallery Test Intermediate) expired on"});
}

TEST_CASE("the virtual host over TLS is the one of the Host header") {
    const hostile::Authority authority;
    const hostile::Server server{
        k_hello, hostile::with_tls(authority.issue({.names = {"DNS:gallery.example"}}))};
    auto endpoint = endpoint_for(server, authority.file());
    endpoint.host_header = "gallery.example";
    const auto answer = look(endpoint);
    REQUIRE(answer);
    CHECK(answer->certificate->verify_error.empty());
}

TEST_CASE("a CA file that can't be used is named") {
    const hostile::Authority authority;
    const hostile::Server server{k_hello, hostile::with_tls(authority.issue({}))};
    const auto missing = look(endpoint_for(server, "/nowhere/ca.pem"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == core::ErrorKind::missing);
    CHECK(missing.error().where == "/nowhere/ca.pem");
    CHECK(missing.error().reason.find("/nowhere/ca.pem") != std::string::npos);
    const auto folder = look(endpoint_for(server, "/tmp"));
    REQUIRE_FALSE(folder);
    CHECK(folder.error().kind == core::ErrorKind::permission);
    CHECK(server.accepted() == 0);
    const auto senseless = look(endpoint_for(server, "/etc/hostname"));
    REQUIRE_FALSE(senseless);
    CHECK(senseless.error().kind == core::ErrorKind::tls);

    config::Tls tls;
    tls.ca_file = "/nowhere/ca.pem";
    const auto seen = probe::observe_certificate("127.0.0.1", server.port(), tls, soon(), {});
    REQUIRE_FALSE(seen);
    CHECK(seen.error().kind == core::ErrorKind::missing);
}

TEST_CASE("credentials are not sent to a server whose certificate is not good") {
    const hostile::Authority authority;
    std::atomic<int> requests{0};
    const hostile::Server server{[&](hostile::Connection& client) {
                                     if (!client.read_request().empty()) ++requests;
                                 },
                                 hostile::with_tls(authority.issue({.ends = -1h}))};
    config::Monitor target;
    target.url = "https://127.0.0.1:" + std::to_string(server.port());
    target.tls.ca_file = authority.file();
    target.bearer_token = core::Secret{"hunter2"};
    const auto grafana = probe::observe_grafana(target, soon(), {});
    REQUIRE_FALSE(grafana);
    CHECK(grafana.error().kind == core::ErrorKind::tls);
    CHECK(requests == 0);
    CHECK(core::describe(grafana.error()).find("hunter2") == std::string::npos);
}

TEST_CASE("a stream over TLS reads, writes and sees the end") {
    const hostile::Authority authority;
    const hostile::Server server{[](hostile::Connection& client) {
                                     const auto request = client.read_request();
                                     client.send(std::string(300000, 'x') + request);
                                 },
                                 hostile::with_tls(authority.issue({}))};
    auto stream = net::Stream::connect("127.0.0.1", server.port(), soon(), {});
    REQUIRE(stream);
    net::TlsSettings settings;
    settings.ca_file = authority.file();
    REQUIRE(stream->start_tls(settings, soon(), {}));
    CHECK(stream->certificate().verify_error.empty());
    REQUIRE(stream->write("ping\r\n\r\n", soon(), {}));
    std::string all;
    std::array<char, 4096> buffer{};
    while (true) {
        const auto got = stream->read(buffer, soon(), {});
        REQUIRE(got);
        if (*got == 0) break;
        all.append(buffer.data(), *got);
    }
    CHECK(all.size() == 300008);
    CHECK(all.ends_with("ping\r\n\r\n"));
}

TEST_CASE("a stream verifies when it is told to") {
    const hostile::Authority authority;
    const hostile::Server server{
        k_hello, hostile::with_tls(authority.issue({.names = {"DNS:shop.example"}}))};
    auto stream = net::Stream::connect("127.0.0.1", server.port(), soon(), {});
    REQUIRE(stream);
    net::TlsSettings settings;
    settings.ca_file = authority.file();
    const auto shaken = stream->start_tls(settings, soon(), {});
    REQUIRE_FALSE(shaken);
    CHECK(shaken.error().kind == core::ErrorKind::tls);
    check_words(shaken.error().reason, {"it is for shop.example, not for 127.0.0.1"});
}

} // namespace tls_test
