// SPDX-License-Identifier: MIT
//
// A watch looks for hours at targets that may hang for ever: what is left behind must not grow.
#include "net/lookup.hpp"
#include "net/traffic.hpp"
#include "probe/gather.hpp"
#include "probe/pending.hpp"
#include "support/catch.hpp"
#include "support/slack.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <netdb.h>
#include <string>
#include <thread>

namespace watch_test {
namespace {

using namespace std::chrono_literals;

std::atomic<int> g_asked{0};
std::atomic<int> g_inside{0};
std::atomic<bool> g_release{false};

net::LookupAnswer hang(const std::string& /*host*/) {
    ++g_asked;
    ++g_inside;
    while (!g_release)
        std::this_thread::sleep_for(2ms);
    --g_inside;
    return {EAI_AGAIN, 0, {}};
}

/// A resolver that hangs until it goes.
class HangingResolver {
  public:
    HangingResolver() : m_before(net::exchange_resolver(hang)) {
        g_asked = 0;
        g_release = false;
    }

    ~HangingResolver() {
        net::exchange_resolver(m_before);
        g_release = true;
        while (g_inside > 0)
            std::this_thread::sleep_for(1ms);
    }

    HangingResolver(const HangingResolver&) = delete;
    HangingResolver& operator=(const HangingResolver&) = delete;

  private:
    net::Resolver m_before;
};

std::ptrdiff_t count_in(const char* folder) {
    return std::distance(std::filesystem::directory_iterator{folder},
                         std::filesystem::directory_iterator{});
}

} // namespace

TEST_CASE("looks at names that never resolve leave no more behind than the first ones") {
    const HangingResolver resolver;
    config::Config config;
    config.given.endpoints = config.given.postgres = config.given.redis = true;
    config::Endpoint endpoint;
    endpoint.name = "frontend";
    endpoint.url = "http://frontend.example/health";
    config.endpoints = {endpoint};
    config::Postgres postgres;
    postgres.name = "database";
    postgres.dsn = "postgresql://gallery@database.example/gallery";
    config.postgres = {postgres};
    config::Redis redis;
    redis.name = "redis";
    redis.url = "redis://redis.example:6379/0";
    config.redis = {redis};
    std::ptrdiff_t threads = 0;
    std::ptrdiff_t descriptors = 0;
    for (int look = 0; look < 60; ++look) {
        probe::GatherOptions options;
        options.timeout = 20ms;
        options.window = 1ms;
        options.deadline = core::Deadline::after(5s);
        const auto gathered = probe::gather(config, options);
        REQUIRE(gathered.seen.redis.size() == 1);
        CHECK_FALSE(gathered.seen.redis[0].result.has_value());
        if (look != 10) continue;
        threads = count_in("/proc/self/task");
        descriptors = count_in("/proc/self/fd");
    }
    // Threads of the last look may still be on their way out.
    const auto until = core::Deadline::after(k_slack);
    while (count_in("/proc/self/task") > threads && !until.passed())
        std::this_thread::sleep_for(5ms);
    CHECK(count_in("/proc/self/task") <= threads);
    CHECK(count_in("/proc/self/fd") <= descriptors);
    // Each name once, not once a look; on a very slow machine again after a minute.
    CHECK(g_asked >= 3);
    CHECK(g_asked <= 12);
}

TEST_CASE("whoever asks for a name that is being looked up joins, with a time of its own") {
    const HangingResolver resolver;
    const auto first = net::Lookup::start("slow.example");
    std::this_thread::sleep_for(30ms);
    const auto second = net::Lookup::start("slow.example");
    const auto failed = second.wait(core::Deadline::after(10ms), {});
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().kind == core::ErrorKind::timeout);
    CHECK(second.elapsed() < first.elapsed());
    const auto other = net::Lookup::start("other.example");
    while (g_asked < 2)
        std::this_thread::sleep_for(1ms);
    CHECK(g_asked == 2);
    g_release = true;
    for (const auto* lookup : {&first, &second, &other}) {
        const auto answer = lookup->wait(core::Deadline::after(5s + k_slack), {});
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().kind == core::ErrorKind::unreachable);
    }
}

TEST_CASE("a probe that was left behind keeps its target from being asked until it is back") {
    const auto release = std::make_shared<std::atomic<bool>>(false);
    const auto asked = std::make_shared<std::atomic<int>>(0);
    const auto once = [&] {
        auto pending = probe::begin<int>("stuck", "", "stuck.example", [release, asked] {
            ++*asked;
            while (!*release)
                std::this_thread::sleep_for(1ms);
            return core::Result<int>{7};
        });
        return probe::finish(pending, core::Deadline::after(5ms), {}).result;
    };
    for (int look = 0; look < 5; ++look) {
        const auto result = once();
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().kind == core::ErrorKind::timeout);
        const auto reason = result.error().reason;
        CHECK(reason.starts_with(look == 0 ? "no answer by" : "still waiting for the look of "));
    }
    CHECK(*asked == 1);
    *release = true;
    const auto until = core::Deadline::after(5s + k_slack);
    while (probe::left_behind_since("stuck\nstuck.example") && !until.passed())
        std::this_thread::sleep_for(1ms);
    // It is asked again, and by then it answers.
    auto result = once();
    while (!result && !until.passed())
        result = once();
    REQUIRE(result.has_value());
    CHECK(*result == 7);
}

TEST_CASE("a request is counted when it is sent") {
    const auto before = net::requests_sent();
    net::count_request();
    CHECK(net::requests_sent() == before + 1);
}

} // namespace watch_test
