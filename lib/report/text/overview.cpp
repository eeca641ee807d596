// SPDX-License-Identifier: MIT
#include "report/text/overview.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "report/format.hpp"
#include "report/text/layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace report::text {
namespace {

std::string upper(std::string_view word) {
    std::string out{word};
    for (char& c : out)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

/// "health." of "health.http.frontend" says what the screen says already.
std::string short_id(const core::Finding& finding, const Report& report) {
    const std::string prefix = report.command + ".";
    return finding.id.starts_with(prefix) ? finding.id.substr(prefix.size()) : finding.id;
}

/// "2 above": the group's problems are shown, not hidden behind its figures.
std::string problems_above(const Group& group) {
    int count = 0;
    for (const auto* finding : group.findings)
        count += is_problem(*finding) ? 1 : 0;
    return count == 0 ? std::string{} : fmt::format("{} above", count);
}

/// Findings that say the same are counted: "12 healthy", not twelve times the word.
std::vector<std::string> counted(const std::vector<std::string>& briefs) {
    std::vector<std::pair<std::string, int>> distinct;
    for (const auto& brief : briefs) {
        const auto known = std::ranges::find(distinct, brief, &std::pair<std::string, int>::first);
        if (known == distinct.end())
            distinct.emplace_back(brief, 1);
        else
            ++known->second;
    }
    std::vector<std::string> parts;
    for (const auto& [brief, count] : distinct)
        parts.push_back(count == 1 ? brief : fmt::format("{} {}", count, brief));
    return parts;
}

} // namespace

std::size_t name_column(const Report& report, const Style& style) {
    constexpr std::size_t k_least = 11;
    std::size_t widest = k_least;
    for (const auto& problem : problems(report))
        widest = std::max(widest, core::display_width(style.clean(label(*problem.finding))));
    for (const auto& group : groups(report))
        widest = std::max(widest, core::display_width(style.clean(group.name)));
    const std::size_t most = std::max(k_least, style.width() / 4);
    return std::min(widest, most) + 4; // the mark and a blank before it, two blanks after it
}

std::string first_line(const Report& report, const Style& style) {
    std::string left = style.clean(report.project.empty() ? "gallery-ops" : report.project);
    if (!report.scope.empty()) left += std::string{style.dot()} + style.clean(report.scope);
    const auto took = core::format_duration(report.duration);
    const std::string end =
        fmt::format("{0}{1}{0}{2}{3}", style.dot(), local_time(report.started_at, style.now()),
                    report.interrupted ? "interrupted after " : "", took);
    const std::string word = upper(core::name(verdict(report)));
    const std::size_t fixed = core::display_width(end) + word.size() + 2;
    left =
        core::cut_middle(left, style.width() > fixed ? style.width() - fixed : 1, style.ellipsis())
        + end;
    const std::size_t used = core::display_width(left) + word.size();
    const std::size_t blanks = style.width() > used ? style.width() - used : 1;
    return left + std::string(blanks, ' ') + style.painted(word, verdict(report)) + "\n";
}

std::string nothing_checked(const Report& report, std::size_t column, const Style& style) {
    const auto summary = summarise(report);
    if (summary.total() > summary.skipped) return {};
    std::string text = "was checked";
    if (summary.skipped > 0)
        text +=
            fmt::format(": {} skipped{}", summary.skipped, style.verbose() ? "" : ", -v says why");
    return fmt::format("{} {}{}\n", style.mark(core::Verdict::unknown), pad("nothing", column - 2),
                       text);
}

std::string group_line(const Group& group, std::size_t column, const Style& style) {
    std::vector<std::string> parts;
    int well = 0;
    for (const auto* finding : group.findings) {
        if (finding->verdict != core::Verdict::ok) continue;
        ++well;
        if (!finding->brief.empty()) parts.push_back(style.clean(finding->brief));
    }
    if (well == 0) return {};
    parts = counted(parts);
    if (parts.empty()) parts.push_back(fmt::format("{} ok", well));
    const std::string above = problems_above(group);
    if (!above.empty()) parts.insert(parts.begin(), above);
    const std::string name =
        core::cut_middle(style.clean(group.name), column - 4, style.ellipsis());
    const std::size_t room = style.width() - column;
    const std::string text = join_fitting(parts, style.dot(), room, style.ellipsis());
    return fmt::format("{} {}{}\n", style.mark(group.worst()), pad(name, column - 2), text);
}

std::string group_opened(const Group& group, const Report& report, const Style& style) {
    std::size_t id_width = 0;
    for (const auto* finding : group.findings) {
        id_width = std::max(id_width, core::display_width(style.clean(short_id(*finding, report))));
    }
    id_width = std::min(id_width, style.width() * 2 / 5);
    const std::size_t column = 4 + id_width + 2;
    std::string out =
        fmt::format("{} {}\n", style.mark(group.worst()),
                    core::cut_middle(style.clean(group.name), style.width() - 2, style.ellipsis()));
    for (const auto* finding : group.findings) {
        const std::string id =
            core::cut_middle(style.clean(short_id(*finding, report)), id_width, style.ellipsis());
        const auto lines = wrap(style.clean(finding->message), style.width() - column);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            out += i == 0 ? "  " + style.mark(finding->verdict) + " " + pad(id, id_width + 2)
                          : std::string(column, ' ');
            out += lines[i] + "\n";
        }
    }
    return out;
}

std::string last_line(const Report& report, const Style& style) {
    const std::string counts = count_line(report, style.dot());
    const std::string code = fmt::format("exit {}", style.exit_code());
    const auto lines = wrap(counts, style.width());
    std::string out;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i)
        out += lines[i] + "\n";
    return out + with_right_edge(lines.back(), code, style.width()) + "\n";
}

} // namespace report::text
