// SPDX-License-Identifier: MIT
#include "cli/command.hpp"
#include "commands/setup.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "core/error.hpp"
#include "probe/gather.hpp"
#include "report/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <memory>

namespace commands {
namespace {

using namespace std::chrono_literals;

struct ConfigOptions {
    std::string file{"gallery-ops.yaml"};
    bool force = false;
    std::string check_file{};
};

/// Looks at the Engines only and returns the configuration with what was discovered.
config::Config discovered(cli::Context& context, config::Config config) {
    auto options = gather_options(context, context.deadline(2 * context.options().timeout));
    return probe::look_at_engines(std::move(config), options).config;
}

int init(cli::Context& context, const ConfigOptions& options) {
    const std::filesystem::path file{options.file};
    const auto text = config::write_initial(discovered(context, load_config(context.options())));
    if (options.file == "-") return context.print(text);
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) && !options.force)
        throw core::UsageError(
            fmt::format("{} exists; --force replaces it, '-' prints instead", file.string()));
    if (const auto written = report::write_atomically(file, text); !written)
        throw core::ConfigError(core::describe(written.error()));
    return context.print(fmt::format("wrote {}; check it with: gallery-ops config check {}\n",
                                     file.string(), file.string()));
}

/// Returns the file to check: the one named, else the one that would apply.
std::filesystem::path file_to_check(const cli::Context& context, const ConfigOptions& options,
                                    const config::Environment& env) {
    if (!options.check_file.empty()) return options.check_file;
    if (const auto found = config::find_file(context.options().config, env)) return *found;
    throw core::UsageError(
        "no configuration file to check: none was named and none exists in the usual places");
}

/// Turns the mistakes into findings, so that every output format shows them.
report::Report report_of(const cli::Context& context, const std::filesystem::path& file,
                         const config::Loaded& loaded) {
    auto report = context.start_report("config check");
    report.project = loaded.config.project;
    report.scope = file.string();
    const auto add = [&](const config::Problem& problem, core::Verdict verdict) {
        core::Finding finding;
        finding.id = fmt::format("config.file.{}", problem.key.empty() ? "syntax" : problem.key);
        finding.title = "Configuration";
        finding.group = "configuration";
        finding.verdict = verdict;
        finding.subject =
            fmt::format("{}:{}:{}", file.filename().string(), problem.line, problem.column);
        finding.component = "configuration";
        finding.message = problem.message;
        finding.remediation = problem.hint;
        finding.location =
            core::Location{.file = file.string(), .line = problem.line, .column = problem.column};
        report.findings.push_back(std::move(finding));
    };
    for (const auto& problem : loaded.errors)
        add(problem, core::Verdict::critical);
    for (const auto& note : loaded.notes)
        report.notes.push_back(config::describe(note, file.string()));
    if (loaded.errors.empty()) {
        core::Finding fine;
        fine.id = "config.file.syntax";
        fine.title = "Configuration";
        fine.group = "configuration";
        fine.subject = file.string();
        fine.component = "configuration";
        fine.verdict = core::Verdict::ok;
        fine.message = fine.brief = "every key is known and every value has the right form";
        report.findings.push_back(std::move(fine));
    }
    return report;
}

/// Prints what is wrong in the format asked for. A file with mistakes is a configuration error
/// (78), whatever the verdict's own code would be.
int check(cli::Context& context, const ConfigOptions& options) {
    const auto env = config::process_environment();
    const auto file = file_to_check(context, options, env);
    const auto loaded = config::read(file, env);
    const auto failure = loaded.errors.empty() ? std::optional<int>{} : core::k_exit_config;
    return context.emit(report_of(context, file, loaded), failure);
}

int show(cli::Context& context) {
    return context.print(config::show(discovered(context, load_config(context.options()))));
}

cli::Run bind_config(CLI::App& app) {
    auto options = std::make_shared<ConfigOptions>();
    app.require_subcommand(1);
    auto* init_command =
        app.add_subcommand("init", "discover the gallery and write a configuration for it");
    init_command->add_option("FILE", options->file, "where to write it; '-' prints it")
        ->capture_default_str();
    init_command->add_flag("--force", options->force, "replace a file that exists");
    auto* check_command =
        app.add_subcommand("check", "explain every mistake of a configuration file");
    check_command->add_option("FILE", options->check_file, "the file; else the one that applies");
    auto* show_command =
        app.add_subcommand("show", "print the effective values and where each came from");
    auto* schema_command =
        app.add_subcommand("schema", "print the JSON Schema of the configuration file");
    return [=](cli::Context& context) {
        if (init_command->parsed()) return init(context, *options);
        if (check_command->parsed()) return check(context, *options);
        if (show_command->parsed()) return show(context);
        if (schema_command->parsed()) return context.print(config::schema());
        throw core::UsageError("config needs one of: init, check, show, schema");
    };
}

constexpr std::array k_config_examples{
    cli::Example{"gallery-ops config init",
                 "write gallery-ops.yaml for the gallery that runs here"},
    cli::Example{"gallery-ops config check",
                 "line, column and the nearest known key of each mistake"},
    cli::Example{"gallery-ops config show", "what applies, and where it came from"},
};

} // namespace

extern const cli::Command config;
const cli::Command config{"config", "write, check and show the configuration",
                          "A gallery that runs under docker-compose on this host needs no "
                          "configuration: it is discovered. A file changes "
                          "limits, names what can't be discovered, and says who acts.\n\n"
                          "Secrets are masked in everything that is printed.",
                          k_config_examples, bind_config};

} // namespace commands
