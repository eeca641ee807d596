// SPDX-License-Identifier: MIT
//
// One loop that waits for five things: a key, a signal, the end of a look, a stop, the next second.
// Everything that it knows of the screen is a value (watch::Scene and watch::View) and what it
// writes is the difference of two frames; the rules are in lib/watch, where they are tested without
// a terminal.
#include "cli/looker.hpp"
#include "cli/output.hpp"
#include "cli/screen_signals.hpp"
#include "cli/stop_signal.hpp"
#include "cli/surroundings.hpp"
#include "cli/terminal_mode.hpp"
#include "cli/watch_session.hpp"
#include "core/error.hpp"
#include "watch/lines.hpp"
#include "watch/schedule.hpp"
#include "watch/screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace cli {
namespace {

using Clock = core::Deadline::Clock;
using namespace std::chrono_literals;

class ScreenWatch {
  public:
    ScreenWatch(Context& context, const WatchPlan& plan, int keys, TerminalMode& mode)
        : m_context(context), m_plan(plan), m_keys(keys), m_mode(mode), m_session(context, plan),
          m_stop(context.stop()), m_looker(plan.look) {
        m_view.verbose = context.options().detail == report::Detail::verbose;
        m_scene.interval = plan.interval;
    }

    int run(const ScreenSignals& signals) {
        const auto end = end_of_watch(m_context);
        m_first = m_next = Clock::now();
        while (!m_view.quit && !m_context.stop().stop_requested() && !m_hung_up && !end.passed()) {
            start_look_if_due();
            show();
            wait(signals);
        }
        if (m_hung_up) return core::k_exit_interrupted;
        return m_session.exit_code();
    }

  private:
    void start_look_if_due() {
        if (m_looker.looking() || m_view.paused || Clock::now() < m_next) return;
        m_looker.start();
    }

    void wait(const ScreenSignals& signals) {
        std::array<pollfd, 4> waiting{
            pollfd{m_keys, POLLIN, 0}, pollfd{signals.descriptor(), POLLIN, 0},
            pollfd{m_looker.descriptor(), POLLIN, 0}, pollfd{m_stop.get(), POLLIN, 0}};
        if (::poll(waiting.data(), waiting.size(), patience()) < 0) return;
        if (waiting[1].revents != 0) take_signals(signals);
        if (waiting[2].revents != 0) take_look();
        if (waiting[0].revents != 0)
            take_keys();
        else if (m_reader.waiting())
            press(m_reader.give_up());
    }

    /// How long nothing happens at most: until the seconds on the screen change.
    [[nodiscard]] int patience() const {
        if (m_reader.waiting()) return 50;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_next - Clock::now());
        const bool due = !m_looker.looking() && !m_view.paused;
        return due ? static_cast<int>(std::clamp(left, 1ms, 1000ms).count()) : 1000;
    }

    void take_signals(const ScreenSignals& signals) {
        for (int signal = signals.next(); signal != 0; signal = signals.next()) {
            if (signal == SIGHUP) m_hung_up = true;
            if (signal == SIGTSTP) {
                restore_terminal();
                ScreenSignals::stop_here();
            }
            if (signal == SIGTSTP || signal == SIGCONT) m_mode.enter_again();
            m_shown = {}; // whatever was there may be gone
            m_reveal = true;
        }
    }

    void take_look() {
        auto look = m_looker.take();
        // The probes of a look that was interrupted were cut off: it tells nothing of the targets.
        if (!look || m_context.stop().stop_requested()) return;
        const auto now = std::chrono::system_clock::now();
        m_scene.requests = look->requests;
        const auto changes = m_session.take(std::move(*look), now);
        if (m_session.looks() > 1) remember(changes, now);
        m_next = watch::next_look(m_first, m_plan.interval, Clock::now());
    }

    void remember(const std::vector<watch::Change>& changes, core::Time now) {
        const auto options = render_options();
        for (const auto& change : changes)
            m_scene.changes.emplace_front(now,
                                          fmt::format("{:<8}  {}", watch::name(change.kind),
                                                      watch::change_text(change, now, options)));
        while (m_scene.changes.size() > watch::k_changes_kept)
            m_scene.changes.pop_back();
    }

    void take_keys() {
        std::array<char, 256> bytes{};
        const ssize_t count = ::read(m_keys, bytes.data(), bytes.size());
        if (count > 0) {
            press(m_reader.take({bytes.data(), static_cast<std::size_t>(count)}));
        } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
            m_hung_up = true; // the terminal is gone
        }
    }

    void press(const std::vector<watch::KeyEvent>& events) {
        for (const auto& event : events) {
            if (event.key == watch::Key::redraw) m_shown = {};
            m_view = watch::press(std::move(m_view), event, m_extent);
            if (m_view.explained != m_explained) explain();
            draw();
        }
    }

    void explain() {
        m_explained = m_view.explained;
        try {
            m_scene.explanation = m_plan.explain(m_explained);
        } catch (const core::UsageError& error) {
            m_scene.explanation = error.what();
        }
    }

    [[nodiscard]] report::RenderOptions render_options() const {
        auto options = m_context.render_options();
        options.exit_code = m_session.code_of_last();
        return options;
    }

    [[nodiscard]] watch::Size size() const {
        const auto terminal = terminal_of(m_context.around().out);
        return {terminal.columns > 0 ? terminal.columns : 80,
                terminal.rows > 0 ? terminal.rows : 24};
    }

    /// Draws into memory: the next key needs to know what is where.
    watch::Frame draw() {
        m_scene.report = m_session.last() ? &m_session.last()->report : nullptr;
        m_scene.away = m_session.away();
        m_scene.looks = m_session.looks();
        m_scene.looking = m_looker.looking();
        m_scene.problem = m_session.problem();
        m_scene.left = std::chrono::ceil<std::chrono::milliseconds>(
            std::max(m_next - Clock::now(), Clock::duration::zero()));
        const auto options = render_options();
        const auto now_size = size();
        m_view = watch::settle(m_scene, std::move(m_view), now_size, options,
                               std::exchange(m_reveal, false));
        auto screen = watch::draw(m_scene, m_view, now_size, options);
        m_extent = std::move(screen.extent);
        return std::move(screen.frame);
    }

    void show() {
        auto frame = draw();
        const auto bytes = watch::repaint(m_shown, frame);
        if (bytes.empty()) return;
        // A terminal that takes nothing (Ctrl-S in a multiplexer, a dead line) must not hold the
        // watch up; it gets the frame that is true when it wakes.
        pollfd ready{m_context.around().out, POLLOUT, 0};
        if (::poll(&ready, 1, 0) != 1) return;
        if (!write_all(m_context.around().out, bytes)) m_hung_up = true;
        m_shown = std::move(frame);
    }

    Context& m_context;
    const WatchPlan& m_plan;
    int m_keys;
    TerminalMode& m_mode;
    WatchSession m_session;
    StopSignal m_stop;
    Looker m_looker;
    watch::Scene m_scene{};
    watch::View m_view{};
    watch::Extent m_extent{};
    watch::Frame m_shown{};
    watch::KeyReader m_reader{};
    std::string m_explained{};
    Clock::time_point m_first{};
    Clock::time_point m_next{};
    bool m_hung_up = false;
    bool m_reveal = false;
};

} // namespace

std::optional<int> watch_screen(Context& context, const WatchPlan& plan, int keys) {
    // Before the looker's thread starts, so that it and its probes inherit the blocked signals.
    const ScreenSignals signals;
    TerminalMode mode(keys, context.around().out);
    if (!mode.entered()) return std::nullopt;
    return ScreenWatch(context, plan, keys, mode).run(signals);
}

} // namespace cli
