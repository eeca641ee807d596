// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "report/arrange.hpp"
#include "report/format.hpp"
#include "report/formats/html_plot.hpp"
#include "report/recurrence.hpp"

#include <fmt/format.h>

// One file that needs no other and runs nothing: no script, no font, no picture from elsewhere, and
// a policy that forbids them (CSP Level 3) should a text ever get through as markup.

namespace report::html {
namespace {

constexpr std::string_view k_style =
    ":root{color-scheme:light dark;--ink:#1a1c1e;--paper:#fff;--soft:#667;--line:#ccd;"
    "--ok:#1a7f37;--warning:#9a6700;--critical:#c9252d;--unknown:#7a3fb0;--skipped:#667}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--paper:#16181a;--soft:#99a;"
    "--line:#445;--ok:#4ac26b;--warning:#d4a72c;--critical:#ff6a69;--unknown:#c297ff}}"
    "body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
    "max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}"
    "p{margin:.3rem 0}.soft{color:var(--soft)}"
    ".problem{border-left:.3rem solid;padding:.1rem 0 .1rem .8rem;margin:1rem 0}"
    ".ok{color:var(--ok)}.warning{color:var(--warning)}.critical{color:var(--critical)}"
    ".unknown{color:var(--unknown)}.skipped{color:var(--skipped)}"
    ".problem>*{color:var(--ink)}"
    "pre,code{font:13px/1.4 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre{border:1px solid var(--line);padding:.4rem .6rem;margin:.4rem 0}"
    "table{border-collapse:collapse;margin:.4rem 0;display:block;overflow-x:auto}"
    "th,td{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0;"
    "border-bottom:1px solid var(--line);overflow-wrap:anywhere}td.n{text-align:right}"
    "svg{width:100%;max-width:46rem;display:block}"
    "svg path{fill:none;stroke:var(--ok);stroke-width:1.5;vector-effect:non-scaling-stroke;"
    "stroke-linecap:round}svg text{fill:var(--soft);font:11px system-ui,sans-serif}"
    "summary{cursor:pointer;margin:1rem 0 .4rem}";

std::string badge(core::Verdict verdict) {
    return fmt::format("<b class=\"{0}\">{0}</b>", core::name(verdict));
}

std::string step(std::string_view name, std::string_view text, bool is_command) {
    if (text.empty()) return {};
    const char* element = is_command ? "code" : "span";
    return fmt::format("<p><span class=\"soft\">{}</span> <{}>{}</{}></p>\n", name, element,
                       escape(text), element);
}

/// "Operations Team <ops@…> · by 08:31 to the lead · playbook daily/log-review".
std::string who(const core::Finding& finding) {
    std::vector<std::string> parts{
        finding.owner + (finding.contact.empty() ? "" : " <" + finding.contact + ">"),
        finding.escalation, finding.playbook.empty() ? "" : "playbook " + finding.playbook};
    std::erase(parts, std::string{});
    return core::join(parts, " · ");
}

std::string evidence(const core::Finding& finding) {
    std::string text;
    for (const auto& one : finding.evidence)
        text += escape(one.text) + "\n";
    return text.empty() ? std::string{} : "<pre>" + text + "</pre>\n";
}

std::string since(const core::Finding& finding) {
    std::vector<std::string> parts{finding.since ? "since " + core::format_utc(*finding.since)
                                                 : std::string{},
                                   recurrence_text(finding)};
    std::erase(parts, std::string{});
    return core::join(parts, ", ");
}

std::string row(const core::Finding& finding) {
    return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                       badge(finding.verdict), escape(label(finding)), escape(finding.title),
                       escape(finding.message));
}

std::string section(const Problem& problem) {
    const auto& finding = *problem.finding;
    auto out = fmt::format("<section class=\"problem {}\"><h2>{} {}</h2>\n<p>{}</p>\n",
                           core::name(finding.verdict), badge(finding.verdict),
                           escape(label(finding)), escape(finding.message));
    if (const auto when = since(finding); !when.empty())
        out += fmt::format("<p class=\"soft\">{}</p>\n", escape(when));
    out += evidence(finding);
    out += step("next", finding.remediation, true) + step("who", who(finding), false);
    if (!problem.consequences.empty()) {
        out += "<p class=\"soft\">What follows from it:</p>\n<table>\n";
        for (const auto* consequence : problem.consequences)
            out += row(*consequence);
        out += "</table>\n";
    }
    return out + "</section>\n";
}

std::string rest(const Report& report) {
    std::string rows;
    std::int64_t count = 0;
    for (const auto& finding : report.findings) {
        if (is_problem(finding)) continue;
        rows += row(finding);
        ++count;
    }
    if (count == 0) return {};
    return fmt::format("<details><summary>What is well or was skipped ({})</summary>\n<table>\n{}"
                       "</table></details>\n",
                       count, rows);
}

std::string cell(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell))
        return fmt::format("<td>{}</td>", escape(*text));
    if (const auto* number = std::get_if<double>(&cell))
        return fmt::format("<td class=\"n\">{}</td>", core::format_number(*number, 3));
    if (const auto* count = std::get_if<std::int64_t>(&cell))
        return fmt::format("<td class=\"n\">{}</td>", *count);
    return "<td></td>";
}

std::string content(const Table& table, std::string_view /*title*/) {
    if (table.rows.empty()) return {};
    std::string out = "<table>\n<tr>";
    for (const auto& column : table.columns)
        out += fmt::format("<th>{}</th>", escape(column));
    out += "</tr>\n";
    for (const auto& cells : table.rows) {
        out += "<tr>";
        for (const auto& one : cells)
            out += cell(one);
        out += "</tr>\n";
    }
    return out + "</table>\n";
}

std::string content(const Series& series, std::string_view title) {
    return plot(series, title);
}

std::string content(const Timeline& timeline, std::string_view title) {
    Table table{.columns = {"time", "phase", "event", "target"}};
    for (const auto& event : timeline.events)
        table.rows.push_back(
            {core::format_utc(event.time), event.phase, event.event, event.target});
    return content(table, title);
}

std::string content(const Pairs& pairs, std::string_view /*title*/) {
    if (pairs.items.empty()) return {};
    std::string out = "<table>\n";
    for (const auto& [name, value] : pairs.items)
        out += fmt::format("<tr><th>{}</th>{}</tr>\n", escape(name), cell(value));
    return out + "</table>\n";
}

std::string content(const Text& text, std::string_view /*title*/) {
    return text.text.empty() ? std::string{} : "<pre>" + escape(text.text) + "</pre>\n";
}

std::string block(const Block& block) {
    const auto body =
        std::visit([&](const auto& held) { return content(held, block.title); }, block.content);
    if (body.empty()) return {};
    const bool is_open = !block.verbose || std::holds_alternative<Series>(block.content);
    if (is_open) return fmt::format("<h2>{}</h2>\n{}", escape(block.title), body);
    return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escape(block.title), body);
}

std::string head(const Report& report, std::string_view title) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<title>{0}: {1}</title>\n<style>{2}</style>\n</head>\n<body>\n<h1>{0} {3}</h1>\n",
        title, core::name(verdict(report)), k_style, badge(verdict(report)));
}

std::string render(const Report& report, const RenderOptions& options) {
    const std::string project = report.project.empty() ? "gallery-ops" : report.project;
    auto out = head(report, escape(project + " " + report.command));
    out += fmt::format("<p class=\"soft\">{}</p>\n", escape(count_line(report, " · ")));
    out += fmt::format("<p class=\"soft\">{}{}{} in {}</p>\n", escape(report.scope),
                       report.scope.empty() ? "" : " · ", core::format_utc(report.started_at),
                       core::format_duration(report.duration));
    if (report.interrupted)
        out += "<p><b>Interrupted</b>: this is what was found until then.</p>\n";
    for (const auto& problem : problems(report))
        out += section(problem);
    for (const auto& note : report.notes)
        out += fmt::format("<p>{}</p>\n", escape(note));
    for (const auto& one : report.details)
        out += block(one);
    out += rest(report);
    return out
           + fmt::format("<p class=\"soft\">gallery-ops {} on {} · run {}</p>\n</body>\n</html>\n",
                         escape(options.version), escape(report.host), escape(report.run_id));
}

} // namespace
} // namespace report::html

namespace report::format {

extern const Format html{"html", "a page that needs nothing else, with plots", html::render};

} // namespace report::format
