// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/endpoint.hpp"
#include "logs/detectors/words.hpp"
#include "logs/hash.hpp"
#include "logs/slots.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace logs {
namespace {

constexpr std::string_view k_id = "logs.requests";
constexpr double k_limit = 1;     ///< percent of an endpoint's requests
constexpr double k_critical = 25; ///< percent
constexpr std::int64_t k_few = 3; ///< failures from which a share says something
constexpr std::size_t k_most_endpoints = 2000;
constexpr std::size_t k_most_targets = 50'000;
constexpr std::string_view k_rest = "other endpoints";

struct Tally {
    std::int64_t requests = 0;
    std::int64_t failed = 0;
    int status = 0; ///< of the last failure
    std::optional<core::Time> first{};
    std::optional<core::Time> last{};
};

/// The requests of one endpoint of one stream.
struct Endpoint {
    Stream stream = 0;
    std::string name{};
    Tally tally{};
};

class FailedRequestWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants_requests() const override { return true; }

    void see(const Event& event, Stream stream) override {
        auto& tally = tally_of(stream, *event.request);
        ++tally.requests;
        if (event.request->status < 500) return;
        ++tally.failed;
        tally.status = event.request->status;
        if (!event.time) return;
        if (!tally.first) tally.first = event.time;
        tally.last = event.time;
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& endpoint : dynamic_cast<FailedRequestWatcher&>(other).m_endpoints)
            join(m_endpoints[number_of_endpoint(stream, endpoint.name)].tally, endpoint.tally);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        // The same service may have several streams: replicas, rotated files.
        std::map<std::pair<std::string, std::string>, Tally> all;
        std::map<std::string, Tally> totals;
        for (const auto& endpoint : m_endpoints) {
            const auto& service = summary.sources.at(endpoint.stream).service;
            join(all[{service, endpoint.name}], endpoint.tally);
            join(totals[service], endpoint.tally);
        }
        std::vector<core::Judged> judged;
        for (const auto& [service, total] : totals)
            judged.push_back(judge_service(service, total, command_for(summary, service)));
        for (const auto& [key, tally] : all) {
            if (!is_failing(tally)) continue;
            judged.push_back(judge_endpoint(key.first, key.second, tally));
            // It makes a part of the service's failures, and stands there.
            if (is_failing(totals[key.first]) && !is_grave(tally))
                judged.back().judgement.cause = fmt::format("{}.{}", k_id, key.first);
        }
        return judged;
    }

  private:
    /// What an endpoint is called takes a while to find out, so it is remembered for each target.
    Tally& tally_of(Stream stream, const Request& request) {
        const auto hash = hash_of(request.target) ^ mix(hash_of(request.method), stream + 1);
        auto number = m_by_target.find(hash);
        if (number == Slots::k_none) {
            if (m_by_target.size() >= k_most_targets) m_by_target.clear();
            number = number_of_endpoint(stream, endpoint_of(request));
            m_by_target.insert(hash, number);
        }
        return m_endpoints[number].tally;
    }

    std::uint32_t number_of_endpoint(Stream stream, std::string name) {
        const auto found = m_numbers.find({stream, name});
        if (found != m_numbers.end()) return found->second;
        if (m_endpoints.size() >= k_most_endpoints && name != k_rest)
            return number_of_endpoint(stream, std::string{k_rest});
        const auto number = static_cast<std::uint32_t>(m_endpoints.size());
        m_numbers.emplace(std::pair{stream, name}, number);
        m_endpoints.push_back({stream, std::move(name), {}});
        return number;
    }

    static void join(Tally& whole, const Tally& part) {
        whole.requests += part.requests;
        whole.failed += part.failed;
        if (part.status != 0) whole.status = part.status;
        if (part.first && (!whole.first || *part.first < *whole.first)) whole.first = part.first;
        if (part.last && (!whole.last || *part.last > *whole.last)) whole.last = part.last;
    }

    static double share(const Tally& tally) {
        return 100 * static_cast<double>(tally.failed) / static_cast<double>(tally.requests);
    }

    static bool is_failing(const Tally& tally) {
        return tally.failed >= k_few && share(tally) >= k_limit;
    }

    static bool is_grave(const Tally& tally) { return share(tally) >= k_critical; }

    static core::Judged judge_service(const std::string& service, const Tally& tally,
                                      const std::string& command) {
        core::Judged judged{.subject = service, .component = service};
        auto& judgement = judged.judgement;
        judgement.measured = core::Measured{.value = share(tally), .unit = "%", .warn = k_limit};
        judgement.message = fmt::format("{} of {} failed: {} (limit 1 %)", tally.failed,
                                        core::count_of(tally.requests, "request"),
                                        core::format_percent({share(tally)}));
        judgement.brief = core::count_of(tally.requests, "request");
        judgement.remediation = command + " -v: its errors of the same time";
        judgement.verdict = is_failing(tally) ? core::Verdict::warning : core::Verdict::ok;
        judgement.since = tally.first;
        return judged;
    }

    static core::Judged judge_endpoint(const std::string& service, const std::string& endpoint,
                                       const Tally& tally) {
        core::Judged judged{.subject = fmt::format("{} {}", service, endpoint),
                            .component = service};
        auto& judgement = judged.judgement;
        judgement.verdict = is_grave(tally) ? core::Verdict::critical : core::Verdict::warning;
        judgement.message = fmt::format("{} of {} answered with {}: {} (limit 1 %)", tally.failed,
                                        core::count_of(tally.requests, "request"), tally.status,
                                        core::format_percent({share(tally)}));
        judgement.measured =
            core::Measured{.value = share(tally), .unit = "%", .warn = k_limit, .crit = k_critical};
        judgement.since = tally.first;
        return judged;
    }

    std::vector<Endpoint> m_endpoints{};
    std::map<std::pair<Stream, std::string>, std::uint32_t> m_numbers{};
    Slots m_by_target{};
};

} // namespace

extern const Detector k_failed_requests;
const Detector k_failed_requests{
    {.id = k_id,
     .title = "Failed requests",
     .group = "requests",
     .section = "daily/log-review",
     .what = "Counts the requests of every access log that were answered with 5xx, by service and "
             "endpoint; identifiers in a path count as one endpoint.",
     .why = "Visitors see these; the playbook wants fewer than 1 % of them.",
     .threshold = "Warning from 1 % of an endpoint's requests on when there are at least three, "
                  "critical from 25 % on.",
     .remediation = "gallery-ops logs --service NAME -v: its errors of the same time",
     .reference = "playbook, daily log review; RFC 9110, section 15.6"},
    start_watcher<FailedRequestWatcher>};

} // namespace logs
