// SPDX-License-Identifier: MIT
#include "cli/output.hpp"
#include "cli/stop_signal.hpp"
#include "cli/surroundings.hpp"
#include "cli/watch_session.hpp"
#include "core/error.hpp"
#include "watch/lines.hpp"
#include "watch/schedule.hpp"

#include <climits>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <poll.h>

namespace cli {
namespace {

using Clock = core::Deadline::Clock;

/// Whether whoever read a pipe or a socket has closed it.
bool reader_is_gone(short events) {
    return (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

/// Waits for `until`; returns whether the watch goes on: no stop came, and the reader is there.
bool pause(const StopSignal& stop, int out, Clock::time_point until) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return true;
        // Also without an event descriptor a stop is noticed within a second.
        const auto wait = std::min(left, std::chrono::milliseconds{1000});
        std::array<pollfd, 2> waiting{pollfd{stop.get(), POLLIN, 0}, pollfd{out, 0, 0}};
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(wait.count())) < 0) continue;
        if (waiting[0].revents != 0) return false;
        if (reader_is_gone(waiting[1].revents)) return false;
    }
}

/// Writes in parts that fit into a pipe that has room at all, so that a reader that does not read
/// can't keep the watch from being stopped.
core::Result<void> write_unless_stopped(int out, std::string_view text, const StopSignal& stop) {
    constexpr std::size_t k_part = PIPE_BUF;
    while (!text.empty()) {
        std::array<pollfd, 2> waiting{pollfd{stop.get(), POLLIN, 0}, pollfd{out, POLLOUT, 0}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
        if (waiting[0].revents != 0) return {};
        const auto part = text.substr(0, k_part);
        TRY(write_all(out, part));
        text.remove_prefix(part.size());
    }
    return {};
}

class Lines {
  public:
    Lines(const Context& context, const WatchPlan& plan, const StopSignal& stop)
        : m_context(context), m_stop(stop), m_session(context, plan) {
        for (const auto& output : context.options().outputs) {
            if (output.to_stdout()) m_format = output.format;
        }
    }

    /// Takes a look; returns whether standard output could be written.
    bool take(watch::Look look) {
        const auto now = std::chrono::system_clock::now();
        const auto changes = m_session.take(std::move(look), now);
        tell_problem();
        if (m_format == nullptr) return true;
        std::string text;
        for (const auto& change : changes)
            text += change_of(change, now);
        const auto verdict = report::verdict(m_session.last()->report);
        if (m_session.looks() == 1 || (!changes.empty() && verdict != m_told)) {
            text += verdict_now(now);
            m_told = verdict;
        }
        const auto written = write_unless_stopped(m_context.around().out, text, m_stop);
        if (!written)
            write_if_possible(m_context.around().err,
                              fmt::format("gallery-ops: {}\n", core::describe(written.error())));
        return written.has_value();
    }

    [[nodiscard]] int exit_code() const { return m_session.exit_code(); }

  private:
    [[nodiscard]] report::RenderOptions options() const {
        auto render = m_context.render_options();
        render.exit_code = m_session.code_of_last();
        return render;
    }

    [[nodiscard]] bool as_json() const { return m_format->name == "ndjson"; }

    [[nodiscard]] std::string change_of(const watch::Change& change, core::Time now) const {
        return as_json() ? watch::change_json(change, m_session.last()->report, now, options())
                         : watch::change_line(change, now, options());
    }

    [[nodiscard]] std::string verdict_now(core::Time now) const {
        const auto& report = m_session.last()->report;
        return as_json() ? watch::verdict_json(report, now, options())
                         : watch::verdict_line(report, now, options());
    }

    /// Once for each problem, not after each look.
    void tell_problem() {
        if (m_session.problem() != m_problem && !m_session.problem().empty())
            write_if_possible(m_context.around().err,
                              fmt::format("gallery-ops: {}\n", m_session.problem()));
        m_problem = m_session.problem();
    }

    const Context& m_context;
    const StopSignal& m_stop;
    WatchSession m_session;
    const report::Format* m_format = nullptr;
    core::Verdict m_told = core::Verdict::unknown;
    std::string m_problem{};
};

} // namespace

int watch_lines(const Context& context, const WatchPlan& plan) {
    const StopSignal stop(context.stop());
    Lines lines(context, plan, stop);
    const auto first = Clock::now();
    const auto end = end_of_watch(context);
    for (;;) {
        auto look = plan.look(context.stop());
        // The probes of a look that was interrupted were cut off: it tells nothing of the targets.
        if (context.stop().stop_requested()) break;
        const bool is_last = look.is_last;
        if (!lines.take(std::move(look))) return core::k_exit_internal;
        if (is_last) break;
        const auto next = watch::next_look(first, plan.interval, Clock::now());
        if (!pause(stop, context.around().out, std::min(next, end.at())) || end.passed()) break;
    }
    return lines.exit_code();
}

} // namespace cli
