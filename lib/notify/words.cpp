// SPDX-License-Identifier: MIT
#include "notify/words.hpp"

#include "core/text.hpp"
#include "core/verdict.hpp"
#include "report/recurrence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace notify {
namespace {

constexpr std::size_t k_most_problems = 10;
constexpr std::size_t k_longest_line = 400;

std::string upper_case(std::string_view word) {
    std::string upper{word};
    for (char& c : upper)
        c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return upper;
}

std::string line(std::string_view text) {
    return core::cut_end(core::printable(text), k_longest_line, "…") + "\n";
}

/// "postgres: exited 25 s ago, exit code 0 (since 08:01 UTC, 4th time in 7 days)".
std::string problem_line(const core::Finding& finding) {
    auto text =
        fmt::format("{} {}: {}", core::name(finding.verdict), finding.subject, finding.message);
    std::vector<std::string> aside;
    if (finding.since) aside.push_back("since " + core::format_utc(*finding.since));
    if (const auto often = report::recurrence_text(finding); !often.empty()) aside.push_back(often);
    if (!aside.empty()) text += fmt::format(" ({})", core::join(aside, ", "));
    return line(text);
}

std::string next_step(const core::Finding& finding) {
    std::string text;
    if (!finding.remediation.empty()) text += line("  next: " + finding.remediation);
    const auto who = finding.contact.empty()
                         ? finding.owner
                         : fmt::format("{} <{}>", finding.owner, finding.contact);
    if (!finding.owner.empty())
        text += line(fmt::format("  who: {}{}{}", who, finding.escalation.empty() ? "" : ", ",
                                 finding.escalation));
    return text;
}

std::size_t consequences_of(const report::Report& report, const core::Finding& cause) {
    return static_cast<std::size_t>(
        std::ranges::count_if(report.findings, [&](const core::Finding& finding) {
            return std::ranges::find(finding.caused_by, cause.id) != finding.caused_by.end();
        }));
}

} // namespace

std::string words_of(const report::Report& report, const News& news) {
    auto text =
        line(fmt::format("{} {} on {}", upper_case(core::name(report::verdict(report))),
                         report.project.empty() ? report.command : report.project, report.host));
    std::size_t told = 0;
    for (const auto& finding : news.problems) {
        if (told++ == k_most_problems) {
            text += fmt::format("and {} more\n", news.problems.size() - k_most_problems);
            break;
        }
        const bool fresh =
            std::ranges::find(news.fresh, finding.id, &core::Finding::id) != news.fresh.end();
        text += (fresh ? "new: " : "still: ") + problem_line(finding);
        if (const auto more = consequences_of(report, finding); more > 0)
            text +=
                fmt::format("  {} from it\n", more == 1 ? "1 problem follows"
                                                        : fmt::format("{} problems follow", more));
        text += next_step(finding);
    }
    for (const auto& finding : news.over)
        text += line(fmt::format("well again: {} (was {}: {})", finding.subject,
                                 core::name(finding.verdict), finding.message));
    return text;
}

} // namespace notify
