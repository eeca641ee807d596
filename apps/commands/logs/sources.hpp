// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "config/config.hpp"
#include "logs/analysis.hpp"
#include "probe/container_logs.hpp"

#include <map>
#include <string>
#include <vector>

namespace commands {

/// What was read, for the report's first line.
struct LogsRead {
    std::string project{};
    std::string scope{};                           ///< "9 services"; empty where the name says it
    std::map<std::string, std::string> owners{};   ///< of the configuration
    std::map<std::string, std::string> contacts{}; ///< likewise
    std::vector<core::Judged>
        problems{}; ///< an Engine that does not answer, a project that is not there
};

/// Reads the logs of the files into the analysis. `services`: only those; empty for all. Throws
/// core::UsageError for names that fit nothing.
[[nodiscard]] LogsRead read_files(const cli::Context& context, logs::Analysis& analysis,
                                  const std::vector<std::string>& files,
                                  const std::vector<std::string>& services);

/// Reads the logs of all containers of the gallery into the analysis.
[[nodiscard]] LogsRead read_containers(const cli::Context& context, logs::Analysis& analysis,
                                       const config::Config& config, const probe::LogWindow& window,
                                       const std::vector<std::string>& services);

/// Reads systemd's journal into the analysis: `where` is its file or folder, empty for this
/// machine's own. Each unit, container or program is a service.
[[nodiscard]] LogsRead read_journal(const cli::Context& context, logs::Analysis& analysis,
                                    const std::string& where, const probe::LogWindow& window,
                                    const std::vector<std::string>& services);

} // namespace commands
