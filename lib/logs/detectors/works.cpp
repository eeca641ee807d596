// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/words.hpp"
#include "logs/summary.hpp"
#include "logs/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace logs {
namespace {

constexpr std::int64_t k_many_failed = 3;

/// What a gallery is there for, and how it fails at it.
enum class Work : std::uint8_t { mint, generation };

struct WorkSign {
    Work work = Work::mint;
    std::string_view words{}; ///< in small letters
};

constexpr auto k_work_signs = std::to_array<WorkSign>({
    {Work::mint, "mint failed"},
    {Work::mint, "failed to mint"},
    {Work::mint, "mint was not sent"},
    {Work::mint, "minting failed"},
    {Work::mint, "execution reverted"},
    {Work::mint, "was reverted"},
    {Work::mint, "transaction reverted"},
    {Work::mint, "transaction failed"},
    {Work::mint, "nonce too low"},
    {Work::mint, "replacement transaction underpriced"},
    {Work::mint, "insufficient funds for gas"},
    {Work::mint, "max fee per gas less than block base fee"},
    {Work::generation, "generation failed"},
    {Work::generation, "failed to generate"},
    {Work::generation, "image generation error"},
    {Work::generation, "inference failed"},
    {Work::generation, "cuda error"},
    {Work::generation, "cuda out of memory"},
    {Work::generation, "failed to load model"},
    {Work::generation, "model could not be loaded"},
    {Work::generation, "work_queue: "},
});

std::optional<Work> failed_work(const Event& event) {
    if (event.level < Level::warning) return std::nullopt;
    const auto message = core::to_lower(event.message.substr(0, 400));
    const auto sign = std::ranges::find_if(k_work_signs, [&](const WorkSign& one) {
        return message.find(one.words) != std::string::npos;
    });
    return sign == k_work_signs.end() ? std::nullopt : std::optional{sign->work};
}

struct Failures {
    std::int64_t count = 0;
    std::string example{};
    Times times{};

    void add(const Failures& later) {
        count += later.count;
        if (example.empty()) example = later.example;
        times.add(later.times);
    }
};

class WorkWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants(const Event& event) const override {
        return failed_work(event).has_value();
    }

    void see(const Event& event, Stream stream) override {
        const auto work = failed_work(event);
        if (!work) return;
        Failures one{1, std::string{event.message.substr(0, 300)}};
        one.times.add(event.time);
        m_failures[{stream, *work}].add(one);
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& [key, failures] : dynamic_cast<WorkWatcher&>(other).m_failures)
            m_failures[{stream, key.second}].add(failures);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::pair<std::string, Work>, Failures> services;
        for (const auto& [key, failures] : m_failures)
            services[{summary.sources.at(key.first).service, key.second}].add(failures);
        std::vector<core::Judged> all;
        for (const auto& [key, failures] : services)
            all.push_back(judge_failures(key.first, key.second, failures));
        return all;
    }

  private:
    static core::Judged judge_failures(const std::string& service, Work work,
                                       const Failures& failures) {
        const std::string_view word = work == Work::mint ? "mint" : "generation";
        core::Judged judged{.subject = fmt::format("{} {}s", service, word), .component = service};
        auto& judgement = judged.judgement;
        judgement.measured =
            core::Measured{.value = failures.count, .unit = "count", .warn = k_many_failed};
        judgement.message = core::count_of(failures.count, fmt::format("failed {}", word));
        judgement.brief = judgement.message;
        judgement.verdict =
            failures.count >= k_many_failed ? core::Verdict::warning : core::Verdict::ok;
        if (judgement.verdict == core::Verdict::ok) return judged;
        judgement.evidence.push_back({"log", shown(failures.example)});
        judgement.since = failures.times.first;
        judgement.remediation =
            work == Work::mint ? "gallery-ops health --component contracts: balance, gas, chain"
                               : "gallery-ops health --component gan: queue, memory, GPU";
        return judged;
    }

    std::map<std::pair<Stream, Work>, Failures> m_failures{};
};

} // namespace

extern const Detector k_works;
const Detector k_works{
    {.id = "logs.work",
     .title = "Mints and generations",
     .group = "work",
     .section = "daily/log-review",
     .what =
         "Counts mints that failed (reverted, not sent, nonce, funds, fees) and generations that "
         "failed, as services log them.",
     .why = "Somebody has paid for each of them, or waits for it.",
     .threshold = "Warning from three failures of a kind on.",
     .remediation = "gallery-ops health --component NAME",
     .reference = "Ethereum JSON-RPC, errors of eth_sendRawTransaction"},
    start_watcher<WorkWatcher>};

} // namespace logs
