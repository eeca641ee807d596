// SPDX-License-Identifier: MIT
#include "net/http.hpp"
#include "net/knock.hpp"
#include "net/lookup.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace net_limits_test {

// What many targets at once cost one another, and addresses that are no names.

namespace {

using namespace std::chrono_literals;
using net::Knock;

/// A server on ::1 that gives the same answer to everybody; its port is 0 where there is no ::1.
class ServerOnSix {
  public:
    ServerOnSix() {
        m_fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in6 at{};
        at.sin6_family = AF_INET6;
        at.sin6_addr = in6addr_loopback;
        socklen_t size = sizeof at;
        auto* generic = reinterpret_cast<sockaddr*>(&at);
        if (m_fd < 0 || ::bind(m_fd, generic, size) != 0 || ::listen(m_fd, 4) != 0) return;
        ::getsockname(m_fd, generic, &size);
        m_port = ntohs(at.sin6_port);
        m_thread = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
    }

    ~ServerOnSix() {
        m_thread = {};
        if (m_fd >= 0) ::close(m_fd);
    }

    ServerOnSix(const ServerOnSix&) = delete;
    ServerOnSix& operator=(const ServerOnSix&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }

  private:
    void serve(const std::stop_token& stop) const {
        const std::atomic<bool> stopping{false};
        while (!stop.stop_requested()) {
            pollfd entry{m_fd, POLLIN, 0};
            if (::poll(&entry, 1, 10) <= 0) continue;
            const int fd = ::accept4(m_fd, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            hostile::Connection client{fd, stopping};
            client.read_request();
            client.send(hostile::http_answer(200, "six", "text/plain"));
        }
    }

    int m_fd = -1;
    std::uint16_t m_port = 0;
    std::jthread m_thread{};
};

net::HttpRequest get(std::uint16_t port, const std::string& path = "/") {
    net::HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(port) + path;
    return request;
}

/// Answers every path but /hang, and counts how many are asked for at one time.
class Counting {
  public:
    [[nodiscard]] hostile::Behaviour behaviour() {
        return [this](hostile::Connection& client) {
            const int open = ++m_open;
            for (int most = m_most; open > most && !m_most.compare_exchange_weak(most, open);) {
            }
            if (client.read_request().starts_with("GET /hang")) {
                client.hold();
            } else {
                std::this_thread::sleep_for(5ms);
                --m_open;
                client.send(hostile::http_answer(200, "well", "text/plain"));
            }
        };
    }

    [[nodiscard]] int most() const { return m_most; }

  private:
    std::atomic<int> m_open{0};
    std::atomic<int> m_most{0};
};

/// Puts a resolver in place of getaddrinfo.
class WithResolver {
  public:
    explicit WithResolver(net::Resolver resolver) : m_before(net::exchange_resolver(resolver)) {}

    ~WithResolver() { net::exchange_resolver(m_before); }

    WithResolver(const WithResolver&) = delete;
    WithResolver& operator=(const WithResolver&) = delete;

  private:
    net::Resolver m_before;
};

} // namespace

TEST_CASE("a URL with an IPv6 address is fetched") {
    const ServerOnSix server;
    if (server.port() == 0) {
        WARN("this machine has no ::1");
        return;
    }
    net::HttpRequest request;
    request.url = "http://[::1]:" + std::to_string(server.port()) + "/";
    const auto answer = net::fetch(request, core::Deadline::after(10s), {});
    if (!answer) FAIL(core::describe(answer.error()));
    CHECK(answer->body == "six");
    CHECK(answer->remote_address == "::1");
}

TEST_CASE("requests in a window keep their order, and one that hangs costs one place") {
    Counting counting;
    const hostile::Server server{counting.behaviour()};
    std::vector<net::HttpRequest> requests;
    for (int i = 0; i < 40; ++i)
        requests.push_back(get(server.port(), i == 2 ? "/hang" : "/"));
    const auto began = std::chrono::steady_clock::now();
    const auto answers = net::fetch_all(requests, core::Deadline::after(3s), {}, 4);
    CHECK(std::chrono::steady_clock::now() - began < 3s + k_slack);
    REQUIRE(answers.size() == requests.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        CAPTURE(i);
        CHECK(answers[i].has_value() == (i != 2));
    }
    CHECK(counting.most() <= 4);
}

TEST_CASE("what had no place before the deadline or a stop says so, and blames nobody else") {
    Counting counting;
    const hostile::Server server{counting.behaviour()};
    const std::vector requests{get(server.port(), "/hang"), get(server.port()), get(server.port())};
    const auto answers = net::fetch_all(requests, core::Deadline::after(100ms), {}, 1);
    REQUIRE(answers.size() == 3);
    REQUIRE_FALSE(answers[2]);
    CHECK(answers[0].error().phase == core::Phase::first_byte);
    CHECK(answers[2].error().kind == core::ErrorKind::timeout);
    CHECK(answers[2].error().own == core::OwnTrouble::none);
    CHECK(answers[2].error().reason == "no time was left to ask it");
    CHECK_FALSE(answers[2].error().where.empty());
    CHECK(server.accepted() == 1);

    std::stop_source source;
    source.request_stop();
    const auto stopped =
        net::fetch_all(requests, core::Deadline::after(30s), source.get_token(), 1);
    for (const auto& answer : stopped)
        CHECK(answer.error().kind == core::ErrorKind::cancelled);

    const auto late = net::fetch(get(server.port()), core::Deadline::after(0ms), {});
    REQUIRE_FALSE(late);
    CHECK(late.error().own == core::OwnTrouble::none);
}

TEST_CASE("many names at once are all looked up") {
    const WithResolver slow{+[](const std::string& /*host*/) -> net::LookupAnswer {
        std::this_thread::sleep_for(50ms);
        return {0, 0, {"127.0.0.1"}};
    }};
    std::vector<net::Lookup> lookups;
    for (int i = 0; i < 200; ++i)
        lookups.push_back(net::Lookup::start("many" + std::to_string(i) + ".test"));
    const auto deadline = core::Deadline::after(10s + k_slack);
    for (const auto& lookup : lookups) {
        const auto found = lookup.wait(deadline, {});
        if (!found) FAIL(core::describe(found.error()));
        CHECK(found->size() == 1);
    }
}

TEST_CASE("doors that had no time are not called silent") {
    const hostile::BlackHole hole;
    const std::vector<net::Door> doors(200, net::Door{"127.0.0.1", hole.port()});
    const auto began = std::chrono::steady_clock::now();
    const auto knocks = net::knock(doors, core::Deadline::after(300ms), {});
    CHECK(std::chrono::steady_clock::now() - began < 300ms + k_slack);
    REQUIRE(knocks.size() == doors.size());
    CHECK(std::ranges::count(knocks, Knock::silent) == 128);
    CHECK(std::ranges::count(knocks, Knock::not_tried) == 72);

    const std::vector<net::Door> one{{"127.0.0.1", hostile::closed_port()}};
    CHECK(net::knock(one, core::Deadline::after(0ms), {}) == std::vector{Knock::not_tried});
}

} // namespace net_limits_test
