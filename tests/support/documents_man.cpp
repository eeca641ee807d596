// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "support/documents.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace support {
namespace {

using cli::CommandDoc;
using cli::OptionDoc;
using cli::ProgramDoc;

/// Escapes text for roff: the backslash, the hyphen (a minus that can be pasted), quotes, and a
/// point or an apostrophe that would begin a request.
std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if (c == '"') {
            out += "\\(dq";
        } else {
            out += c;
        }
    }
    return !out.empty() && (out.front() == '.' || out.front() == '\'') ? "\\&" + out : out;
}

std::string upper(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::string head(const std::string& name, std::string_view summary, std::string_view version) {
    return fmt::format(".\\\" Generated from the command table; scripts/accept-goldens renews it.\n"
                       ".TH {} 1 \"\" \"gallery\\-ops {}\" \"gallery\\-ops\"\n"
                       ".SH NAME\n{} \\- {}\n",
                       roff(upper(name)), version, roff(name), roff(summary));
}

std::string paragraphs(std::string_view text) {
    std::string out;
    for (const auto paragraph : core::split(text, '\n')) {
        if (!paragraph.empty()) out += fmt::format(".PP\n{}\n", roff(paragraph));
    }
    return out;
}

std::string option_entry(const OptionDoc& option) {
    std::string term;
    if (option.positional) {
        term = fmt::format("\\fI{}\\fR", roff(option.long_name));
    } else {
        if (!option.short_name.empty()) term = fmt::format("\\fB{}\\fR", roff(option.short_name));
        if (!option.long_name.empty())
            term += fmt::format("{}\\fB{}\\fR", term.empty() ? "" : ", ", roff(option.long_name));
        if (!option.value.empty()) term += fmt::format(" \\fI{}\\fR", roff(option.value));
    }
    return fmt::format(".TP\n{}\n{}\n", term, roff(option.help));
}

std::string option_section(std::string_view title, const std::vector<OptionDoc>& options) {
    if (options.empty()) return {};
    std::string out = fmt::format(".SH {}\n", title);
    for (const auto& option : options)
        out += option_entry(option);
    return out;
}

std::string subcommand_section(const std::vector<CommandDoc>& commands) {
    if (commands.empty()) return {};
    std::string out = ".SH COMMANDS\n";
    for (const auto& command : commands) {
        out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(command.name), roff(command.summary));
        if (command.options.empty()) continue;
        out += ".RS\n";
        for (const auto& option : command.options)
            out += option_entry(option);
        out += ".RE\n";
    }
    return out;
}

std::string example_section(const std::vector<cli::Example>& examples) {
    if (examples.empty()) return {};
    std::string out = ".SH EXAMPLES\n";
    for (const auto& example : examples)
        out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(example.line), roff(example.meaning));
    return out;
}

std::string exit_section() {
    std::string out = ".SH EXIT STATUS\n";
    for (const auto& code : cli::exit_codes())
        out += fmt::format(".TP\n{}\n{}\n", code.code, roff(code.meaning));
    return out
           + ".PP\nA caller must treat a code that it does not know as failure. With \\fB\\-o "
             "nagios\\fR the codes are those of the plugin interface: 0, 1, 2, and 3 for "
             "everything "
             "else.\n";
}

std::string environment_section() {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"GALLERY_OPS_CONFIG", "the configuration file, when --config is not given"},
        {"XDG_CONFIG_HOME", "where the user's configuration is (default: ~/.config)"},
        {"COLUMNS", "the width of the text output, when it does not go to a terminal"},
        {"LC_ALL, LC_CTYPE, LANG", "whether the text output may use more than ASCII"},
        {"NO_COLOR, TERM", "whether a terminal is written to in colour"},
        {"TZ", "the zone of the times in the text output"}};
    std::string out = ".SH ENVIRONMENT\n";
    for (const auto& [name, meaning] : rows)
        out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(name), roff(meaning));
    return out;
}

std::string format_section() {
    std::string out = ".SH OUTPUT FORMATS\n";
    for (const auto& format : report::formats())
        out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(format.name), roff(format.help));
    return out;
}

std::string see_also(const ProgramDoc& program, std::string_view self) {
    std::vector<std::string> names;
    if (self != "gallery-ops") names.emplace_back("\\fBgallery\\-ops\\fR(1)");
    for (const auto& command : program.commands) {
        const std::string name = "gallery-ops-" + command.name;
        if (name != self) names.push_back(fmt::format("\\fB{}\\fR(1)", roff(name)));
    }
    if (names.empty()) return {};
    return fmt::format(".SH SEE ALSO\n{}\n", core::join(names, ", "));
}

std::string program_page(const ProgramDoc& program, std::string_view version) {
    std::string out = head("gallery-ops", "look after a generative art gallery", version);
    out += ".SH SYNOPSIS\n\\fBgallery\\-ops\\fR [\\fIglobal options\\fR] \\fICOMMAND\\fR "
           "[\\fIoptions\\fR]\n";
    out += ".SH DESCRIPTION\n" + paragraphs(program.description);
    out += ".SH COMMANDS\n";
    for (const auto& command : program.commands) {
        out += fmt::format(".TP\n\\fB{}\\fR\n{}; see \\fBgallery\\-ops\\-{}\\fR(1)\n",
                           roff(command.name), roff(command.summary), roff(command.name));
    }
    out += option_section("GLOBAL OPTIONS", program.options);
    return out + format_section() + exit_section() + environment_section()
           + see_also(program, "gallery-ops");
}

std::string command_page(const ProgramDoc& program, const CommandDoc& command,
                         std::string_view version) {
    const std::string name = "gallery-ops-" + command.name;
    std::string out = head(name, command.summary, version);
    out += fmt::format(".SH SYNOPSIS\n\\fBgallery\\-ops\\fR [\\fIglobal options\\fR] \\fB{}\\fR{}",
                       roff(command.name), command.subcommands.empty() ? "" : " \\fICOMMAND\\fR");
    const bool options =
        std::ranges::any_of(command.options, [](const OptionDoc& o) { return !o.positional; });
    if (options) out += " [\\fIoptions\\fR]";
    for (const auto& option : command.options) {
        if (option.positional) out += fmt::format(" [\\fI{}\\fR]", roff(option.long_name));
    }
    out += "\n.SH DESCRIPTION\n"
           + paragraphs(command.description.empty() ? command.summary : command.description);
    out += subcommand_section(command.subcommands);
    out += option_section("OPTIONS", command.options);
    out += example_section(command.examples);
    out += ".SH EXIT STATUS\nAs in \\fBgallery\\-ops\\fR(1), where the global options are.\n";
    return out + see_also(program, name);
}

} // namespace

std::vector<Document> man_pages(const ProgramDoc& program, std::string_view version) {
    std::vector<Document> pages{{"man/gallery-ops.1", program_page(program, version)}};
    for (const auto& command : program.commands) {
        pages.push_back({fmt::format("man/gallery-ops-{}.1", command.name),
                         command_page(program, command, version)});
    }
    return pages;
}

} // namespace support
