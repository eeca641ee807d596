// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"

#include <fmt/format.h>

#include <optional>

namespace health::checks {
namespace {

using config::Config;
using core::Failure;
using core::Judgement;
using core::Verdict;

Judgement judge_time(double seconds, core::Duration limit, core::Duration window) {
    const auto text =
        core::format_duration(std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)});
    const auto message = fmt::format("p95 of the generation time {} over {} (limit {})", text,
                                     core::format_duration(window), core::format_duration(limit));
    auto made = seconds * 1e3 >= static_cast<double>(limit.count())
                    ? warning(message)
                    : ok(message, fmt::format("generation p95 {}", text));
    if (made.verdict == Verdict::warning) made.failure = Failure::slow;
    made.measured = figure(seconds, "s");
    made.measured->warn = static_cast<double>(limit.count()) / 1e3;
    return made;
}

std::vector<Judged> judge_generation(const facts::Observations& seen, const Config& config,
                                     const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        const auto window = server.result->window;
        std::optional<Judgement> made;
        if (server.result->generation_p95)
            made = judge_time(*server.result->generation_p95, config.thresholds.generation, window);
        else if (!server.result->generation_query.empty())
            made = skipped(
                fmt::format("no picture was made in the last {}", core::format_duration(window)));
        if (made)
            all.push_back(
                {"generation", "gan-service", server.target, server.duration, *std::move(made)});
    }
    return all;
}

Judgement judge_depth(double depth, std::int64_t limit) {
    const auto message = fmt::format(
        "{} waiting (limit {})", core::count_of(static_cast<std::int64_t>(depth), "job"), limit);
    auto made =
        depth >= static_cast<double>(limit)
            ? warning(message)
            : ok(message, fmt::format("{} waiting",
                                      core::count_of(static_cast<std::int64_t>(depth), "job")));
    if (made.verdict == Verdict::warning) made.failure = Failure::slow;
    made.measured = figure(depth, "jobs");
    made.measured->warn = static_cast<double>(limit);
    return made;
}

/// The queue itself, in Redis, is the better witness; Prometheus speaks where it is not configured.
std::vector<Judged> judge_queues(const facts::Observations& seen, const Config& config,
                                 const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    const auto limit = config.thresholds.gan_queue;
    for (const auto& server : seen.redis) {
        if (!server.result) continue;
        for (const auto& [key, length] : server.result->queue_lengths)
            all.push_back({key, "gan-service", server.target, server.duration,
                           judge_depth(static_cast<double>(length), limit)});
    }
    if (!all.empty()) return all;
    for (const auto& server : seen.prometheus) {
        if (server.result && server.result->gan_queue_depth)
            all.push_back({"queue", "gan-service", server.target, server.duration,
                           judge_depth(*server.result->gan_queue_depth, limit)});
    }
    return all;
}
} // namespace

const Check k_gan_queue{
    {.id = "health.gan-queue",
     .title = "GAN job queue",
     .group = "gan",
     .section = "component/gan-service",
     .what = "Counts the jobs that wait in the queue's Redis key, or as Prometheus reports them.",
     .why = "A queue that grows is a model that has stopped or can't keep up.",
     .threshold = "Warning from 50 waiting jobs.",
     .setting = "thresholds.gan_queue, redis[].queues",
     .remediation = "docker-compose logs --tail=50 gan-service; scale the workers",
     .reference = "Redis manual, LLEN"},
    judge_queues};

const Check k_gan_generation{
    {.id = "health.gan-generation",
     .title = "GAN generation time",
     .group = "gan",
     .section = "component/gan-service",
     .what = "Takes the 95th percentile of the generation time over five minutes from Prometheus.",
     .why = "Visitors leave when a picture takes too long.",
     .threshold = "Warning from 30 s.",
     .setting = "thresholds.generation, prometheus.generation_query",
     .remediation = "look at the GPU and at the queue: gallery-ops health --component gan-service",
     .reference = "Prometheus manual, histogram_quantile"},
    judge_generation};
} // namespace health::checks
