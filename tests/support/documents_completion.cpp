// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "support/documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace support {
namespace {

using cli::CommandDoc;
using cli::OptionDoc;
using cli::ProgramDoc;

constexpr std::string_view k_notice =
    "# Generated from the command table; scripts/accept-goldens renews it.\n";

std::vector<std::string> names_of(const OptionDoc& option) {
    std::vector<std::string> names;
    if (option.positional) return names;
    if (!option.short_name.empty()) names.push_back(option.short_name);
    if (!option.long_name.empty()) names.push_back(option.long_name);
    return names;
}

std::string all_names(const std::vector<OptionDoc>& options) {
    std::vector<std::string> names;
    for (const auto& option : options) {
        for (auto& name : names_of(option))
            names.push_back(std::move(name));
    }
    return core::join(names, " ");
}

std::string command_names(const std::vector<CommandDoc>& commands) {
    std::vector<std::string> names;
    for (const auto& command : commands)
        names.push_back(command.name);
    return core::join(names, " ");
}

/// Calls `each` for every command and subcommand with its path: "config", "config init".
void for_each_command(const std::vector<CommandDoc>& commands, const std::string& parent,
                      const std::function<void(const std::string&, const CommandDoc&)>& each) {
    for (const auto& command : commands) {
        const std::string path = parent.empty() ? command.name : parent + " " + command.name;
        each(path, command);
        for_each_command(command.subcommands, path, each);
    }
}

// ---- bash ----

/// A line of `case "$path:$prev"`: what may follow an option.
std::string bash_value_case(const std::string& path, const OptionDoc& option) {
    const auto kind = kind_of_value(option);
    if (option.positional || kind == ValueKind::none) return {};
    std::vector<std::string> patterns;
    for (const auto& name : names_of(option))
        patterns.push_back(path + ":" + name);
    std::string action = ":";
    if (kind == ValueKind::words)
        action = fmt::format("mapfile -t COMPREPLY < <(compgen -W {} -- \"$cur\")",
                             shell_quoted(choice_words(option)));
    if (kind == ValueKind::file)
        action = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")";
    if (kind == ValueKind::folder)
        action = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")";
    return fmt::format("        {}) {}; return ;;\n", core::join(patterns, "|"), action);
}

std::string bash_values(const ProgramDoc& program) {
    std::string out;
    for_each_command(program.commands, "",
                     [&out](const std::string& path, const CommandDoc& command) {
                         for (const auto& option : command.options)
                             out += bash_value_case("\"" + path + "\"", option);
                     });
    for (const auto& option : program.options)
        out += bash_value_case("*", option);
    return out;
}

/// Names of the options whose next word is a value, so that it is not taken for a command.
std::string bash_with_value(const ProgramDoc& program) {
    std::vector<std::string> names;
    const auto add = [&names](const OptionDoc& option) {
        if (option.value.empty() || option.value.front() == '[') return;
        for (auto& name : names_of(option))
            names.push_back(std::move(name));
    };
    for (const auto& option : program.options)
        add(option);
    for_each_command(program.commands, "", [&add](const std::string&, const CommandDoc& command) {
        for (const auto& option : command.options)
            add(option);
    });
    return core::join(names, "|");
}

std::string bash_words(const ProgramDoc& program) {
    std::string out =
        fmt::format("        '') words={} ;;\n", shell_quoted(command_names(program.commands)));
    for_each_command(
        program.commands, "", [&out](const std::string& path, const CommandDoc& command) {
            const bool files = std::ranges::any_of(command.options, [](const OptionDoc& option) {
                return option.positional && kind_of_value(option) == ValueKind::file;
            });
            std::vector<std::string> words;
            for (auto& part : {command_names(command.subcommands), all_names(command.options)}) {
                if (!part.empty()) words.push_back(part);
            }
            out += fmt::format("        {}) words={}{} ;;\n", shell_quoted(path),
                               shell_quoted(core::join(words, " ")), files ? " files=yes" : "");
        });
    return out;
}

std::string bash_paths(const ProgramDoc& program) {
    std::vector<std::string> paths;
    for_each_command(program.commands, "", [&paths](const std::string& path, const CommandDoc&) {
        paths.push_back(shell_quoted(path));
    });
    return paths.empty() ? "''" : core::join(paths, "|");
}

std::string format_pattern() {
    std::vector<std::string> names;
    for (const auto& format : report::formats())
        names.emplace_back(format.name);
    return core::join(names, "|");
}

// ---- zsh ----

/// Escapes what separates the parts of an _arguments specification.
std::string zsh_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_action(const OptionDoc& option) {
    switch (kind_of_value(option)) {
    case ValueKind::words:
        return fmt::format("({})", choice_words(option));
    case ValueKind::file:
        return "_files";
    case ValueKind::folder:
        return "_files -/";
    case ValueKind::none:
    case ValueKind::other:
        break;
    }
    return " ";
}

std::vector<std::string> zsh_specs(const OptionDoc& option) {
    const std::string text = zsh_text(option.help);
    if (option.positional) {
        return {
            shell_quoted(fmt::format("*:{}:{}", zsh_text(option.long_name), zsh_action(option)))};
    }
    const bool optional = option.value.starts_with('[');
    std::string value;
    if (!option.value.empty()) {
        value = fmt::format("{}:{}:{}", optional ? ":" : "", zsh_text(option.value),
                            zsh_action(option));
    }
    std::vector<std::string> specs;
    for (const auto& name : names_of(option)) {
        // One of two names excludes the other, unless both may come again and again.
        const std::string before =
            option.repeatable ? "*" : fmt::format("({})", core::join(names_of(option), " "));
        // "-o json" or "-ojson", "--output json" or "--output=json"
        const std::string_view joint = value.empty() ? "" : name.starts_with("--") ? "=" : "+";
        specs.push_back(
            shell_quoted(fmt::format("{}{}{}[{}]{}", before, name, joint, text, value)));
    }
    return specs;
}

std::string zsh_array(std::string_view name, const std::vector<OptionDoc>& options) {
    std::string out = fmt::format("    {}=(\n", name);
    for (const auto& option : options) {
        for (const auto& spec : zsh_specs(option))
            out += fmt::format("        {}\n", spec);
    }
    return out + "    )\n";
}

std::string zsh_list(std::string_view name, const std::vector<CommandDoc>& commands) {
    std::string out = fmt::format("    {}=(\n", name);
    for (const auto& command : commands) {
        out += fmt::format("        {}\n",
                           shell_quoted(zsh_text(command.name) + ":" + zsh_text(command.summary)));
    }
    return out + "    )\n";
}

std::string zsh_function_name(const std::string& path) {
    std::string name = "_gallery_ops";
    for (const char c : path.empty() ? "" : "_" + path)
        name += c == ' ' || c == '-' ? '_' : c;
    return name;
}

/// The function that completes what stands after `path`; one with subcommands hands over to theirs.
std::string zsh_function(const std::string& path, const std::vector<OptionDoc>& options,
                         const std::vector<CommandDoc>& commands) {
    std::string out = fmt::format("{}() {{\n    local -a own list\n", zsh_function_name(path));
    // The outermost function is the one that is called; what it declares, the others see.
    if (path.empty())
        out += "    local -a gallery_ops_globals\n" + zsh_array("gallery_ops_globals", options);
    out += zsh_array("own", path.empty() ? std::vector<OptionDoc>{} : options);
    if (commands.empty()) return out + "    _arguments -s $gallery_ops_globals $own\n}\n\n";
    out += zsh_list("list", commands);
    out += "    local state line curcontext=$curcontext\n"
           "    _arguments -s -C $gallery_ops_globals $own '1: :->command' '*:: :->rest'\n"
           "    case $state in\n"
           "        command) _describe 'command' list ;;\n"
           "        rest)\n            case $words[1] in\n";
    for (const auto& command : commands) {
        out +=
            fmt::format("                {}) {} ;;\n", command.name,
                        zsh_function_name(path.empty() ? command.name : path + " " + command.name));
    }
    return out + "            esac ;;\n    esac\n}\n\n";
}

// ---- fish ----

std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string fish_option(const OptionDoc& option, const std::string& condition) {
    if (option.positional) {
        return kind_of_value(option) == ValueKind::file
                   ? fmt::format("complete -c gallery-ops{} -F\n", condition)
                   : std::string{};
    }
    std::string line = "complete -c gallery-ops" + condition;
    if (!option.short_name.empty()) line += " -s " + option.short_name.substr(1);
    if (!option.long_name.empty()) line += " -l " + option.long_name.substr(2);
    switch (kind_of_value(option)) {
    case ValueKind::words:
        line += fmt::format(" -x -a {}", fish_quoted(choice_words(option)));
        break;
    case ValueKind::file:
    case ValueKind::folder:
        line += " -r -F";
        break;
    case ValueKind::other:
        line += option.value.starts_with('[') ? "" : " -x";
        break;
    case ValueKind::none:
        break;
    }
    return line + fmt::format(" -d {}\n", fish_quoted(option.help));
}

std::string fish_command(const CommandDoc& command) {
    const std::string seen = fmt::format(" -n '__fish_seen_subcommand_from {}'", command.name);
    std::string out;
    for (const auto& option : command.options)
        out += fish_option(option, seen);
    const std::string open =
        fmt::format(" -n '__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}'",
                    command.name, command_names(command.subcommands));
    for (const auto& sub : command.subcommands) {
        out += fmt::format("complete -c gallery-ops{} -a {} -d {}\n", open, sub.name,
                           fish_quoted(sub.summary));
        const std::string both =
            fmt::format(" -n '__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}'",
                        command.name, sub.name);
        for (const auto& option : sub.options)
            out += fish_option(option, both);
    }
    return out;
}

} // namespace

std::string bash_completion(const ProgramDoc& program) {
    return fmt::format(
        R"bash(# bash completion for gallery-ops
{notice}
_gallery_ops() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}}
    local path='' words='' word='' files='' i
    COMPREPLY=()
    # bash splits at '=': "--color=al" is three words, "json=f" after -o as well
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    case $prev in
        {formats})
            if [[ ${{COMP_WORDS[COMP_CWORD - 1]}} == '=' || ${{COMP_WORDS[COMP_CWORD]}} == '=' ]]; then
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                return
            fi ;;
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${{COMP_WORDS[i]}}
        case $word in
            {with_value})
                [[ ${{COMP_WORDS[i + 1]}} != '=' ]] || ((i++))
                ((i++)) ;;
            -*|=) ;;
            *)
                case "${{path:+$path }}$word" in
                    {paths}) path="${{path:+$path }}$word" ;;
                esac ;;
        esac
    done
    case "$path:$prev" in
{values}    esac
    case $path in
{words}    esac
        [[ $cur != -* ]] || words+={globals}
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
        if [[ $cur != -* && $files != '' ]]; then
        compopt -o filenames
        mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$cur")
    fi
}}
complete -F _gallery_ops gallery-ops
)bash",
        fmt::arg("notice", k_notice), fmt::arg("formats", format_pattern()),
        fmt::arg("paths", bash_paths(program)), fmt::arg("with_value", bash_with_value(program)),
        fmt::arg("values", bash_values(program)), fmt::arg("words", bash_words(program)),
        fmt::arg("globals", shell_quoted(" " + all_names(program.options))));
}

std::string zsh_completion(const ProgramDoc& program) {
    std::string out = fmt::format("#compdef gallery-ops\n{}\n", k_notice);

    for_each_command(program.commands, "",
                     [&out](const std::string& path, const CommandDoc& command) {
                         out += zsh_function(path, command.options, command.subcommands);
                     });
    out += zsh_function("", program.options, program.commands);
    return out + "_gallery_ops \"$@\"\n";
}

std::string fish_completion(const ProgramDoc& program) {
    std::string out = fmt::format("# fish completion for gallery-ops\n{}\n"
                                  "complete -c gallery-ops -f\n",
                                  k_notice);
    for (const auto& command : program.commands) {
        out += fmt::format("complete -c gallery-ops -n '__fish_use_subcommand' -a {} -d {}\n",
                           command.name, fish_quoted(command.summary));
    }
    for (const auto& option : program.options)
        out += fish_option(option, "");
    for (const auto& command : program.commands)
        out += fish_command(command);
    return out;
}

} // namespace support
