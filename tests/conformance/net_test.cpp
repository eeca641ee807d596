// SPDX-License-Identifier: MIT
#include "net/address.hpp"
#include "net/http.hpp"
#include "net/lookup.hpp"
#include "net/stream.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <netdb.h>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace net_test {
namespace {

using namespace std::chrono_literals;

core::Deadline soon() {
    return core::Deadline::after(10s);
}

/// How many lookups hang in the test's resolver, and whether they may go on.
std::atomic<int> g_hanging{0};
std::atomic<bool> g_release{false};

net::LookupAnswer hang(const std::string& /*host*/) {
    ++g_hanging;
    while (!g_release)
        std::this_thread::sleep_for(5ms);
    --g_hanging;
    return {EAI_AGAIN, 0, {}};
}

/// Puts a resolver in place of getaddrinfo; waits for its hanging threads when it goes.
class WithResolver {
  public:
    explicit WithResolver(net::Resolver resolver) : m_before(net::exchange_resolver(resolver)) {
        g_release = false;
    }

    ~WithResolver() {
        net::exchange_resolver(m_before);
        g_release = true;
        while (g_hanging > 0)
            std::this_thread::sleep_for(1ms);
    }

    WithResolver(const WithResolver&) = delete;
    WithResolver& operator=(const WithResolver&) = delete;

  private:
    net::Resolver m_before;
};

class Watch {
  public:
    [[nodiscard]] std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - m_began);
    }

  private:
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

net::HttpRequest get(const std::string& url) {
    net::HttpRequest request;
    request.url = url;
    return request;
}

std::string url_of(std::uint16_t port, const std::string& host = "127.0.0.1") {
    return "http://" + host + ":" + std::to_string(port) + "/";
}

hostile::Behaviour answers(const std::string& body) {
    return [body](hostile::Connection& client) {
        client.read_request();
        client.send(hostile::http_answer(200, body, "text/plain"));
    };
}

} // namespace

TEST_CASE("numeric addresses need no resolver") {
    const WithResolver none{hang};
    const auto v4 = net::resolve("127.0.0.1", 80, soon(), {});
    REQUIRE(v4);
    CHECK(*v4 == std::vector<net::Address>{{"127.0.0.1", 80}});
    const auto v6 = net::resolve("::1", 443, soon(), {});
    REQUIRE(v6);
    CHECK(*v6 == std::vector<net::Address>{{"::1", 443}});
    CHECK(g_hanging == 0);
}

TEST_CASE("what is no host name is not asked for") {
    for (const std::string& host : {std::string{}, std::string{"a b"}, std::string{"a\nb"},
                                    std::string{"a\0b", 3}, std::string(300, 'x')}) {
        const auto found = net::resolve(host, 80, soon(), {});
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == core::ErrorKind::unreachable);
        CHECK(found.error().phase == core::Phase::dns);
    }
}

TEST_CASE("a resolver's failures are told apart") {
    const WithResolver odd{+[](const std::string& host) -> net::LookupAnswer {
        if (host == "twice.test") return {0, 0, {"127.0.0.1", "127.0.0.1", "::1"}};
        if (host == "none.test") return {EAI_NONAME, 0, {}};
        if (host == "again.test") return {EAI_AGAIN, 0, {}};
        if (host == "files.test") return {EAI_SYSTEM, EMFILE, {}};
        return {0, 0, {}};
    }};
    const auto kind_of = [](const char* host) {
        return net::resolve(host, 80, soon(), {}).error().kind;
    };
    CHECK(kind_of("none.test") == core::ErrorKind::unreachable);
    CHECK(kind_of("again.test") == core::ErrorKind::unreachable);
    CHECK(kind_of("files.test") == core::ErrorKind::observer);
    CHECK(kind_of("empty.test") == core::ErrorKind::unreachable);
    CHECK(net::resolve("twice.test", 80, soon(), {}).has_value());
    CHECK(net::resolve("none.test", 80, soon(), {}).error().reason
          == "no such host name 'none.test'");
}

TEST_CASE("a resolver that hangs costs no more than the deadline, and only its own requests") {
    const WithResolver hanging{hang};
    const hostile::Server server{answers("alive")};
    const std::vector<net::HttpRequest> requests{get(url_of(80, "hangs.test")),
                                                 get(url_of(server.port())),
                                                 get(url_of(80, "hangs-too.test"))};
    const Watch watch;
    const auto results = net::fetch_all(requests, core::Deadline::after(300ms), {});
    CHECK(watch.elapsed() < 300ms + k_slack);
    REQUIRE(results.size() == 3);
    REQUIRE(results[1]);
    CHECK(results[1]->body == "alive");
    for (const std::size_t i : {0U, 2U}) {
        REQUIRE_FALSE(results[i]);
        CHECK(results[i].error().kind == core::ErrorKind::timeout);
        CHECK(results[i].error().phase == core::Phase::dns);
        CHECK(results[i].error().reason.find("could not be looked up in") != std::string::npos);
    }
}

TEST_CASE("a resolver that hangs can't keep a stop from working") {
    const WithResolver hanging{hang};
    std::stop_source source;
    std::thread stopper{[&] {
        std::this_thread::sleep_for(60ms);
        source.request_stop();
    }};
    const Watch watch;
    const auto found =
        net::resolve("hangs.test", 80, core::Deadline::after(60s), source.get_token());
    const auto answer =
        net::fetch(get("http://hangs.test/"), core::Deadline::after(60s), source.get_token());
    const auto stream =
        net::Stream::connect("hangs.test", 80, core::Deadline::after(60s), source.get_token());
    CHECK(watch.elapsed() < 60ms + k_slack);
    stopper.join();
    REQUIRE_FALSE(found);
    REQUIRE_FALSE(answer);
    REQUIRE_FALSE(stream);
    CHECK(found.error().kind == core::ErrorKind::cancelled);
    CHECK(answer.error().kind == core::ErrorKind::cancelled);
    CHECK(stream.error().kind == core::ErrorKind::cancelled);
}

TEST_CASE("hanging lookups are bounded in number, and free again once they end") {
    {
        const WithResolver hanging{hang};
        std::vector<net::Lookup> lookups;
        for (int i = 0; i < 64; ++i)
            lookups.push_back(net::Lookup::start("hangs" + std::to_string(i) + ".test"));
        // Only what has hung for a while hangs.
        std::this_thread::sleep_for(1200ms);
        lookups.push_back(net::Lookup::start("no-place.test"));
        REQUIRE(lookups.back().done());
        CHECK(lookups.back().wait(soon(), {}).error().kind == core::ErrorKind::observer);
    }
    // The threads end a moment after their lookups: only then is there room for as many again.
    const WithResolver quick{+[](const std::string& /*host*/) -> net::LookupAnswer {
        std::this_thread::sleep_for(20ms);
        return {0, 0, {"127.0.0.1"}};
    }};
    const auto all_found = [] {
        std::vector<net::Lookup> lookups;
        for (int i = 0; i < 40; ++i)
            lookups.push_back(net::Lookup::start("found" + std::to_string(i) + ".test"));
        return std::ranges::all_of(
            lookups, [](net::Lookup& lookup) { return lookup.wait(soon(), {}).has_value(); });
    };
    bool free_again = false;
    for (int tries = 0; tries < 50 && !free_again; ++tries)
        free_again = all_found();
    CHECK(free_again);
    std::this_thread::sleep_for(100ms);
}

TEST_CASE("a dead address does not hide a living one") {
    static std::uint16_t port = 0;
    const hostile::Server server{answers("alive")};
    port = server.port();
    const WithResolver two{+[](const std::string& host) -> net::LookupAnswer {
        if (host == "refuses.test") return {0, 0, {"127.0.0.2", "127.0.0.1"}};
        return {0, 0, {"127.0.0.3", "127.0.0.1"}};
    }};
    const hostile::BlackHole hole{"127.0.0.3", port};
    for (const std::string host : {"refuses.test", "silent.test"}) {
        INFO(host);
        const auto deadline = core::Deadline::after(2s);
        const auto answer = net::fetch(get(url_of(port, host)), deadline, {});
        REQUIRE(answer);
        CHECK(answer->body == "alive");
        const auto stream = net::Stream::connect(host, port, core::Deadline::after(2s), {});
        REQUIRE(stream);
        CHECK(stream->remote() == net::Address{"127.0.0.1", port});
    }
}

TEST_CASE("when all addresses fail, each is named") {
    const WithResolver two{+[](const std::string& /*host*/) -> net::LookupAnswer {
        return {0, 0, {"127.0.0.2", "127.0.0.1"}};
    }};
    const auto stream = net::Stream::connect("two.test", hostile::closed_port(), soon(), {});
    REQUIRE_FALSE(stream);
    CHECK(stream.error().kind == core::ErrorKind::refused);
    CHECK(stream.error().reason == "127.0.0.2: connection refused; 127.0.0.1: connection refused");
}

TEST_CASE("requests run side by side and keep their order") {
    std::vector<std::unique_ptr<hostile::Server>> servers;
    std::vector<net::HttpRequest> requests;
    for (int i = 0; i < 12; ++i) {
        servers.push_back(std::make_unique<hostile::Server>([i](hostile::Connection& client) {
            client.read_request();
            std::this_thread::sleep_for(300ms);
            client.send(hostile::http_answer(240 + i, std::to_string(i)));
        }));
        requests.push_back(get(url_of(servers.back()->port())));
    }
    const Watch watch;
    const auto results = net::fetch_all(requests, soon(), {});
    CHECK(watch.elapsed() < 300ms * 12 / 2);
    for (int i = 0; i < 12; ++i) {
        const auto& result = results[static_cast<std::size_t>(i)];
        REQUIRE(result);
        CHECK(result->status == 240 + i);
        CHECK(result->body == std::to_string(i));
    }
}

TEST_CASE("an answer's facts are all there") {
    const hostile::Server server{[](hostile::Connection& client) {
        client.read_request();
        std::this_thread::sleep_for(20ms);
        client.send("HTTP/1.1 100 Continue\r\n\r\n");
        client.send(
            hostile::http_answer(203, "body", "text/plain", "X-Twice: one\r\nx-tWICE:  two \r\n"));
    }};
    const auto answer = net::fetch(get(url_of(server.port())), soon(), {});
    REQUIRE(answer);
    CHECK(answer->status == 203);
    CHECK(answer->body == "body");
    CHECK(answer->headers.at("x-twice") == "one, two");
    CHECK(answer->headers.at("content-type") == "text/plain");
    CHECK(answer->http_version == "1.1");
    CHECK(answer->remote_address == "127.0.0.1");
    CHECK_FALSE(answer->certificate);
    CHECK(answer->phases.first_byte >= 15ms);
    CHECK(answer->phases.total >= answer->phases.first_byte);
}

TEST_CASE("what is sent is what was asked for") {
    std::string seen;
    const hostile::Server server{[&](hostile::Connection& client) {
        seen = client.read_request();
        client.send(hostile::http_answer(200, ""));
    }};
    net::HttpRequest request = get(url_of(server.port()) + "a/b?c=d");
    request.method = "POST";
    request.body = "{}";
    request.content_type = "application/json";
    request.username = "ops";
    request.password = core::Secret{"hunter2"};
    request.headers["X-Token"] = core::Secret{"t0ken"};
    REQUIRE(net::fetch(request, soon(), {}));
    CHECK(seen.starts_with("POST /a/b?c=d HTTP/1.1\r\n"));
    CHECK(seen.find("Authorization: Basic b3BzOmh1bnRlcjI=\r\n") != std::string::npos);
    CHECK(seen.find("X-Token: t0ken\r\n") != std::string::npos);
    CHECK(seen.find("Content-Type: application/json\r\n") != std::string::npos);
    CHECK(seen.find("Content-Length: 2\r\n") != std::string::npos);
    CHECK(seen.find("Expect:") == std::string::npos);
}

TEST_CASE("a header can't smuggle a second one in") {
    net::HttpRequest request = get("http://127.0.0.1:1/");
    request.headers["X-Token"] = core::Secret{"a\r\nX-Evil: b"};
    const auto answer = net::fetch(request, soon(), {});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == core::ErrorKind::observer);
    CHECK(core::describe(answer.error()).find("Evil") == std::string::npos);
}

TEST_CASE("the environment's proxies are not asked") {
    const hostile::Server proxy{answers("from the proxy")};
    const hostile::Server server{answers("from the target")};
    const std::string url = url_of(proxy.port());
    ::setenv("http_proxy", url.c_str(), 1); // NOLINT(concurrency-mt-unsafe)
    ::setenv("ALL_PROXY", url.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    const auto answer = net::fetch(get(url_of(server.port())), soon(), {});
    ::unsetenv("http_proxy"); // NOLINT(concurrency-mt-unsafe)
    ::unsetenv("ALL_PROXY");  // NOLINT(concurrency-mt-unsafe)
    REQUIRE(answer);
    CHECK(answer->body == "from the target");
    CHECK(proxy.accepted() == 0);
}

TEST_CASE("a redirect is an answer, not an order") {
    const hostile::Server other{answers("elsewhere")};
    const hostile::Server server{[&](hostile::Connection& client) {
        client.read_request();
        client.send(hostile::http_answer(302, "", "text/html",
                                         "Location: " + url_of(other.port()) + "\r\n"));
    }};
    const auto answer = net::fetch(get(url_of(server.port())), soon(), {});
    REQUIRE(answer);
    CHECK(answer->status == 302);
    CHECK(other.accepted() == 0);
}

TEST_CASE("bodies are bounded") {
    const hostile::Server server{answers(std::string(1000, 'x'))};
    auto request = get(url_of(server.port()));
    request.max_body = 1000;
    CHECK(net::fetch(request, soon(), {})->body.size() == 1000);
    request.max_body = 999;
    const auto refused = net::fetch(request, soon(), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == core::ErrorKind::too_large);
    request.truncate_body = true;
    const auto cut = net::fetch(request, soon(), {});
    REQUIRE(cut);
    CHECK(cut->body == std::string(999, 'x'));
    CHECK(cut->status == 200);
}

TEST_CASE("HTTP over a Unix socket, and its failures") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("gallery-ops-net-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    const std::string path = (folder / "server.sock").string();
    {
        const auto server = hostile::Server::on_unix_socket(answers("over a socket"), path);
        auto request = get("http://docker/version");
        request.unix_socket = path;
        const auto answer = net::fetch(request, soon(), {});
        REQUIRE(answer);
        CHECK(answer->body == "over a socket");
    }
    auto request = get("http://docker/version");
    request.unix_socket = path;
    const auto refused = net::fetch(request, soon(), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == core::ErrorKind::refused);
    CHECK(refused.error().where == path);
    request.unix_socket = (folder / "none.sock").string();
    const auto missing = net::fetch(request, soon(), {});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == core::ErrorKind::unreachable);
    request.unix_socket = "/" + std::string(200, 'x');
    const auto long_path = net::fetch(request, soon(), {});
    REQUIRE_FALSE(long_path);
    CHECK(long_path.error().kind == core::ErrorKind::observer);
    std::filesystem::remove_all(folder);
}

TEST_CASE("running out of descriptors is our trouble, not the target's") {
    const hostile::Server server{answers("alive")};
    (void)net::fetch(get(url_of(server.port())), soon(), {}); // whatever is opened once, is open
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int next = ::dup(0);
    ::close(next);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &tight);
    const auto answer = net::fetch(get(url_of(server.port())), core::Deadline::after(1s), {});
    const auto stream =
        net::Stream::connect("127.0.0.1", server.port(), core::Deadline::after(1s), {});
    ::setrlimit(RLIMIT_NOFILE, &before);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == core::ErrorKind::observer);
    REQUIRE_FALSE(stream);
    CHECK(stream.error().kind == core::ErrorKind::observer);
}

TEST_CASE("no secret reaches an error") {
    auto request = get("http://ops:hunter2@127.0.0.1:" + std::to_string(hostile::closed_port())
                       + "/?token=hunter2");
    request.username = "ops";
    request.password = core::Secret{"hunter2"};
    const auto answer = net::fetch(request, soon(), {});
    REQUIRE_FALSE(answer);
    CHECK(core::describe(answer.error()).find("hunter2") == std::string::npos);
}

TEST_CASE("a stream whose server stalls ends by the deadline, with the phase") {
    const hostile::Server server{[](hostile::Connection& client) {
        client.read_request();
        client.send("half");
        client.hold();
    }};
    auto stream = net::Stream::connect("127.0.0.1", server.port(), soon(), {});
    REQUIRE(stream);
    REQUIRE(stream->write("x\r\n\r\n", soon(), {}));
    std::array<char, 64> buffer{};
    const auto first = stream->read(buffer, soon(), {});
    REQUIRE(first);
    CHECK(*first == 4);
    const Watch watch;
    const auto more = stream->read(buffer, core::Deadline::after(100ms), {});
    CHECK(watch.elapsed() < 100ms + k_slack);
    REQUIRE_FALSE(more);
    CHECK(more.error().kind == core::ErrorKind::timeout);
    CHECK(more.error().phase == core::Phase::body);
}

TEST_CASE("a stream whose server takes no bytes ends by the deadline") {
    const hostile::Server server{[](hostile::Connection& client) { client.hold(); }};
    auto stream = net::Stream::connect("127.0.0.1", server.port(), soon(), {});
    REQUIRE(stream);
    const auto written =
        stream->write(std::string(64U << 20U, 'x'), core::Deadline::after(200ms), {});
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == core::ErrorKind::timeout);
    CHECK(written.error().phase == core::Phase::request);
}

TEST_CASE("URLs that are none are refused at once") {
    for (const char* url : {"", "/path", "ftp://127.0.0.1/", "file:///etc/passwd", "http://",
                            "http://127.0.0.1:99999/", "http://a b/", "gopher://127.0.0.1/"}) {
        INFO(url);
        const auto answer = net::fetch(get(url), soon(), {});
        REQUIRE_FALSE(answer);
        CHECK((answer.error().kind == core::ErrorKind::protocol
               || answer.error().kind == core::ErrorKind::unreachable));
    }
}

} // namespace net_test
