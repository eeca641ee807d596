// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "facts/past.hpp"
#include "probe/counters.hpp"
#include "report/report.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace commands {

/// Returns the file of the history: the one named, else the usual one; nothing with --no-history
/// and where neither $XDG_STATE_HOME nor $HOME says where it would be.
[[nodiscard]] std::optional<std::filesystem::path> history_file(const cli::GlobalOptions& options);

/// The history as a command uses it that is about something else: it never fails. What goes wrong
/// becomes one note of the report and changes no verdict; a file that hangs costs a moment beyond
/// the deadline at most.
class Memory {
  public:
    explicit Memory(const cli::Context& context);

    /// Returns what earlier runs left behind, nothing when there is no history to read. `families`
    /// as in `history::Store::past`.
    [[nodiscard]] std::optional<facts::Past> recall(const report::Report& run,
                                                    core::Deadline deadline,
                                                    std::span<const std::string_view> families);

    /// Returns the kernel's counters as the last run on this host left them; nothing when there are
    /// none, or the history can't be read.
    [[nodiscard]] std::optional<probe::Counters> counters(core::Deadline deadline) const;

    /// Returns what was kept under each of `names`, empty where nothing was; nothing at all when
    /// there is no history, or it can't be read.
    [[nodiscard]] std::optional<std::vector<std::string>>
    kept(const std::vector<std::string>& names, core::Deadline deadline) const;

    /// Keeps texts under names for the next run; whatever hinders it is an error.
    [[nodiscard]] core::Result<void> keep(const std::map<std::string, std::string>& texts,
                                          core::Deadline deadline) const;

    /// Writes the finished report, or adds the note that says why not, or why nothing was recalled.
    /// The report is marked as narrowed where the command line asked for a part. `counters` are
    /// kept for the next run.
    void record(report::Report& run, core::Deadline deadline,
                const std::optional<probe::Counters>& counters = {});

  private:
    void fail(core::Error error);

    const cli::Context& m_context;
    std::optional<std::filesystem::path> m_file;
    std::optional<core::Error> m_problem{};
    bool m_silent = false; ///< nobody asked for a history and there is no place for one
};

} // namespace commands
