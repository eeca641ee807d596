// SPDX-License-Identifier: MIT
#include "cli/parse.hpp"

#include "cli/describe.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

/// Returns `app` and the subcommands that were given, from the outside in.
std::vector<const CLI::App*> given_path(const CLI::App& app) {
    std::vector<const CLI::App*> path{&app};
    while (true) {
        const auto subs = path.back()->get_subcommands();
        if (subs.empty()) return path;
        path.push_back(subs.front());
    }
}

std::vector<std::string> long_names(const std::vector<const CLI::App*>& path) {
    std::vector<std::string> names;
    for (const auto* app : path) {
        for (const auto* option : app->get_options()) {
            for (const auto& name : option->get_lnames())
                names.push_back("--" + name);
        }
    }
    return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words) {
    const auto near = core::nearest(word, words);
    return near ? fmt::format("; did you mean '{}'?", *near) : std::string{};
}

[[noreturn]] void refuse_extra(const std::string& extra, const std::vector<const CLI::App*>& path) {
    const std::string shown = core::printable(extra);
    if (extra.size() > 1 && extra.front() == '-') {
        const std::string name = shown.substr(0, shown.find('='));
        throw core::UsageError(
            fmt::format("no option '{}'{}", name, did_you_mean(name, long_names(path))));
    }
    const auto names = command_names(*path.back());
    if (path.size() == 1) {
        throw core::UsageError(fmt::format("no command '{}'{}", shown, did_you_mean(extra, names)));
    }
    throw core::UsageError(fmt::format("'{}' does not understand '{}'{}", path.back()->get_name(),
                                       shown, did_you_mean(extra, names)));
}

/// CLI11 says "--timeout: 1 required DUR missing"; people expect a sentence.
std::string sentence(const CLI::ParseError& error) {
    std::string what = core::printable(error.what());
    const std::string name = what.substr(0, what.find(':'));
    if (error.get_name() == "ArgumentMismatch") {
        return what.find("missing") != std::string::npos || what.find("equire") != std::string::npos
                   ? fmt::format("{} needs a value", name)
                   : fmt::format("{} is given more than once", name);
    }
    return what;
}

std::string help_for(const std::vector<const CLI::App*>& path,
                     std::span<const Command* const> table, std::size_t width) {
    const auto program = describe(table);
    if (path.size() == 1) return help(program, width);
    const auto* found =
        &*std::ranges::find(program.commands, path[1]->get_name(), &CommandDoc::name);
    std::string name = found->name;
    for (std::size_t i = 2; i < path.size(); ++i) {
        found = &*std::ranges::find(found->subcommands, path[i]->get_name(), &CommandDoc::name);
        name += " " + found->name;
    }
    return help(*found, name, width);
}

void check_extras(const CLI::App& app) {
    auto extras = app.remaining(true);
    std::erase(extras, "--");
    if (!extras.empty()) refuse_extra(extras.front(), given_path(app));
    const auto chosen = app.get_subcommands();
    if (chosen.empty()) throw core::UsageError("no command given");
    if (chosen.size() > 1) {
        throw core::UsageError(fmt::format("two commands given: '{}' and '{}'",
                                           chosen[0]->get_name(), chosen[1]->get_name()));
    }
}

} // namespace

std::string version_line() {
    return "gallery-ops " GALLERY_OPS_VERSION "\n";
}

std::shared_ptr<CLI::App> make_parser(std::span<const Command* const> table, GlobalOptions& options,
                                      std::vector<Run>& runs) {
    auto app = std::make_shared<CLI::App>("", "gallery-ops");
    app->set_help_flag("-h,--help", "this text; after a command: the command's");
    bind_global_options(*app, options);
    app->set_version_flag("--version", std::string{GALLERY_OPS_VERSION}, "the version");
    app->allow_extras(); // so that they are judged here, with all commands known
    for (const auto* command : table) {
        auto* sub = app->add_subcommand(std::string{command->name}, std::string{command->summary});
        sub->fallthrough(); // global options may follow the command
        runs.push_back(command->bind(*sub));
    }
    return app;
}

std::unique_ptr<Invocation> parse(std::span<const std::string> arguments,
                                  std::span<const Command* const> table, std::size_t width) {
    auto invocation = std::make_unique<Invocation>();
    std::vector<Run> runs;
    invocation->app = make_parser(table, invocation->options, runs);
    auto& app = *invocation->app;
    try {
        app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
        check_extras(app);
    } catch (const CLI::CallForHelp&) {
        invocation->text = help_for(given_path(app), table, width);
        return invocation;
    } catch (const CLI::CallForVersion&) {
        invocation->text = version_line();
        return invocation;
    } catch (const CLI::ParseError& error) {
        throw core::UsageError(sentence(error));
    }
    check_global_options(invocation->options);
    invocation->command = app.get_subcommands().front()->get_name();
    const auto at = std::ranges::find(table, invocation->command, &Command::name);
    if (!invocation->options.notify.empty() && !(*at)->notifies)
        throw core::UsageError(fmt::format("'{}' has nothing to --notify of", invocation->command));
    invocation->run = runs.at(static_cast<std::size_t>(at - table.begin()));
    return invocation;
}

bool wants_nagios(std::span<const std::string> arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "--") return false;
        for (const std::string_view value : {"nagios", "nagios=-"}) {
            if (word == fmt::format("-o{}", value) || word == fmt::format("--output={}", value))
                return true;
            const bool option = word == "-o" || word == "--output";
            if (option && i + 1 < arguments.size() && arguments[i + 1] == value) return true;
        }
    }
    return false;
}

std::string help_line(std::span<const std::string> arguments,
                      std::span<const Command* const> table) {
    for (const auto& word : arguments) {
        if (std::ranges::find(table, word, &Command::name) != table.end())
            return fmt::format("see 'gallery-ops {} --help'", word);
    }
    return "see 'gallery-ops --help'";
}

} // namespace cli
