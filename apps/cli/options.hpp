// SPDX-License-Identifier: MIT
#pragma once

#include "core/units.hpp"
#include "core/verdict.hpp"
#include "notify/target.hpp"
#include "report/render.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

/// One `-o FORMAT[=FILE]`. No file, or "-", means standard output.
struct Output {
    const report::Format* format = nullptr;
    std::filesystem::path file{};

    [[nodiscard]] bool to_stdout() const { return file.empty(); }
};

enum class ColourMode : std::uint8_t { automatic, always, never };

/// The options that every command understands, before or after its name.
struct GlobalOptions {
    std::optional<std::filesystem::path> config{};
    std::vector<Output> outputs{};                   ///< never empty once parsed
    core::Duration timeout{std::chrono::seconds{5}}; ///< of one probe
    std::optional<core::Duration> deadline{};        ///< of the whole command
    core::FailOn fail_on = core::FailOn::warning;
    core::UnknownPolicy unknown = core::UnknownPolicy::fails;
    std::vector<std::string> components{}; ///< empty: all
    std::vector<std::string> only{};       ///< empty: all
    std::vector<std::string> skip{};
    std::optional<std::filesystem::path> history_file{}; ///< nothing: the usual place
    bool history = true;
    std::vector<notify::Target> notify{}; ///< who is told after the run
    report::Detail detail = report::Detail::normal;
    ColourMode colour = ColourMode::automatic;
    bool progress = true;
};

/// Adds the global options to `app`; they are written to `options` when `app` parses. Values that
/// are not understood throw core::UsageError with one sentence.
void bind_global_options(CLI::App& app, GlobalOptions& options);

/// Completes and checks what can only be judged once everything is parsed: the default output, at
/// most one output on standard output. Throws core::UsageError.
void check_global_options(GlobalOptions& options);

/// Returns whether `options` ask for the plugin interface of Nagios on standard output, whose exit
/// codes differ.
[[nodiscard]] bool speaks_nagios(const GlobalOptions& options);

} // namespace cli
