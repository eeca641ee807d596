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

std::optional<std::vector<std::string>> Memory::kept(const std::vector<std::string>& names,
                                                     core::Deadline deadline) const {
    if (!m_file || m_problem) return std::nullopt;
    const auto until = moment(deadline);
    auto read = [file = *m_file, names, until]() -> core::Result<std::vector<std::string>> {
        TRY_ASSIGN(const auto store,
                   history::Store::open(file, history::Access::read, {.deadline = until}));
        std::vector<std::string> texts;
        for (const auto& name : names) {
            TRY_ASSIGN(auto text, store.kept(name));
            texts.push_back(std::move(text).value_or(""));
        }
        return texts;
    };
    auto texts = probe::run_detached<std::vector<std::string>>(m_file->string(), read, until,
                                                               m_context.stop());
    return texts ? std::optional{*std::move(texts)} : std::nullopt;
}

core::Result<void> Memory::keep(const std::map<std::string, std::string>& texts,
                                core::Deadline deadline) const {
    if (!m_file || m_problem || texts.empty()) return {};
    const auto until = moment(deadline);
    auto write = [file = *m_file, texts, until]() -> core::Result<bool> {
        TRY_ASSIGN(auto store,
                   history::Store::open(file, history::Access::write, {.deadline = until}));
        for (const auto& [name, text] : texts)
            TRY(store.keep(name, text));
        return true;
    };
    // What was sent is kept also when the run is stopped now.
    TRY(probe::run_detached<bool>(m_file->string(), write, until, {}));
    return {};
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
