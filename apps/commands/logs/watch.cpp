// SPDX-License-Identifier: MIT
#include "commands/logs/watch.hpp"

#include "cli/watch.hpp"
#include "commands/logs/follower.hpp"
#include "commands/memory.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "logs/analysis.hpp"
#include "logs/known.hpp"
#include "logs/window.hpp"
#include "net/traffic.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stop_token>
#include <utility>

namespace commands {
namespace {

/// What a follower looks back on, and how often it says what is there.
constexpr core::Duration k_usual_window = std::chrono::minutes{15};
constexpr core::Duration k_follow_interval = std::chrono::seconds{5};
constexpr std::size_t k_window_bytes = std::size_t{48} << 20U;

/// Looks at the lines of a span of time that ends now, again and again.
class Followed {
  public:
    Followed(const cli::Context& context, const LogsOptions& options, const config::Config& config,
             core::Duration span)
        : m_context(context), m_options(options), m_config(config), m_window(span, k_window_bytes),
          m_follower(context, m_window, options.services) {}

    watch::Look look(const std::stop_token& stop) {
        if (!std::exchange(m_started, true)) start(stop);
        watch::Look look;
        look.is_last = m_follower.over(); // asked first: what comes meanwhile is in the look
        look.report = m_context.start_report("logs");
        auto asked = analysis_options({}, m_config.logs, look.report.started_at);
        asked.since = asked.now - m_window.span();
        logs::Analysis analysis{asked};
        const auto full_since = m_window.pour(analysis, asked.now);
        auto summary = analysis.finish(m_known ? &*m_known : nullptr);
        auto sources = m_follower.read();
        fill(look.report, summary, sources, m_options, m_context.options());
        look.report.scope += fmt::format(", the last {}", core::format_duration(m_window.span()));
        if (full_since)
            look.report.notes.push_back(
                fmt::format("more than {} in {}: lines from before {} are not looked at",
                            core::format_bytes(core::Bytes{k_window_bytes}),
                            core::format_duration(m_window.span()), core::format_utc(*full_since)));
        look.engines = m_follower.engines();
        const auto sent = net::requests_sent();
        look.requests = sent - std::exchange(m_requests, sent);
        return look;
    }

  private:
    /// Begins to read. The threads that do take no signal which the calling one does not.
    void start(const std::stop_token& stop) {
        switch (place_of(m_options)) {
        case Place::journal:
            m_follower.follow_journal(journal_of(m_options));
            break;
        case Place::files:
            m_follower.follow_files(m_options.files);
            break;
        case Place::containers:
            m_follower.follow_containers(m_config);
            break;
        }
        m_follower.settle(stop);
        m_follower.check_services();
        recall();
    }

    /// Once: what is said every few seconds is not learned from.
    void recall() {
        const Memory memory{m_context};
        const auto deadline = core::Deadline::after(std::chrono::seconds{10});
        if (const auto kept = memory.kept({known_of(m_follower.read().project)}, deadline))
            m_known = logs::Known::parse(kept->front());
    }

    const cli::Context& m_context;
    const LogsOptions& m_options;
    const config::Config& m_config;
    std::optional<logs::Known> m_known{};
    std::uint64_t m_requests = 0;
    bool m_started = false;
    logs::Window m_window;
    LogFollower m_follower; ///< last: its threads fill the window
};

/// Refuses what says nothing beside --follow. Throws core::UsageError.
void check_follow(const LogsOptions& options) {
    const std::pair<const char*, bool> ways[] = {{"--until", !options.until.empty()},
                                                 {"--tail", options.tail.has_value()},
                                                 {"--assignments", options.assignments.has_value()},
                                                 {"--ack", !options.acknowledge.empty()},
                                                 {"--block-list", !options.block_list.empty()}};
    for (const auto& [name, given] : ways)
        if (given) throw core::UsageError(fmt::format("{} says nothing with --follow", name));
}

} // namespace

int follow_logs(const cli::Context& context, const LogsOptions& options,
                const config::Config& config) {
    check_follow(options);
    cli::check_watch_outputs(context.options(), "--follow"); // before anything is read
    auto span = k_usual_window;
    if (!options.since.empty()) {
        const auto given = core::parse_duration(options.since);
        if (!given || *given <= core::Duration::zero())
            throw core::UsageError("--since with --follow is how far it looks back: 15m, 1h");
        span = *given;
    }
    Followed followed{context, options, config, span};
    cli::WatchPlan plan;
    plan.option = "--follow";
    plan.interval = k_follow_interval;
    plan.hold = 1; // a line that came in stays in the window
    plan.look = [&](const std::stop_token& stop) { return followed.look(stop); };
    plan.explain = [&](const std::string& id) { return explain_logs(id, {}); };
    return cli::watch_on(context, plan);
}

} // namespace commands
