// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "report/arrange.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

#include <cctype>

namespace report::format {
namespace {

/// Escapes text for a cell of a GitHub-flavoured table: everything that could open markup, break
/// the cell or the row, or notify a person (@name).
std::string escape_markdown(std::string_view raw) {
    const std::string text = core::printable(raw, core::NewLines::keep);
    std::string out;
    char before = ' ';
    for (const char c : text) {
        if (c == '\n') {
            out += "<br>";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '&') {
            out += "&amp;";
        } else if (c == '@' && std::isalnum(static_cast<unsigned char>(before)) == 0) {
            out += "@<!-- -->";
        } else if (std::string_view{"\\`*_[]|~#$"}.find(c) != std::string_view::npos) {
            out += '\\';
            out += c;
        } else {
            out += c;
        }
        before = c;
    }
    return out;
}

std::string row(const core::Finding& finding, std::string_view prefix) {
    return fmt::format("| {} | {}{} | {} | {} |\n", core::name(finding.verdict), prefix,
                       escape_markdown(label(finding)), escape_markdown(finding.message),
                       escape_markdown(finding.remediation));
}

std::string problem_table(const Report& report) {
    const auto all = problems(report);
    if (all.empty()) return {};
    std::string out = "| verdict | what | seen | next |\n| --- | --- | --- | --- |\n";
    for (const auto& problem : all) {
        out += row(*problem.finding, "");
        for (const auto* finding : problem.consequences)
            out += row(*finding, "↳ ");
    }
    return out + "\n";
}

std::string rest(const Report& report) {
    std::string rows;
    for (const auto& finding : report.findings) {
        if (is_problem(finding)) continue;
        rows += fmt::format("| {} | {} | {} |\n", core::name(finding.verdict),
                            escape_markdown(label(finding)), escape_markdown(finding.message));
    }
    if (rows.empty()) return {};
    return fmt::format("<details><summary>What is well or was skipped</summary>\n\n"
                       "| verdict | what | seen |\n| --- | --- | --- |\n{}\n</details>\n\n",
                       rows);
}

std::string render_markdown(const Report& report, const RenderOptions& /*options*/) {
    const std::string project = report.project.empty() ? "gallery-ops" : report.project;
    std::string out = fmt::format("### {} {}: {}\n\n", escape_markdown(project),
                                  escape_markdown(report.command), core::name(verdict(report)));
    if (report.interrupted) out += "**Interrupted**: this is what was found until then.\n\n";
    out += problem_table(report);
    out += rest(report);
    for (const auto& note : report.notes)
        out += fmt::format("- {}\n", escape_markdown(note));
    if (!report.notes.empty()) out += "\n";
    return out
           + fmt::format("{} · {}{} in {}\n", count_line(report, " · "),
                         escape_markdown(report.scope), report.scope.empty() ? "" : ",",
                         core::format_duration(report.duration));
}

} // namespace

extern const Format markdown{"markdown", "a table for a pull request's comment", render_markdown};

} // namespace report::format
