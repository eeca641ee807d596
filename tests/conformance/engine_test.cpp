// SPDX-License-Identifier: MIT
#include "health/catalogue.hpp"
#include "probe/docker.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/slack.hpp"
#include "support/sound.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

namespace engine_test {

// An Engine that goes away in the middle of a look, behind a Unix socket as it does.

namespace {

using namespace std::chrono_literals;
using faults::Protocol;

/// An Engine that dies when it is asked for the n-th time: its socket file stays and refuses.
class MortalEngine {
  public:
    explicit MortalEngine(int last_answer)
        : m_folder(std::filesystem::temp_directory_path()
                   / ("gallery-ops-engine-" + std::to_string(::getpid()))),
          m_left(last_answer) {
        std::filesystem::create_directories(m_folder);
        start();
    }

    ~MortalEngine() {
        m_server.reset();
        std::filesystem::remove_all(m_folder);
    }

    MortalEngine(const MortalEngine&) = delete;
    MortalEngine& operator=(const MortalEngine&) = delete;

    [[nodiscard]] std::string path() const { return (m_folder / "docker.sock").string(); }

    /// Whether it has turned somebody away.
    [[nodiscard]] bool is_dead() const { return m_left < 0; }

    /// Listens on a socket of the same name, as a restarted Engine does.
    void restart(int last_answer) {
        m_server.reset();
        std::filesystem::remove(path());
        m_left = last_answer;
        start();
    }

    /// Is no more, and neither is its process.
    void bury() { m_server.reset(); }

  private:
    void start() {
        const auto alive = sound::server(Protocol::docker);
        m_server = hostile::Server::on_unix_socket(
            [this, alive](hostile::Connection& client) {
                if (m_left-- > 0) return alive(client);
                (void)client.read_some();
                client.reset();
            },
            path());
    }

    std::filesystem::path m_folder;
    std::atomic<int> m_left;
    std::unique_ptr<hostile::Server> m_server{};
};

/// It is asked for /_ping and /version, then for its lists (and beside them for its images), then
/// for the rest.
constexpr int k_greeting = 2;
constexpr int k_list = 3;

core::Result<facts::Docker> observe(const MortalEngine& engine,
                                    std::chrono::milliseconds deadline) {
    config::DockerHost host;
    host.url = "unix://" + engine.path();
    return probe::observe_docker(host, "gallery", core::Deadline::after(deadline), {});
}

core::Finding judged(core::Result<facts::Docker> result) {
    facts::Observations seen;
    facts::Observed<facts::Docker> engine;
    engine.name = "local";
    engine.result = std::move(result);
    seen.engines = {std::move(engine)};
    for (auto& finding : health::judge(seen, {})) {
        if (finding.id == "health.docker-engine.local") return finding;
    }
    return {};
}

} // namespace

TEST_CASE("an Engine that restarts while it is looked at is asked again") {
    for (const int answers : {k_greeting, k_list, k_list + 1}) {
        CAPTURE(answers);
        MortalEngine engine{answers};
        std::jthread systemd{[&](const std::stop_token& stop) {
            while (!engine.is_dead() && !stop.stop_requested())
                std::this_thread::sleep_for(5ms);
            engine.restart(1000);
        }};
        const auto result = observe(engine, 5s + k_slack);
        if (!result) FAIL(core::describe(result.error()));
        REQUIRE(result->containers.size() == 1);
        CHECK(result->containers[0].service == "api");
        CHECK(result->containers[0].state == facts::ContainerState::running);
    }
}

TEST_CASE("an Engine that goes and does not come back is unknown, and says so") {
    for (const int answers : {k_greeting, k_list}) {
        CAPTURE(answers);
        const MortalEngine engine{answers};
        const auto began = std::chrono::steady_clock::now();
        auto result = observe(engine, 600ms);
        CHECK(std::chrono::steady_clock::now() - began < 600ms + k_slack);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == core::ErrorKind::restarted);
        const auto finding = judged(std::move(result));
        CHECK(finding.verdict == core::Verdict::unknown);
        CHECK(finding.message.find("went away while we looked") != std::string::npos);
        CHECK_FALSE(finding.remediation.empty());
    }
}

TEST_CASE("an Engine that is down from the start is critical as ever") {
    MortalEngine engine{0};
    engine.bury();
    const auto finding = judged(observe(engine, 2s));
    CHECK(finding.verdict == core::Verdict::critical);
}

} // namespace engine_test
