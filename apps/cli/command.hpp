// SPDX-License-Identifier: MIT
#pragma once

// How to write a command
//
//   1. apps/commands/NAME.cpp holds no logic: options, `bind`, `run` as a table of contents.
//
//        namespace commands {
//        namespace {
//
//        struct Options {
//            std::optional<core::Duration> wait{};
//        };
//
//        int run(cli::Context& context, const Options& options) {
//            auto report = context.start_report("health");   // command, host, run id, start
//            …                                               // observe, judge, report::enrich
//            return context.emit(std::move(report));         // renders, writes, exit code
//        }
//
//        cli::Run bind(CLI::App& app) {
//            auto options = std::make_shared<Options>();
//            cli::add_duration(app, "--wait", options->wait, "wait until all is well");
//            return [options](cli::Context& context) { return run(context, *options); };
//        }
//
//        constexpr std::array k_examples{cli::Example{"gallery-ops health -v", "every check"}};
//
//        } // namespace
//
//        extern const cli::Command health{"health", "one line", "long text", k_examples, bind};
//        } // namespace commands
//
//   2. One line in apps/cli/commands.cpp: X(health).
//   3. scripts/accept-goldens renews the man pages and completions.
//
// A subcommand of a command is `app.add_subcommand(name, summary)` inside `bind`; ask it for
// `parsed()` in the returned function. Mistakes in values: throw core::UsageError with one sentence
// ("'5x' is no duration…"); the program name, the help line and the exit code are added here.
// Include <CLI/CLI.hpp> only in .cpp files of apps/.

#include "cli/options.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "report/report.hpp"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace cli {

struct Surroundings;

/// What a running command is given.
class Context {
  public:
    Context(const GlobalOptions& options, const Surroundings& around, std::stop_token stop);

    [[nodiscard]] const GlobalOptions& options() const { return m_options; }

    /// Returns the token that SIGINT and SIGTERM stop.
    [[nodiscard]] std::stop_token stop() const { return m_stop; }

    /// Returns the deadline of the whole command: --deadline, else `otherwise` from its start.
    [[nodiscard]] core::Deadline deadline(core::Duration otherwise) const;

    /// Returns the descriptors and the environment of the run.
    [[nodiscard]] const Surroundings& around() const { return m_around; }

    /// Returns how a text on standard output is to be drawn.
    [[nodiscard]] report::RenderOptions render_options() const;

    /// For a command that goes on after a report: returns the code that `emit` would return for it,
    /// and writes the outputs that have a file; returns what could not be written.
    [[nodiscard]] int exit_code(const report::Report& report) const;
    [[nodiscard]] std::vector<std::string> write_files(const report::Report& report) const;

    /// Returns a report with command, host, run id and start filled in.
    [[nodiscard]] report::Report start_report(std::string_view command) const;

    /// Renders the report in every format asked for, writes files atomically and the rest to
    /// standard output, and returns the exit code: the one place where it is computed. Fills in the
    /// duration where it is zero, and `interrupted` where the run was stopped.
    /// `failure` takes the place of the verdict's code, for a command that failed as a whole.
    [[nodiscard]] int emit(report::Report report, std::optional<int> failure = {}) const;

    /// Writes `text` to standard output as it is and returns 0, or the exit code of a failure to
    /// write. A reader that went away is no failure.
    [[nodiscard]] int print(std::string_view text) const;

    /// Shows `line` as the progress of the run: on standard error, only on a terminal, only from
    /// the first second on, unless --no-progress. The next line replaces it; an empty one removes
    /// it, as `emit` and `print` do.
    void progress(std::string_view line) const;

  private:
    const GlobalOptions& m_options;
    const Surroundings& m_around;
    std::stop_token m_stop;
    core::Time m_started_at;
    core::Deadline::Clock::time_point m_started;
    mutable bool m_progress_shown = false;
};

/// Runs a parsed command and returns the exit code.
using Run = std::function<int(Context&)>;

struct Example {
    std::string_view line{};    ///< to be pasted
    std::string_view meaning{}; ///< a few words
};

/// One entry of the command table, which feeds parser, --help, man pages and completions.
struct Command {
    std::string_view name{};
    std::string_view summary{};          ///< one line, lower case, no full stop
    std::string_view description{};      ///< paragraphs parted by an empty line
    std::span<const Example> examples{}; ///< two to four
    Run (*bind)(CLI::App&) = nullptr;    ///< adds the command's own options
    bool notifies = false;               ///< its runs can be told of: --notify
};

/// Adds an option that takes a duration with its unit. `name` as CLI11 has it: "-w,--wait".
CLI::Option* add_duration(CLI::App& app, const std::string& name,
                          std::optional<core::Duration>& value, const std::string& help);

/// Adds an option that takes a duration or stands alone, then meaning `otherwise`. A shorter one
/// than `least` is refused.
CLI::Option* add_optional_duration(CLI::App& app, const std::string& name,
                                   std::optional<core::Duration>& value, core::Duration otherwise,
                                   core::Duration least, const std::string& help);

/// Adds an option that takes a whole number from `least` to `most`.
CLI::Option* add_count(CLI::App& app, const std::string& name, std::optional<int>& value, int least,
                       int most, const std::string& help);

/// Adds an option that takes one of `words`.
CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        const std::vector<std::string>& words, const std::string& help);

/// Adds an option that takes names, parted by commas or given several times.
CLI::Option* add_names(CLI::App& app, const std::string& name, std::vector<std::string>& value,
                       const std::string& help);

} // namespace cli
