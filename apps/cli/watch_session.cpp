// SPDX-License-Identifier: MIT
#include "cli/watch_session.hpp"

#include "core/verdict.hpp"

namespace cli {

WatchSession::WatchSession(const Context& context, const WatchPlan& plan)
    : m_context(context), m_hysteresis(watch::Patience{.looks = plan.hold}) {}

std::vector<watch::Change> WatchSession::take(watch::Look look, core::Time now) {
    ++m_looks;
    m_engines.take(look, now);
    auto changes = m_hysteresis.take(look.report, now, m_engines.missing());
    m_last = std::move(look);
    const auto problems = m_context.write_files(m_last->report);
    m_problem = problems.empty() ? "" : problems.front();
    return changes;
}

int WatchSession::code_of_last() const {
    return m_context.exit_code(m_last ? m_last->report : report::Report{});
}

int WatchSession::exit_code() const {
    if (m_context.stop().stop_requested()) return core::k_exit_interrupted;
    return m_problem.empty() ? code_of_last() : core::k_exit_internal;
}

} // namespace cli
