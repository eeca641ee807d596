// SPDX-License-Identifier: MIT
#include "commands/memory.hpp"

#include "config/load.hpp"
#include "history/place.hpp"
#include "history/store.hpp"
#include "probe/detached.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace commands {
namespace {

using namespace std::chrono_literals;

/// A local file answers in milliseconds. Where the look itself has used up the time, the history
/// still gets a moment: in an outage it matters most.
core::Deadline moment(core::Deadline deadline) {
    constexpr auto k_most = 1s;
    constexpr auto k_least = 150ms;
    const auto now = core::Deadline::Clock::now();
    return core::Deadline(std::max(deadline.within(k_most).at(), now + k_least));
}

/// Under which the counters are kept: the hosts that share a file each have their own.
std::string counters_of(const std::string& host) {
    return "counters of " + host;
}

/// Whether the command line asked for a part only.
bool is_narrowed(const cli::GlobalOptions& asked) {
    return !asked.components.empty() || !asked.only.empty() || !asked.skip.empty();
}

} // namespace

std::optional<std::filesystem::path> history_file(const cli::GlobalOptions& options) {
    if (!options.history) return std::nullopt;
    if (options.history_file) return options.history_file;
    return history::default_file(config::process_environment());
}

Memory::Memory(const cli::Context& context)
    : m_context(context), m_file(history_file(context.options())) {}

/// In the usual place, where nobody asked for it, the history may be impossible (no or a read-only
/// home); once there is a file, or one was named, whoever relies on it must know that it is gone.
void Memory::fail(core::Error error) {
    std::error_code ignored;
    const bool wanted =
        m_context.options().history_file || (m_file && std::filesystem::exists(*m_file, ignored));
    m_silent = !wanted && error.kind == core::ErrorKind::permission;
    m_problem = std::move(error);
}

std::optional<facts::Past> Memory::recall(const report::Report& run, core::Deadline deadline,
                                          std::span<const std::string_view> families) {
    if (!m_file || m_problem) return std::nullopt;
    const auto until = moment(deadline);
    const history::Scope scope{run.command, run.project, run.host};
    // The thread may be left behind: it owns what it uses, the families are literals.
    const std::vector<std::string_view> wanted(families.begin(), families.end());
    auto read = [file = *m_file, scope, wanted, now = run.started_at,
                 until]() -> core::Result<facts::Past> {
        TRY_ASSIGN(const auto store,
                   history::Store::open(file, history::Access::read, {.deadline = until}));
        return store.past(scope, now, wanted);
    };
    auto past = probe::run_detached<facts::Past>(m_file->string(), read, until, m_context.stop());
    if (past) return *std::move(past);
    // Before the first run there is nothing to recall, and nothing is wrong.
    if (past.error().kind == core::ErrorKind::missing) return facts::Past{};
    if (past.error().kind != core::ErrorKind::cancelled) fail(std::move(past).error());
    return std::nullopt;
}

std::optional<probe::Counters> Memory::counters(core::Deadline deadline) const {
    if (!m_file || m_problem) return std::nullopt;
    const auto until = moment(deadline);
    auto read = [file = *m_file, name = counters_of(m_context.start_report("").host),
                 until]() -> core::Result<std::optional<std::string>> {
        TRY_ASSIGN(const auto store,
                   history::Store::open(file, history::Access::read, {.deadline = until}));
        return store.kept(name);
    };
    const auto kept = probe::run_detached<std::optional<std::string>>(m_file->string(), read, until,
                                                                      m_context.stop());
    // What is wrong with the file is told by `recall`.
    return kept && *kept ? probe::parse_counters(**kept) : std::nullopt;
}

std::optional<report::Report> Memory::last_run(const report::Report& run,
                                               core::Deadline deadline) const {
    if (!m_file || m_problem) return std::nullopt;
    const auto until = moment(deadline);
    const history::Filter filter{run.command, run.project, run.host};
    // A run of a part is held against one of a part: what it did not look at is not new.
    const auto is_alike = [narrowed = is_narrowed(m_context.options())](const history::Run& other) {
        return !other.interrupted && other.narrowed == narrowed;
    };
    auto read = [file = *m_file, filter, is_alike,
                 until]() -> core::Result<std::optional<report::Report>> {
        constexpr std::size_t k_looked_at = 50;
        TRY_ASSIGN(const auto store,
                   history::Store::open(file, history::Access::read, {.deadline = until}));
        TRY_ASSIGN(const auto runs, store.runs(filter, k_looked_at));
        const auto last = std::ranges::find_if(runs, is_alike);
        if (last == runs.end()) return std::nullopt;
        TRY_ASSIGN(auto report, store.report_of(*last));
        return report;
    };
    auto last = probe::run_detached<std::optional<report::Report>>(m_file->string(), read, until,
                                                                   m_context.stop());
    return last ? *std::move(last) : std::nullopt;
}

void Memory::record(report::Report& run, core::Deadline deadline,
                    const std::optional<probe::Counters>& counters) {
    run.narrowed = is_narrowed(m_context.options());
    run.interrupted = run.interrupted || m_context.stop().stop_requested();
    if (!m_file) return;
    if (!m_problem) {
        const auto until = moment(deadline);
        const bool usual_place = !m_context.options().history_file;
        const auto text = counters ? probe::to_text(*counters) : std::string{};
        auto write = [file = *m_file, run, text, usual_place, until]() -> core::Result<bool> {
            if (usual_place) TRY(history::make_folder_of(file));
            TRY_ASSIGN(auto store,
                       history::Store::open(file, history::Access::write, {.deadline = until}));
            TRY(store.record(run, GALLERY_OPS_VERSION));
            if (!text.empty()) TRY(store.keep(counters_of(run.host), text));
            return true;
        };
        // Also an interrupted run is written: a stop must not stop that.
        auto written = probe::run_detached<bool>(m_file->string(), write, until, {});
        if (!written) fail(std::move(written).error());
    }
    if (!m_problem || m_silent) return;
    const auto& hint = m_problem->hint;
    run.notes.push_back(fmt::format("this run is not in the history {}: {}{}{}", m_problem->where,
                                    m_problem->reason, hint.empty() ? "" : "; ", hint));
}

} // namespace commands
