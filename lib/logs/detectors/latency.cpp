// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/course.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/endpoint.hpp"
#include "logs/detectors/taken.hpp"
#include "logs/detectors/words.hpp"
#include "logs/hash.hpp"
#include "logs/quantiles.hpp"
#include "logs/slots.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace logs {
namespace {

constexpr std::size_t k_most_courses = 500;
constexpr std::size_t k_most_targets_kept = 50'000;
constexpr std::int64_t k_least_recent = 12; ///< samples, from which a change says something
constexpr std::int64_t k_least_before = 20;
constexpr double k_factor = 1.2;        ///< the newer median, beside the older 95th percentile
constexpr double k_least_change = 0.05; ///< seconds

/// What takes its time: an endpoint, or a kind of message.
struct Thing {
    Stream stream = 0;
    std::string name{};
    bool is_request = false;
    Course<Quantiles> course{};
};

/// Since when something takes longer.
struct Slowdown {
    core::Time since{};
    double before = 0; ///< medians, seconds
    double now = 0;
    double slow_before = 0; ///< the 95th percentile
};

/// Half of the newest ones took longer than nearly all of those before: by chance this happens to
/// twelve samples once in 70 000 times. The longest such end of the course is taken.
std::optional<Slowdown> slowdown(const Course<Quantiles>& course) {
    Quantiles recent;
    std::optional<Slowdown> found;
    const auto& slices = course.slices();
    for (auto begin = slices.size(); begin-- > 0;) {
        recent.add(slices[begin]);
        if (recent.count() < k_least_recent) continue;
        Quantiles before;
        for (std::size_t i = 0; i < begin; ++i)
            before.add(slices[i]);
        if (before.count() < k_least_before) break;
        const double median = recent.at(0.5);
        const double slow = before.at(0.95);
        if (median < slow * k_factor || median - before.at(0.5) < k_least_change) continue;
        found = Slowdown{course.begin_of(begin), before.at(0.5), median, slow};
    }
    return found;
}

class LatencyWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants_requests() const override { return true; }

    [[nodiscard]] bool wants(const Event& event) const override {
        return time_taken(event.message).has_value();
    }

    void see(const Event& event, Stream stream) override {
        if (event.request) {
            if (!event.request->seconds || !event.time) return;
            auto* thing = endpoint(stream, *event.request);
            if (thing != nullptr) thing->course.at(*event.time).add(*event.request->seconds);
            return;
        }
        const auto taken = time_taken(event.message);
        if (!taken || !event.time) return;
        auto* thing = thing_called(stream, taken->what, false);
        if (thing != nullptr) thing->course.at(*event.time).add(taken->seconds);
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& theirs : dynamic_cast<LatencyWatcher&>(other).m_things)
            if (auto* mine = thing_called(stream, theirs.name, theirs.is_request))
                mine->course.add(theirs.course);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::pair<std::string, std::string>, Thing> all;
        for (const auto& thing : m_things) {
            const auto& service = summary.sources.at(thing.stream).service;
            auto& joined = all[{service, thing.name}];
            joined.is_request = thing.is_request;
            joined.course.add(thing.course);
        }
        std::map<std::string, Slowest> services;
        std::vector<core::Judged> judged;
        for (const auto& [key, thing] : all) {
            if (thing.is_request) services[key.first].look_at(key.second, thing.course);
            if (const auto slower = slowdown(thing.course))
                judged.push_back(judge_slower(key.first, key.second, *slower));
            else if (!thing.is_request)
                services[key.first].look_at(key.second, thing.course);
        }
        for (const auto& [service, slowest] : services)
            judged.push_back(judge_service(service, slowest));
        return judged;
    }

  private:
    /// What takes longest in a service, of what happens often enough.
    struct Slowest {
        std::string name{};
        double p50 = 0;
        double p95 = 0;
        double p99 = 0;
        std::int64_t count = 0;

        void look_at(const std::string& what, const Course<Quantiles>& course) {
            Quantiles all;
            for (const auto& slice : course.slices())
                all.add(slice);
            if (all.count() < k_least_recent && count > 0) return;
            if (all.at(0.95) <= p95 && count > 0) return;
            *this = {what, all.at(0.5), all.at(0.95), all.at(0.99), all.count()};
        }
    };

    static core::Judged judge_service(const std::string& service, const Slowest& slowest) {
        core::Judged judged{.subject = service, .component = service};
        auto& judgement = judged.judgement;
        judgement.verdict = core::Verdict::ok;
        judgement.measured = core::Measured{.value = slowest.p95, .unit = "s"};
        judgement.message =
            fmt::format("slowest is {}: p50 {}, p95 {}, p99 {} of {}",
                        core::printable(slowest.name), format_seconds(slowest.p50),
                        format_seconds(slowest.p95), format_seconds(slowest.p99), slowest.count);
        judgement.brief =
            fmt::format("{} p95 {}", core::printable(slowest.name), format_seconds(slowest.p95));
        return judged;
    }

    static core::Judged judge_slower(const std::string& service, const std::string& what,
                                     const Slowdown& slower) {
        core::Judged judged{.subject = fmt::format("{} {}", service, core::printable(what)),
                            .component = service};
        auto& judgement = judged.judgement;
        judgement.verdict = core::Verdict::warning;
        judgement.measured =
            core::Measured{.value = slower.now, .unit = "s", .warn = slower.slow_before * k_factor};
        judgement.message =
            fmt::format("takes {} since {}, before that {} (p95 {})", format_seconds(slower.now),
                        core::format_utc(slower.since), format_seconds(slower.before),
                        format_seconds(slower.slow_before));
        judgement.since = slower.since;
        return judged;
    }

    Thing* endpoint(Stream stream, const Request& request) {
        const auto hash = hash_of(request.target) ^ mix(hash_of(request.method), stream + 1);
        if (const auto known = m_by_target.find(hash); known != Slots::k_none)
            return known < m_things.size() ? &m_things[known] : nullptr;
        auto* thing = thing_called(stream, endpoint_of(request), true);
        if (m_by_target.size() >= k_most_targets_kept) m_by_target.clear();
        m_by_target.insert(hash, thing == nullptr
                                     ? Slots::k_none - 1
                                     : static_cast<std::uint32_t>(thing - m_things.data()));
        return thing;
    }

    Thing* thing_called(Stream stream, const std::string& name, bool is_request) {
        const auto found = m_numbers.find({stream, name});
        if (found != m_numbers.end()) return &m_things[found->second];
        if (m_things.size() >= k_most_courses) return nullptr;
        m_numbers.emplace(std::pair{stream, name}, m_things.size());
        return &m_things.emplace_back(Thing{stream, name, is_request});
    }

    std::vector<Thing> m_things{};
    std::map<std::pair<Stream, std::string>, std::size_t> m_numbers{};
    Slots m_by_target{};
};

} // namespace

extern const Detector k_latency;
const Detector k_latency{
    {.id = "logs.latency",
     .title = "Times taken",
     .group = "latency",
     .section = "daily/log-review",
     .what = "Measures how long requests took, by endpoint, and what messages tell of (\"drawn in "
             "812 ms\"): median, 95th and 99th percentile within 2 %.",
     .why = "What becomes slow is seen here before it fails.",
     .threshold =
         "Warning when half of the newest ones (at least twelve) took 20 % longer than 95 % "
         "of those before them (at least twenty), and 50 ms longer than their median.",
     .remediation = "gallery-ops logs --service NAME -v: what else changed at that time",
     .reference = "Masson, Rim, Lee: DDSketch, VLDB 2019"},
    start_watcher<LatencyWatcher>};

} // namespace logs
