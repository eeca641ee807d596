// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace logs {
namespace {

constexpr std::int64_t k_many = 50;
constexpr double k_share = 1; ///< percent of a service's requests

struct Limits {
    std::int64_t requests = 0;
    std::int64_t refused = 0; ///< answered with 429
    std::int64_t told = 0;    ///< lines that say that a limit was reached
    std::optional<core::Time> first{};
};

bool tells_of_limit(std::string_view message) {
    static constexpr std::array<std::string_view, 5> k_words{
        "limiting requests, excess", "limiting connections by zone",
        "rate limit: ", "rate limit exceeded", "too many requests"};
    return std::ranges::any_of(
        k_words, [&](auto words) { return message.find(words) != std::string_view::npos; });
}

class RateLimitWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants_requests() const override { return true; }

    [[nodiscard]] bool wants(const Event& event) const override {
        return tells_of_limit(event.message);
    }

    void see(const Event& event, Stream stream) override {
        if (event.request) {
            auto& limits = m_limits[stream];
            ++limits.requests;
            if (event.request->status != 429) return;
            ++limits.refused;
            if (!limits.first) limits.first = event.time;
        } else {
            auto& limits = m_limits[stream];
            ++limits.told;
            if (!limits.first) limits.first = event.time;
        }
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& [its, limits] : dynamic_cast<RateLimitWatcher&>(other).m_limits)
            join(m_limits[stream], limits);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::string, Limits> services;
        for (const auto& [stream, limits] : m_limits)
            join(services[summary.sources.at(stream).service], limits);
        std::vector<core::Judged> all;
        for (const auto& [service, limits] : services)
            all.push_back(judge_service(service, limits));
        return all;
    }

  private:
    static void join(Limits& whole, const Limits& part) {
        whole.requests += part.requests;
        whole.refused += part.refused;
        whole.told += part.told;
        if (part.first && (!whole.first || *part.first < *whole.first)) whole.first = part.first;
    }

    static core::Judged judge_service(const std::string& service, const Limits& limits) {
        core::Judged judged{.subject = service, .component = service};
        auto& judgement = judged.judgement;
        const auto refused = std::max(limits.refused, limits.told);
        const double share = limits.requests > 0 ? 100 * static_cast<double>(limits.refused)
                                                       / static_cast<double>(limits.requests)
                                                 : 100;
        judgement.measured = core::Measured{.value = refused, .unit = "count", .warn = k_many};
        judgement.message =
            fmt::format("{} refused by a rate limit", core::count_of(refused, "request"));
        judgement.brief = refused > 0 ? judgement.message : "";
        const bool much = refused >= k_many && share >= k_share;
        judgement.verdict = much ? core::Verdict::warning : core::Verdict::ok;
        if (much && limits.requests > 0)
            judgement.message += fmt::format(": {} of {}", core::format_percent({share}),
                                             core::count_of(limits.requests, "request"));
        if (much) judgement.since = limits.first;
        return judged;
    }

    std::map<Stream, Limits> m_limits{};
};

} // namespace

extern const Detector k_rate_limits;
const Detector k_rate_limits{
    {.id = "logs.rate-limit",
     .title = "Rate limits",
     .group = "requests",
     .section = "daily/log-review",
     .what = "Counts requests that a rate limit refused: answers with 429, and what nginx and the "
             "application say of it.",
     .why = "Either somebody asks for far too much, or the limit is too low for visitors.",
     .threshold = "Warning from fifty on when that is 1 % of the service's requests.",
     .remediation =
         "who asks: gallery-ops logs --service NAME -o ndjson; then block, or raise the limit",
     .reference = "RFC 6585, section 4; nginx, ngx_http_limit_req_module"},
    start_watcher<RateLimitWatcher>};

} // namespace logs
