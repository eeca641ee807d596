// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "logs/detectors/detector.hpp"
#include "logs/detectors/words.hpp"
#include "logs/letters.hpp"
#include "logs/quantiles.hpp"
#include "logs/summary.hpp"
#include "logs/times.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <string>

namespace logs {
namespace {

constexpr double k_slow = 1; ///< seconds
constexpr std::int64_t k_many_slow = 3;

/// The statement with "?" for what it was given: figures and texts may be somebody's.
std::string without_values(std::string_view statement) {
    std::string made;
    for (std::size_t i = 0; i < statement.size(); ++i) {
        const char c = statement[i];
        if (c == '\'') {
            const auto end = statement.find('\'', i + 1);
            made += '?';
            if (end == std::string_view::npos) break;
            i = end;
        } else if (is(c, k_digit) && (made.empty() || !is(made.back(), k_word))) {
            made += '?';
            while (i + 1 < statement.size()
                   && (is(statement[i + 1], k_digit) || statement[i + 1] == '.'))
                ++i;
        } else {
            made += c;
        }
    }
    return made;
}

/// "duration: 1234.5 ms  statement: SELECT …", "… execute <unnamed>: …", "… parse …".
struct Duration {
    double seconds = 0;
    std::string_view statement{};
};

std::optional<Duration> duration_in(std::string_view message) {
    constexpr std::string_view k_begin = "duration: ";
    if (!message.starts_with(k_begin)) return std::nullopt;
    Duration found;
    const auto* first = message.data() + k_begin.size();
    const auto* last = message.data() + message.size();
    const auto [end, error] = std::from_chars(first, last, found.seconds, std::chars_format::fixed);
    const std::string_view rest{end, static_cast<std::size_t>(last - end)};
    if (error != std::errc{} || !rest.starts_with(" ms")) return std::nullopt;
    found.seconds /= 1000;
    const auto colon = rest.find(": ");
    if (colon != std::string_view::npos) found.statement = rest.substr(colon + 2);
    return found;
}

bool tells_of_lock(std::string_view message) {
    return message.find("still waiting for ") != std::string_view::npos
           || message.find("deadlock detected") != std::string_view::npos
           || message.find("canceling statement due to lock timeout") != std::string_view::npos
           || (message.find(" acquired ") != std::string_view::npos
               && message.find("Lock on ") != std::string_view::npos);
}

struct Queries {
    Quantiles times{};
    std::int64_t slow = 0;
    double slowest = 0;
    std::string statement{}; ///< the slowest one
    Times slow_times{};
    std::int64_t waits = 0;
    std::string wait{}; ///< an example
    Times wait_times{};

    void add(const Queries& later) {
        times.add(later.times);
        slow += later.slow;
        if (later.slowest > slowest) {
            slowest = later.slowest;
            statement = later.statement;
        }
        slow_times.add(later.slow_times);
        waits += later.waits;
        if (wait.empty()) wait = later.wait;
        wait_times.add(later.wait_times);
    }
};

class QueryWatcher : public Watcher {
  public:
    [[nodiscard]] bool wants(const Event& event) const override {
        return duration_in(event.message) || tells_of_lock(event.message);
    }

    void see(const Event& event, Stream stream) override {
        auto& queries = m_queries[stream];
        if (const auto duration = duration_in(event.message)) {
            queries.times.add(duration->seconds);
            if (duration->seconds < k_slow) return;
            ++queries.slow;
            queries.slow_times.add(event.time);
            if (duration->seconds <= queries.slowest) return;
            queries.slowest = duration->seconds;
            queries.statement = without_values(duration->statement.substr(0, 400));
        } else {
            ++queries.waits;
            if (queries.wait.empty()) queries.wait = without_values(event.message.substr(0, 300));
            queries.wait_times.add(event.time);
        }
    }

    void absorb(Watcher& other, Stream stream) override {
        for (const auto& [its, queries] : dynamic_cast<QueryWatcher&>(other).m_queries)
            m_queries[stream].add(queries);
    }

    std::vector<core::Judged> judge(const Summary& summary) override {
        std::map<std::string, Queries> services;
        for (const auto& [stream, queries] : m_queries)
            services[summary.sources.at(stream).service].add(queries);
        std::vector<core::Judged> all;
        for (const auto& [service, queries] : services) {
            if (queries.times.count() > 0) all.push_back(judge_times(service, queries));
            if (queries.waits > 0) all.push_back(judge_waits(service, queries));
        }
        return all;
    }

  private:
    static core::Judged judge_times(const std::string& service, const Queries& queries) {
        core::Judged judged{.subject = service, .component = service};
        auto& judgement = judged.judgement;
        judgement.measured =
            core::Measured{.value = queries.slow, .unit = "count", .warn = k_many_slow};
        judgement.brief = fmt::format("{} logged, p95 {}", queries.times.count(),
                                      format_seconds(queries.times.at(0.95)));
        judgement.message = judgement.brief;
        judgement.verdict = core::Verdict::ok;
        if (queries.slow < k_many_slow) return judged;
        judgement.verdict = core::Verdict::warning;
        judgement.message =
            fmt::format("{} took over a second, the slowest {}",
                        core::count_of(queries.slow, "statement"), format_seconds(queries.slowest));
        if (!queries.statement.empty())
            judgement.evidence.push_back({"log", shown(queries.statement)});
        judgement.since = queries.slow_times.first;
        return judged;
    }

    static core::Judged judge_waits(const std::string& service, const Queries& queries) {
        core::Judged judged{.subject = service + " locks", .component = service};
        auto& judgement = judged.judgement;
        judgement.verdict = core::Verdict::warning;
        judgement.measured = core::Measured{.value = queries.waits, .unit = "count", .warn = 1};
        judgement.message = fmt::format("statements waited for locks: told of {}",
                                        core::count_of(queries.waits, "time"));
        judgement.evidence.push_back({"log", shown(queries.wait)});
        judgement.since = queries.wait_times.first;
        judgement.remediation = "SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity "
                                "WHERE wait_event_type = 'Lock'";
        return judged;
    }

    std::map<Stream, Queries> m_queries{};
};

} // namespace

extern const Detector k_queries;
const Detector k_queries{
    {.id = "logs.queries",
     .title = "Slow queries",
     .group = "queries",
     .section = "daily/log-review",
     .what = "Measures the statements whose duration Postgres logs, and counts what it says about "
             "waiting for locks and deadlocks.",
     .why = "One statement that holds a lock makes the whole site wait.",
     .threshold = "Warning from three statements of more than a second on, and from the first wait "
                  "for a lock on that is logged (after deadlock_timeout).",
     .remediation = "EXPLAIN (ANALYZE, BUFFERS) the statement; is an index missing?",
     .reference = "PostgreSQL 15, 20.8: log_min_duration_statement, log_lock_waits"},
    start_watcher<QueryWatcher>};

} // namespace logs
