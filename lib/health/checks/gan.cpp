// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "health/checks/checks.hpp"
#include "health/judging.hpp"
#include "health/untold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace health::checks {
namespace {

using config::Config;
using core::Failure;
using core::Judgement;
using core::Verdict;

/// The p95 stands at the histogram's end, below the limit: it may be anything beyond.
Judgement judge_beyond_end(const std::string& time, const std::string& limit) {
    auto made = unknown(fmt::format(
        "p95 of the generation time at least {}: the histogram ends there, below the limit of {}",
        time, limit));
    made.remediation = fmt::format(
        "give the histogram buckets beyond {}, or set prometheus.generation_query", limit);
    return made;
}

Judgement judge_time(double seconds, const facts::Prometheus& server, core::Duration limit) {
    const bool at_end = server.generation_end && seconds >= *server.generation_end;
    const bool late = seconds * 1e3 >= static_cast<double>(limit.count());
    const auto text = show_seconds(seconds);
    if (at_end && !late) return judge_beyond_end(text, core::format_duration(limit));
    const auto message =
        fmt::format("p95 of the generation time {}{} over {} (limit {})", at_end ? "at least " : "",
                    text, core::format_duration(server.window), core::format_duration(limit));
    auto made = late ? warning(message) : ok(message, fmt::format("generation p95 {}", text));
    if (late) made.failure = Failure::slow;
    made.measured = figure(seconds, "s");
    made.measured->warn = static_cast<double>(limit.count()) / 1e3;
    return made;
}

std::vector<Judged> judge_generation(const facts::Observations& seen, const Config& config,
                                     const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        const auto& facts = *server.result;
        std::optional<Judgement> made;
        if (facts.problems.generation)
            made = judge_untold("the generation time", *facts.problems.generation);
        else if (facts.generation_p95)
            made = judge_time(*facts.generation_p95, facts, config.thresholds.generation);
        else if (!facts.generation_query.empty())
            made = skipped(fmt::format("no picture was made in the last {}",
                                       core::format_duration(facts.window)));
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

Judgement judge_unmeasured(const facts::Observed<facts::Redis>& server,
                           const std::string& problem) {
    auto made = unknown("its length could not be measured: " + problem);
    if (server.result->loading) made.cause = "health.redis." + server.name;
    return made;
}

/// The queue itself, in Redis, is the better witness; Prometheus speaks where it is not configured
/// or could not be measured.
std::vector<Judged> judge_queues(const facts::Observations& seen, const Config& config,
                                 const core::CheckSpec& /*spec*/) {
    std::vector<Judged> all;
    bool measured = false;
    const auto limit = config.thresholds.gan_queue;
    for (const auto& server : seen.redis) {
        if (!server.result) continue;
        measured = measured || !server.result->queue_lengths.empty();
        for (const auto& [key, length] : server.result->queue_lengths)
            all.push_back({key, "gan-service", server.target, server.duration,
                           judge_depth(static_cast<double>(length), limit)});
        for (const auto& [key, problem] : server.result->queue_problems)
            all.push_back({key, "gan-service", server.target, server.duration,
                           judge_unmeasured(server, problem)});
    }
    if (measured) return all;
    for (const auto& server : seen.prometheus) {
        if (!server.result) continue;
        if (server.result->problems.queue)
            all.push_back({"queue", "gan-service", server.target, server.duration,
                           judge_untold("the queue's length", *server.result->problems.queue)});
        else if (server.result->gan_queue_depth)
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
     .threshold = "Warning from 50 waiting jobs; unknown where a key can't be measured.",
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
     .threshold = "Warning from 30 s; unknown when the p95 lies beyond a histogram that ends below "
                  "the limit.",
     .setting = "thresholds.generation, prometheus.generation_query",
     .remediation = "look at the GPU and at the queue: gallery-ops health --component gan-service",
     .reference = "Prometheus manual, histogram_quantile"},
    judge_generation};
} // namespace health::checks
