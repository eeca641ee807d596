// SPDX-License-Identifier: MIT
#include "report/arrange.hpp"
#include "report/format.hpp"
#include "report/text/blocks.hpp"
#include "report/text/layout.hpp"
#include "report/text/overview.hpp"
#include "report/text/style.hpp"

#include <fmt/format.h>

// One visual grammar for every command: the verdict, the problems with their consequences, the rest
// in a line a group, what there is besides, the counts.

namespace report::format {
namespace {

std::string all_problems(const Report& report, std::size_t column, const text::Style& style) {
    std::string out;
    const auto all = problems(report);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto* before = i == 0 ? nullptr : &all[i - 1];
        out += text::problem_block(all[i], before, column, style) + "\n";
    }
    return out;
}

std::string all_groups(const Report& report, std::size_t column, const text::Style& style) {
    std::string out = text::nothing_checked(report, column, style);
    for (const auto& group : groups(report)) {
        out += style.verbose() ? text::group_opened(group, report, style)
                               : text::group_line(group, column, style);
    }
    return out.empty() ? out : out + "\n";
}

std::string all_notes(const Report& report, std::size_t column, const text::Style& style) {
    std::string out;
    for (const auto& note : report.notes) {
        std::string head = text::pad("  note", column);
        for (const auto& line : text::wrap(style.clean(note), style.width() - column)) {
            out += head + line + "\n";
            head = std::string(column, ' ');
        }
    }
    return out.empty() ? out : out + "\n";
}

std::string all_blocks(const Report& report, const text::Style& style) {
    std::string out;
    for (const auto& block : report.details) {
        if (block.verbose && !style.verbose()) continue;
        const std::string shown = text::block(block, style);
        if (!shown.empty()) out += shown + "\n";
    }
    return out;
}

std::string render_text(const Report& report, const RenderOptions& given) {
    RenderOptions options = given;
    options.width = std::max<std::size_t>(options.width, 40);
    const text::Style style(options);
    const std::size_t column = text::name_column(report, style);
    if (style.quiet()) return all_problems(report, column, style) + text::last_line(report, style);
    return text::first_line(report, style) + "\n" + all_problems(report, column, style)
           + all_groups(report, column, style) + all_notes(report, column, style)
           + all_blocks(report, style) + text::last_line(report, style);
}

} // namespace

extern const Format text{"text", "for people (the default)", render_text};

} // namespace report::format
