// SPDX-License-Identifier: MIT
#include "watch/body.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "report/arrange.hpp"
#include "report/text/blocks.hpp"
#include "report/text/layout.hpp"
#include "report/text/overview.hpp"
#include "watch/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watch {
namespace {

using core::Finding;
using report::text::Style;

bool holds(std::string_view text, std::string_view filter) {
    return core::to_lower(text).find(filter) != std::string::npos;
}

/// `filter` in lower case.
bool matches(const Finding& finding, std::string_view filter) {
    return filter.empty() || holds(finding.id, filter) || holds(finding.subject, filter)
           || holds(finding.component, filter) || holds(finding.group, filter)
           || holds(finding.message, filter) || holds(core::name(finding.verdict), filter);
}

bool matches(const report::Problem& problem, std::string_view filter) {
    return matches(*problem.finding, filter)
           || std::ranges::any_of(problem.consequences,
                                  [&](const auto* one) { return matches(*one, filter); });
}

bool matches(const report::Group& group, std::string_view filter) {
    return holds(group.name, filter) || std::ranges::any_of(group.findings, [&](const auto* one) {
               return matches(*one, filter);
           });
}

void sort(std::vector<report::Problem>& problems, Sort by) {
    if (by == Sort::name) {
        std::ranges::stable_sort(problems, {}, [](const report::Problem& problem) {
            return core::to_lower(report::label(*problem.finding));
        });
    } else if (by == Sort::newest) {
        std::ranges::stable_sort(problems, [](const report::Problem& a, const report::Problem& b) {
            return a.finding->since.value_or(core::Time::min())
                   > b.finding->since.value_or(core::Time::min());
        });
    }
}

/// Appends what is drawn for other media to the body, line by line, behind the gutter.
class Page {
  public:
    Page(const View& view, const Style& style) : m_view(view), m_style(style) {}

    void add(std::string_view text) {
        for (const auto line : core::split(text, '\n'))
            m_body.lines.push_back(std::string(k_gutter, ' ') + std::string{line});
    }

    void add_dimmed(std::string_view text) {
        for (const auto line : core::split(text, '\n'))
            m_body.lines.push_back(std::string(k_gutter, ' ') + m_style.dimmed(line));
    }

    void add_item(const std::string& key, std::string_view text, bool group) {
        const std::size_t line = m_body.lines.size();
        add(text);
        mark(key, line, group);
    }

    void gap() {
        if (!m_body.lines.empty() && !m_body.lines.back().empty()) m_body.lines.emplace_back();
    }

    /// Marks a line that stands already as an item.
    void mark(const std::string& key, std::size_t line, bool group) {
        if (line >= m_body.lines.size()) return;
        m_body.items.push_back({key, line, group});
        if (key == m_view.selected)
            m_body.lines[line].replace(0, k_gutter, std::string{m_style.pointer()} + " ");
    }

    [[nodiscard]] std::size_t size() const { return m_body.lines.size(); }

    [[nodiscard]] const std::string& line(std::size_t at) const { return m_body.lines[at]; }

    [[nodiscard]] Body take() && {
        while (!m_body.lines.empty() && m_body.lines.back().empty())
            m_body.lines.pop_back();
        return std::move(m_body);
    }

  private:
    const View& m_view;
    const Style& m_style;
    Body m_body{};
};

/// A consequence is one line that starts with a branch; evidence and steps do not.
bool is_branch(std::string_view line, const Style& style) {
    for (const bool last : {false, true}) {
        if (line.substr(std::min(k_gutter, line.size()))
                .starts_with(fmt::format("  {} ", style.branch(last))))
            return true;
    }
    return false;
}

void add_problems(Page& page, const report::Report& report, const View& view,
                  std::string_view filter, std::size_t column, const Style& style) {
    auto all = report::problems(report);
    std::erase_if(all, [&](const auto& problem) { return !matches(problem, filter); });
    sort(all, view.sort);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto* before = i == 0 ? nullptr : &all[i - 1];
        const std::size_t first = page.size();
        page.add_item(all[i].finding->id,
                      report::text::problem_block(all[i], before, column, style), false);
        std::size_t next = 0;
        for (std::size_t at = first; at < page.size(); ++at) {
            if (next < all[i].consequences.size() && is_branch(page.line(at), style))
                page.mark(all[i].consequences[next++]->id, at, false);
        }
        page.gap();
    }
}

void add_groups(Page& page, const report::Report& report, const View& view, std::string_view filter,
                std::size_t column, const Style& style) {
    page.add(report::text::nothing_checked(report, column, style));
    for (const auto& group : report::groups(report)) {
        if (!matches(group, filter)) continue;
        const bool open = view.verbose || view.opened.contains(group.name);
        const auto text = open ? report::text::group_opened(group, report, style)
                               : report::text::group_line(group, column, style);
        if (!text.empty()) page.add_item(group.name, text, true);
    }
    page.gap();
}

void add_notes(Page& page, const report::Report& report, std::size_t column, const Style& style) {
    for (const auto& note : report.notes) {
        std::string head = report::text::pad("  note", column);
        for (const auto& line : report::text::wrap(style.clean(note), style.width() - column)) {
            page.add(head + line);
            head = std::string(column, ' ');
        }
    }
    page.gap();
}

void add_changes(Page& page, const Scene& scene, const Style& style) {
    if (scene.changes.empty()) return;
    page.add("  changes");
    for (const auto& [time, text] : scene.changes) {
        const auto line = fmt::format("  {}  {}", clock_time(time), text);
        page.add(core::cut_end(line, style.width(), style.ellipsis()));
    }
    page.gap();
}

void add_last_known(Page& page, const Away& away, const Style& style, core::Time now) {
    const auto age = std::chrono::duration_cast<std::chrono::microseconds>(
        std::max(now - away.seen, core::Time::duration::zero()));
    const auto text = report::text::block(away.services, style);
    if (text.empty()) return;
    page.add_dimmed(
        fmt::format("services as the Engine told them last, seen {} ago",
                    core::format_duration(std::chrono::floor<std::chrono::seconds>(age))));
    const std::size_t title = text.find('\n');
    page.add_dimmed(std::string_view{text}.substr(title == std::string::npos ? 0 : title + 1));
    page.gap();
}

struct KeyHelp {
    std::string_view keys{};
    std::string_view meaning{};
};

constexpr std::array<KeyHelp, 13> k_help{
    {{"q", "quit; the exit code is that of the last look"},
     {"j k, arrows", "select the next or the previous problem or group"},
     {"PgDn PgUp", "a page on or back"},
     {"g G", "to the top, to the end"},
     {"e, Enter", "explain the selected problem; open or close the selected group"},
     {"/", "show only what holds a text: Enter keeps it, Esc ends it"},
     {"s", "sort the problems by gravity, by name, newest first"},
     {"v", "every check line by line, or not"},
     {"space", "pause: no look until it is pressed again"},
     {"? h", "this help"},
     {"Esc", "back to the report; there: everything is shown again"},
     {"Ctrl-L", "draw everything anew"},
     {"Ctrl-Z", "to the shell; 'fg' comes back"}}};

} // namespace

Body report_body(const Scene& scene, const View& view, const Style& style, core::Time now) {
    Page page(view, style);
    const auto& report = *scene.report;
    const std::string filter = core::to_lower(view.filter);
    const std::size_t column = report::text::name_column(report, style);
    add_problems(page, report, view, filter, column, style);
    add_groups(page, report, view, filter, column, style);
    if (!filter.empty() && page.size() == 0)
        page.add(fmt::format("  nothing here holds '{}'; Esc shows everything",
                             style.clean(view.filter)));
    if (filter.empty()) {
        add_notes(page, report, column, style);
        if (scene.away) add_last_known(page, *scene.away, style, now);
        add_changes(page, scene, style);
        if (view.verbose) {
            for (const auto& block : report.details)
                page.add(report::text::block(block, style));
        }
    }
    return std::move(page).take();
}

Body text_body(std::string_view text, const Style& style) {
    Body body;
    for (const auto& line : style.clean_lines(text)) {
        const std::size_t margin = std::min(line.find_first_not_of(' '), style.width() / 2);
        const auto rest = std::string_view{line}.substr(std::min(margin, line.size()));
        for (const auto& part : report::text::wrap(rest, style.width() - margin))
            body.lines.push_back(part.empty() ? "" : std::string(k_gutter + margin, ' ') + part);
    }
    return body;
}

Body help_body(const Style& style) {
    constexpr std::size_t k_column = 15;
    Body body;
    for (const auto& [keys, meaning] : k_help) {
        std::string head = "  " + report::text::pad(keys, k_column - 2);
        for (const auto& line : report::text::wrap(meaning, style.width() - k_column)) {
            body.lines.push_back(std::string(k_gutter, ' ') + head + line);
            head = std::string(k_column, ' ');
        }
    }
    return body;
}

} // namespace watch
