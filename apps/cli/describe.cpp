// SPDX-License-Identifier: MIT
#include "cli/describe.hpp"

#include "cli/parse.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>

namespace cli {
namespace {

constexpr std::string_view k_about =
    "Carries out the maintenance playbook of the gallery: looks at its services, judges what it "
    "sees against limits, and says what is wrong, since when, what to do next and who is "
    "responsible. It changes nothing unless told to.";

constexpr std::array k_exit_codes{
    ExitCode{0, "all is well"},
    ExitCode{1, "the worst verdict is warning"},
    ExitCode{2, "the worst verdict is critical"},
    ExitCode{3, "something asked for could not be checked; nothing is critical"},
    ExitCode{64, "the command line is wrong"},
    ExitCode{70, "internal error, or the output could not be written"},
    ExitCode{78, "the configuration is wrong"},
    ExitCode{130, "interrupted; what was found until then is written"},
};

std::vector<std::string> choices_of(const std::string& value) {
    std::vector<std::string> choices;
    if (value.starts_with("FORMAT")) {
        for (const auto& format : report::formats())
            choices.emplace_back(format.name);
    } else if (value.find('|') != std::string::npos && value.find('[') == std::string::npos) {
        for (const auto word : core::split(value, '|'))
            choices.emplace_back(word);
    }
    return choices;
}

OptionDoc describe_option(const CLI::Option& option) {
    OptionDoc doc;
    if (!option.get_snames().empty()) doc.short_name = "-" + option.get_snames().front();
    if (!option.get_lnames().empty()) doc.long_name = "--" + option.get_lnames().front();
    doc.positional = option.get_positional();
    if (doc.positional) doc.long_name = option.get_name(true);
    if (option.get_items_expected_max() > 0) doc.value = option.get_type_name();
    if (!doc.value.empty() && option.get_items_expected_min() == 0 && !doc.positional)
        doc.value = "[" + doc.value + "]";
    doc.help = option.get_description();
    doc.choices = choices_of(doc.value);
    return doc;
}

std::vector<OptionDoc> describe_options(const CLI::App& app) {
    std::vector<OptionDoc> docs;
    for (const auto* option : app.get_options()) {
        const bool hidden = option->get_group().empty();
        if (!hidden && option != app.get_help_ptr()) docs.push_back(describe_option(*option));
    }
    return docs;
}

std::vector<CommandDoc> describe_subcommands(const CLI::App& app) {
    std::vector<CommandDoc> docs;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        CommandDoc doc;
        doc.name = sub->get_name();
        doc.summary = sub->get_description();
        doc.options = describe_options(*sub);
        doc.subcommands = describe_subcommands(*sub);
        docs.push_back(std::move(doc));
    }
    return docs;
}

} // namespace

std::span<const ExitCode> exit_codes() {
    return k_exit_codes;
}

ProgramDoc describe(std::span<const Command* const> table) {
    GlobalOptions options;
    std::vector<Run> runs;
    const auto app = make_parser(table, options, runs);
    ProgramDoc program;
    program.description = k_about;
    program.options = describe_options(*app);
    program.options.push_back(describe_option(*app->get_help_ptr()));
    program.commands = describe_subcommands(*app);
    for (std::size_t i = 0; i < program.commands.size(); ++i) {
        program.commands[i].description = table[i]->description;
        program.commands[i].examples.assign(table[i]->examples.begin(), table[i]->examples.end());
    }
    return program;
}

} // namespace cli
