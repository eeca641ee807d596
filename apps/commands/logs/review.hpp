// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "commands/logs/sources.hpp"
#include "config/config.hpp"
#include "logs/analysis.hpp"
#include "logs/summary.hpp"
#include "report/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace commands {

struct LogsOptions {
    std::string source{};
    std::vector<std::string> files{};
    std::vector<std::string> services{};
    std::string since{};
    std::string until{};
    std::optional<int> tail{};
    std::optional<int> top{};
    std::optional<std::string> assignments{};
    bool only_new = false;
    std::string block_list{};
    std::string acknowledge{};
    bool follow = false;
    std::string explain{};
};

enum class Place : std::uint8_t { containers, files, journal };

/// Returns where the logs are that were asked for. Throws core::UsageError for what says nothing
/// together.
[[nodiscard]] Place place_of(const LogsOptions& options);

/// Returns the journal's file or folder; empty for this machine's own.
[[nodiscard]] std::string journal_of(const LogsOptions& options);

/// Returns how the lines are to be analysed. Throws core::UsageError for times that are none.
[[nodiscard]] logs::AnalysisOptions analysis_options(const LogsOptions& options,
                                                     const config::Logs& config, core::Time now);

/// Returns the name under which the history keeps what is known of a project's logs.
[[nodiscard]] std::string known_of(const std::string& project);

/// Fills the report with what was found, and with what could not be read.
void fill(report::Report& report, logs::Summary& summary, LogsRead& sources,
          const LogsOptions& options, const cli::GlobalOptions& global);

/// Returns what the check behind `id` does, of those of `logs` (report::explain).
[[nodiscard]] std::string explain_logs(const std::string& id, const cli::GlobalOptions& options);

} // namespace commands
