// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/arrange.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

// Workflow commands of the GitHub Actions runner: ::error file=…,line=…,title=…::message. Escaping
// as in the runner's toolkit (@actions/core, command.ts): % CR LF in the message, and : , besides
// in properties.

namespace report::format {
namespace {

std::string escape_command(std::string_view raw, std::string_view also) {
    std::string out;
    for (const char c : core::printable(raw, core::NewLines::keep)) {
        const bool special = c == '%' || c == '\r' || c == '\n';
        if (special || also.find(c) != std::string_view::npos) {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out;
}

std::string message(std::string_view raw) {
    return escape_command(raw, "");
}

std::string property(std::string_view raw) {
    return escape_command(raw, ":,");
}

std::string_view level(core::Verdict verdict, const RenderOptions& options) {
    if (verdict == core::Verdict::critical) return "error";
    if (verdict == core::Verdict::warning) return "warning";
    return options.unknown == core::UnknownPolicy::fails ? "error" : "warning";
}

std::string place(const core::Finding& finding) {
    if (!finding.location) return {};
    std::string text = fmt::format("file={},", property(finding.location->file));
    if (finding.location->line > 0) text += fmt::format("line={},", finding.location->line);
    if (finding.location->column > 0) text += fmt::format("col={},", finding.location->column);
    if (finding.location->end_line > 0)
        text += fmt::format("endLine={},", finding.location->end_line);
    return text;
}

std::string annotation(const core::Finding& finding, const RenderOptions& options) {
    const std::string title =
        fmt::format("{} {}: {}", core::name(finding.verdict), finding.id, label(finding));
    std::string text = finding.message;
    for (const auto& cause : finding.caused_by)
        text += fmt::format("\nfollows from {}", cause);
    if (!finding.remediation.empty()) text += fmt::format("\nnext: {}", finding.remediation);
    return fmt::format("::{} {}title={}::{}\n", level(finding.verdict, options), place(finding),
                       property(title), message(text));
}

std::string render_github(const Report& report, const RenderOptions& options) {
    std::string out;
    for (const auto& problem : problems(report)) {
        out += annotation(*problem.finding, options);
        for (const auto* finding : problem.consequences)
            out += annotation(*finding, options);
    }
    const std::string title =
        fmt::format("gallery-ops {}: {}", report.command, core::name(verdict(report)));
    return out
           + fmt::format("::notice title={}::{}\n", property(title),
                         message(count_line(report, " · ")));
}

} // namespace

extern const Format github{"github", "annotations for GitHub workflows", render_github};

} // namespace report::format
