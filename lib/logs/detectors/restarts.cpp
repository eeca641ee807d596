// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/summary.hpp"
#include "logs/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>

namespace logs {
namespace {

constexpr std::int64_t k_many_starts = 3;
constexpr auto k_one_start = std::chrono::seconds{2}; ///< several lines tell of it
constexpr auto k_at_once = std::chrono::seconds{20};  ///< between a stop and the start after it

/// What servers say when they are up.
constexpr auto k_starts = std::to_array<std::string_view>(
    {"database system is ready to accept connections", "Ready to accept connections",
     "Application startup complete", "start worker processes", "resuming normal operations",
     "Server is ready to receive web requests", "Server listening on", "Listening on 127.0.0.1",
     "Listening on 0.0.0.0", "Daemon is ready", "Completed loading of configuration file",
     "Starting server at", "Booting worker with pid", "Server started, Redis version"});

/// What they say when they are asked to end, or have ended.
constexpr auto k_stops = std::to_array<std::string_view>(
    {"database system is shut down", "received fast shutdown request",
     "received smart shutdown request", "Redis is now ready to exit",
     "Received SIGTERM scheduling shutdown", "Application shutdown complete",
     "Finished server process", "signal 15 (SIGTERM) received, exiting",
     "signal 3 (SIGQUIT) received, shutting down", "gracefully shutting down",
     "caught SIGTERM, shutting down", "See you next time!", "Received SIGTERM, exiting gracefully",
     "Received interrupt signal, shutting down", "Shutting down worker"});

bool holds_one(std::string_view message, std::span<const std::string_view> all) {
    return std::ranges::any_of(
        all, [&](auto words) { return message.find(words) != std::string_view::npos; });
}

struct Runs {
    std::int64_t starts = 0;
    std::int64_t stops = 0;
    Times started{};
    Times stopped{};
};

class RestartWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants(const Event& event) const override {
        return holds_one(event.message, k_starts) || holds_one(event.message, k_stops);
    }

    void see(const Event& event, Stream stream) override {
        auto& runs = m_runs[stream];
        if (holds_one(event.message, k_stops)) {
            ++runs.stops;
            runs.stopped.add(event.time);
        } else {
            // Of the several lines that tell of one start the first counts.
            if (runs.started.last && event.time && *event.time - *runs.started.last < k_one_start)
                return;
            ++runs.starts;
            runs.started.add(event.time);
        }
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& [its, runs] : dynamic_cast<RestartWatcher&>(other).m_runs)
            join(m_runs[stream], runs);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::string, Runs> services;
        for (const auto& [stream, runs] : m_runs)
            join(services[summary.sources.at(stream).service], runs);
        std::vector<core::Judged> all;
        for (const auto& [service, runs] : services)
            all.push_back(judge_service(service, runs, summary));
        return all;
    }

  private:
    static void join(Runs& whole, const Runs& part) {
        whole.starts += part.starts;
        whole.stops += part.stops;
        whole.started.add(part.started);
        whole.stopped.add(part.stopped);
    }

    /// It has ended, others have gone on, and it did not come back.
    static bool is_gone(const Runs& runs, const Summary& summary) {
        const auto& ended = runs.stopped.last;
        if (!ended || (runs.started.last && *runs.started.last >= *ended)) return false;
        return summary.last && *summary.last - *ended > k_at_once;
    }

    static core::Judged judge_service(const std::string& service, const Runs& runs,
                                      const Summary& summary) {
        core::Judged judged{.subject = service, .component = service};
        auto& judgement = judged.judgement;
        judgement.measured =
            core::Measured{.value = runs.starts, .unit = "count", .warn = k_many_starts};
        judgement.verdict = core::Verdict::ok;
        judgement.message = judgement.brief = runs.starts > 0 ? core::count_of(runs.starts, "start")
                                                              : core::count_of(runs.stops, "stop");
        if (is_gone(runs, summary)) {
            judgement.verdict = core::Verdict::critical;
            judgement.message = fmt::format("ended at {} and has not come back",
                                            core::format_utc(*runs.stopped.last));
            judgement.since = runs.stopped.last;
            judgement.remediation = "docker-compose up -d " + service;
        } else if (runs.starts >= k_many_starts) {
            judgement.verdict = core::Verdict::warning;
            judgement.message = fmt::format("started {} times", runs.starts);
            judgement.since = runs.started.first;
        }
        return judged;
    }

    std::map<Stream, Runs> m_runs{};
};

} // namespace

extern const Detector k_restarts;
const Detector k_restarts{
    {.id = "logs.restarts",
     .title = "Starts and stops",
     .group = "restarts",
     .section = "daily/log-review",
     .what = "Counts what servers say when they start and end: Postgres, Redis, nginx, Apache, "
             "uvicorn and gunicorn, Prometheus, Alertmanager, sshd.",
     .why =
         "What starts again and again has a reason; what ended and did not come back is missing.",
     .threshold = "Warning from three starts on; critical for what ended while others went on, and "
                  "has not come back after 20 s.",
     .remediation = "gallery-ops health --component NAME",
     .reference = "playbook, emergency 1"},
    start_watcher<RestartWatcher>};

} // namespace logs
