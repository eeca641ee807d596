// SPDX-License-Identifier: MIT
#include "cli/describe.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

/// "-o, --output FORMAT[=FILE]"; an option without a short name is indented as if it had one.
std::string option_head(const OptionDoc& option) {
    if (option.positional) return option.long_name;
    std::string head = option.short_name.empty() ? "    " : option.short_name;
    if (!option.long_name.empty()) {
        if (!option.short_name.empty()) head += ", ";
        head += option.long_name;
    }
    if (!option.value.empty()) head += " " + option.value;
    return head;
}

/// A list of heads with their texts beside them; a head that is too long gets a line of its own.
std::string listing(const std::vector<std::pair<std::string, std::string>>& rows,
                    std::size_t width) {
    constexpr std::size_t k_widest_head = 30;
    std::size_t column = 0;
    for (const auto& [head, text] : rows) {
        if (head.size() <= k_widest_head) column = std::max(column, head.size());
    }
    column += 4;
    std::string out;
    for (const auto& [head, text] : rows) {
        const std::string body = wrap(text, width, column);
        if (head.size() + 4 > column) {
            out += fmt::format("  {}\n{}", head, body);
        } else {
            out += fmt::format("  {:<{}}", head, column - 2);
            out += body.substr(std::min(column, body.size()));
        }
    }
    return out;
}

std::string options_section(std::string_view title, const std::vector<OptionDoc>& options,
                            std::size_t width) {
    if (options.empty()) return {};
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& option : options)
        rows.emplace_back(option_head(option), option.help);
    return fmt::format("\n{}\n{}", title, listing(rows, width));
}

std::string commands_section(const std::vector<CommandDoc>& commands, std::size_t width) {
    if (commands.empty()) return {};
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& command : commands)
        rows.emplace_back(command.name, command.summary);
    return fmt::format("\ncommands\n{}", listing(rows, width));
}

std::string examples_section(const std::vector<Example>& examples, std::size_t width) {
    if (examples.empty()) return {};
    std::string out = "\nexamples\n";
    for (const auto& example : examples)
        out += fmt::format("  {}\n{}", example.line, wrap(example.meaning, width, 6));
    return out;
}

std::string synopsis(const CommandDoc& command, const std::string& path) {
    std::string line = fmt::format("usage: gallery-ops [global options] {}", path);
    const bool has_options =
        std::ranges::any_of(command.options, [](const OptionDoc& o) { return !o.positional; });
    if (!command.subcommands.empty()) line += " COMMAND";
    if (has_options) line += " [options]";
    for (const auto& option : command.options) {
        if (option.positional) line += fmt::format(" [{}]", option.long_name);
    }
    return line + "\n";
}

} // namespace

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
    std::string out;
    const std::string margin(indent, ' ');
    for (const auto paragraph : core::split(text, '\n')) {
        if (paragraph.empty()) {
            out += "\n";
            continue;
        }
        std::string line = margin;
        for (const auto word : core::split(paragraph, ' ')) {
            const bool first = line.size() == indent;
            const std::size_t used = core::display_width(line) + core::display_width(word) + 1;
            if (!first && used > width) {
                out += line + "\n";
                line = margin;
            }
            if (line.size() != indent) line += ' ';
            line += word;
        }
        out += line + "\n";
    }
    return out;
}

std::string help(const ProgramDoc& program, std::size_t width) {
    std::string out = "usage: gallery-ops [global options] COMMAND [options]\n\n";
    out += wrap(program.description, width, 0);
    out += commands_section(program.commands, width);
    out += options_section("global options, before or after the command", program.options, width);
    std::vector<std::pair<std::string, std::string>> codes;
    for (const auto& code : exit_codes())
        codes.emplace_back(fmt::format("{:>3}", code.code), code.meaning);
    out += "\nexit codes\n" + listing(codes, width);
    out += "\nsee 'gallery-ops COMMAND --help' for a command's options and examples\n";
    return out;
}

std::string help(const CommandDoc& command, const std::string& path, std::size_t width) {
    std::string out = synopsis(command, path) + "\n";
    out += wrap(command.description.empty() ? command.summary : command.description, width, 0);
    out += commands_section(command.subcommands, width);
    out += options_section("options", command.options, width);
    out += examples_section(command.examples, width);
    out += "\nsee 'gallery-ops --help' for the global options and exit codes\n";
    return out;
}

} // namespace cli
