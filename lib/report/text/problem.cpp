// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/enrich.hpp"
#include "report/format.hpp"
#include "report/recurrence.hpp"
#include "report/text/layout.hpp"
#include "report/text/overview.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace report::text {
namespace {

constexpr std::size_t k_evidence_lines = 6; ///< without -v
constexpr std::size_t k_step_column = 8;    ///< "  next  "

std::string since_text(const core::Finding& finding, const Style& style) {
    return finding.since ? "since " + core::format_local(*finding.since, style.now())
                         : std::string{};
}

/// "since 08:01, 4th time in 7 days"
std::string since_and_often(const core::Finding& finding, const Style& style) {
    std::vector<std::string> parts{since_text(finding, style), recurrence_text(finding)};
    std::erase(parts, std::string{});
    return core::join(parts, ", ");
}

/// The first lines: mark, name, message. `since` stands at the right edge where the first line has
/// room for it, else after the message.
std::string head(const core::Finding& finding, std::size_t column, const Style& style) {
    const std::string name =
        core::cut_middle(style.clean(label(finding)), column - 4, style.ellipsis());
    std::string message = style.clean(finding.message);
    if (message.empty()) message = core::name(finding.verdict);
    const std::size_t room = style.width() - column;
    std::string since = since_and_often(finding, style);
    const bool beside =
        !since.empty() && core::display_width(message) + core::display_width(since) + 2 <= room;
    if (!since.empty() && !beside) message += std::string{style.dot()} + glue(since, room);
    const auto lines = wrap(message, room);
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        // The mark is painted, so it takes no part in measuring.
        out += i == 0 ? style.mark(finding.verdict) + " " + pad(name, column - 2)
                      : std::string(column, ' ');
        out += beside ? pad(lines[i], room - core::display_width(since)) + since : lines[i];
        out += "\n";
    }
    return out;
}

std::string evidence(const core::Finding& finding, const Style& style) {
    const std::string margin = fmt::format("  {} ", style.bar());
    const std::size_t room = style.width() - core::display_width(margin);
    std::vector<std::string> lines;
    for (const auto& one : finding.evidence) {
        for (const auto& line : style.clean_lines(one.text)) {
            if (style.verbose()) {
                const auto wrapped = wrap(line, room);
                lines.insert(lines.end(), wrapped.begin(), wrapped.end());
            } else {
                lines.push_back(core::cut_end(line, room, style.ellipsis()));
            }
        }
    }
    const std::size_t shown =
        style.verbose() || lines.size() <= k_evidence_lines ? lines.size() : k_evidence_lines - 1;
    std::string out;
    for (std::size_t i = 0; i < shown; ++i)
        out += margin + lines[i] + "\n";
    if (shown < lines.size()) {
        out += fmt::format("{}{} {} more lines, -v shows them\n", margin, style.ellipsis(),
                           lines.size() - shown);
    }
    return out;
}

/// What the lines of one tree have in common.
struct Tree {
    std::size_t name_width = 0;
    bool marks = false; ///< shown when not all have the verdict of their cause
};

/// One line: name, message, since at the right edge. The message gives way, at a blank.
std::string consequence(const core::Finding& finding, const Tree& tree, bool last,
                        const Style& style) {
    const std::string branch{style.branch(last)};

    const std::string name =
        core::cut_middle(style.clean(label(finding)), tree.name_width, style.ellipsis());
    const std::size_t used =
        2 + core::display_width(branch) + 1 + (tree.marks ? 2 : 0) + tree.name_width + 2;
    const std::size_t room = style.width() > used ? style.width() - used : 1;
    const std::string message = style.clean(finding.message);
    std::string since = since_text(finding, style);
    constexpr std::size_t k_least_message = 30;
    if (core::display_width(since) + 2 + std::min(core::display_width(message), k_least_message)
        > room)
        since.clear();
    const std::size_t message_room = since.empty() ? room : room - core::display_width(since) - 2;
    std::string out = fmt::format("  {} ", branch);
    if (tree.marks) out += style.mark(finding.verdict) + " ";
    out += pad(name, tree.name_width + 2);
    const std::string shown = cut_words(message, message_room, style.ellipsis());
    out += since.empty() ? shown : pad(shown, message_room + 2) + since;
    return out + "\n";
}

std::string consequences(const Problem& problem, const Style& style) {
    const auto& all = problem.consequences;
    Tree tree;
    for (const auto* finding : all) {
        tree.name_width =
            std::max(tree.name_width, core::display_width(style.clean(label(*finding))));
        tree.marks = tree.marks || finding->verdict != problem.finding->verdict;
    }
    tree.name_width = std::min(tree.name_width, style.width() / 4);
    std::string out;
    for (const auto* finding : all)
        out += consequence(*finding, tree, finding == all.back(), style);
    return out;
}

std::string step(std::string_view word, std::string_view text, const Style& style) {
    if (text.empty()) return {};
    const std::string head = fmt::format("  {}", word);
    std::string out;
    for (const auto& line : wrap(text, style.width() - k_step_column))
        out += pad(out.empty() ? head : std::string{}, k_step_column) + line + "\n";
    return out;
}

/// The clock of the emergency procedure: a moment where it is known since when, else a span.
std::string clock(const core::Finding& finding, const Section& procedure, const Style& style) {
    const std::string_view who =
        procedure.id == "emergency/service-outage" ? "on-call" : procedure.owner;
    if (!finding.since)
        return fmt::format("{} responds within {} min", who, procedure.respond.count());
    const auto by = *finding.since + procedure.respond;
    return fmt::format("{} {} by {}", who, by < style.now() ? "was to respond" : "responds",
                       core::format_local(by, style.now()));
}

std::string who(const core::Finding& finding, const Style& style) {
    std::vector<std::string> parts;
    if (!finding.owner.empty()) {
        parts.push_back(style.clean(finding.contact.empty()
                                        ? finding.owner
                                        : fmt::format("{} <{}>", finding.owner, finding.contact)));
    }
    const auto* procedure = emergency(finding);
    if (procedure != nullptr) parts.push_back(clock(finding, *procedure, style));
    const std::string section =
        procedure != nullptr ? std::string{procedure->id} : style.clean(finding.playbook);
    if (!section.empty()) parts.push_back("playbook " + section);
    for (auto& part : parts)
        part = glue(part, style.width() - k_step_column - 2); // room for the separator after it
    return core::join(parts, style.dot());
}

std::string place(const core::Finding& finding) {
    if (!finding.location) return {};
    const auto& at = *finding.location;
    return at.line > 0 ? fmt::format("{}:{}", at.file, at.line) : at.file;
}

} // namespace

std::string problem_block(const Problem& problem, const Problem* before, std::size_t column,
                          const Style& style) {
    const auto& finding = *problem.finding;
    std::string out = head(finding, column, style);
    out += evidence(finding, style);
    out += consequences(problem, style);
    out += step("at", style.clean(place(finding)), style);
    if (style.verbose()) out += step("id", style.clean(finding.id), style);
    // Where nothing answered, the address is what a person tries next.
    if (style.verbose() || core::gave_no_answer(finding.failure))
        out += step("asked", style.clean(finding.target), style);
    out += step("next", style.clean(finding.remediation), style);
    // With nobody known to act on it, a playbook section alone is no answer to "who".
    if (finding.owner.empty()) return out;
    const std::string people = who(finding, style);
    const bool same = before != nullptr && who(*before->finding, style) == people;
    return out + step("who", same ? "as above" : people, style);
}

} // namespace report::text
