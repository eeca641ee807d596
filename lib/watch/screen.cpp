// SPDX-License-Identifier: MIT
#include "watch/screen.hpp"

#include "core/text.hpp"
#include "report/arrange.hpp"
#include "report/text/layout.hpp"
#include "report/text/overview.hpp"
#include "watch/body.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watch {
namespace {

using report::text::Style;

constexpr std::size_t k_narrowest = 40; ///< below it lines are laid out for this and then cut
constexpr std::size_t k_widest = 200;   ///< longer lines are not read faster

report::RenderOptions fitted(report::RenderOptions options, const View& view, Size size) {
    options.width = std::clamp(size.columns, k_narrowest, k_widest);
    options.detail = view.verbose ? report::Detail::verbose : report::Detail::normal;
    return options;
}

report::RenderOptions without_gutter(report::RenderOptions options) {
    options.width = std::max(options.width - k_gutter, k_narrowest);
    return options;
}

std::string upper(core::Verdict verdict) {
    std::string word{core::name(verdict)};
    for (char& c : word)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return word;
}

/// `left`, and the verdict at the right edge.
std::string headline(std::string_view left, core::Verdict verdict, const Style& style) {
    const std::string word = upper(verdict);
    const std::size_t room = style.width() - word.size() - 2;
    return report::text::pad(core::cut_middle(left, room, style.ellipsis()), room + 2)
           + style.painted(word, verdict);
}

std::string first_line(const Scene& scene, const Style& style) {
    if (scene.report == nullptr) return "gallery-ops" + std::string{style.dot()} + "the first look";
    const auto& report = *scene.report;
    if (scene.away) {
        const auto project = style.clean(report.project.empty() ? "gallery-ops" : report.project);
        const auto times =
            scene.away->tries == 1 ? "once" : fmt::format("{} times", scene.away->tries);
        return headline(fmt::format("{}{}reconnecting to {}, tried {}", project, style.dot(),
                                    style.clean(scene.away->url), times),
                        report::verdict(report), style);
    }
    std::string line = report::text::first_line(report, style);
    line.pop_back();
    return line;
}

/// The verdict first, where there is room for little else.
std::string narrow_line(const Scene& scene, const Style& style) {
    const auto verdict = report::verdict(*scene.report);
    const std::string rest = scene.away ? "reconnecting" : style.clean(scene.report->project);
    return style.painted(upper(verdict), verdict) + " " + rest;
}

std::string counts(const Scene& scene, const Style& style) {
    if (scene.report == nullptr) return {};
    // On one line whatever the width: the exit code stays, the least of the counts give way.
    const auto code = fmt::format("exit {}", style.exit_code());
    const std::size_t room = style.width() - code.size() - 2;
    const auto text = report::count_line(*scene.report, style.dot());
    return report::text::pad(report::text::cut_words(text, room, style.ellipsis()), room + 2)
           + code;
}

std::string_view sort_word(Sort sort) {
    return sort == Sort::gravity ? "gravity" : sort == Sort::name ? "name" : "newest";
}

/// What the watch does: what a person did to it first, since that is what surprises later.
std::string status(const Scene& scene, const View& view, const Extent& extent, const Style& style) {
    std::vector<std::string> parts;
    if (!scene.problem.empty()) parts.push_back(style.clean(scene.problem));
    if (view.paused) parts.emplace_back("PAUSED");
    if (!view.filter.empty()) parts.push_back(fmt::format("only '{}'", style.clean(view.filter)));
    parts.push_back(fmt::format("look {}", scene.looks + (scene.looking ? 1 : 0)));
    if (scene.looking)
        parts.emplace_back("looking now");
    else if (!view.paused)
        parts.push_back(fmt::format("next in {} s",
                                    std::chrono::ceil<std::chrono::seconds>(scene.left).count()));
    parts.push_back(fmt::format("every {}", core::format_duration(scene.interval)));
    if (scene.looks > 0)
        parts.push_back(core::count_of(static_cast<std::int64_t>(scene.requests), "request")
                        + " a look");
    if (view.sort != Sort::gravity) parts.push_back(fmt::format("by {}", sort_word(view.sort)));
    std::string text = core::join(parts, style.dot());
    const std::size_t below =
        extent.lines > view.top + extent.height ? extent.lines - view.top - extent.height : 0;
    const std::string more = below > 0      ? fmt::format("{} more below", below)
                             : view.top > 0 ? "end"
                                            : "";
    if (more.empty()) return core::cut_end(text, style.width(), style.ellipsis());
    const std::size_t room = style.width() - more.size() - 2;
    return report::text::pad(core::cut_end(text, room, style.ellipsis()), room + 2) + more;
}

std::string keys_line(const View& view, const Style& style) {
    if (view.typing)
        return fmt::format("/{}{}   Enter keeps it, Esc shows everything", style.clean(view.filter),
                           style.cursor());
    if (view.pane != Pane::report) return "q back   j k PgDn PgUp scroll   space pause";
    return "q quit   / filter   s sort   e explain   v verbose   space pause   ? help";
}

/// The lines around the body; the fewer rows, the fewer of them.
struct Layout {
    bool gaps = false; ///< an empty line before and after the body
    bool counts = false;
    bool status = false;
    bool keys = false;
    std::size_t body = 0; ///< rows
};

Layout lay_out(std::size_t rows, bool typing) {
    Layout layout;
    layout.gaps = rows >= 12;
    layout.counts = rows >= 8;
    layout.status = rows >= 6;
    layout.keys = rows >= 4 || (typing && rows >= 2);
    const std::size_t around = 1 + (layout.gaps ? 2 : 0) + (layout.counts ? 1 : 0)
                               + (layout.status ? 1 : 0) + (layout.keys ? 1 : 0);
    layout.body = rows > around ? rows - around : 0;
    return layout;
}

Body body_of(const Scene& scene, const View& view, const report::RenderOptions& options) {
    const auto inner = without_gutter(options);
    const Style style(inner);
    if (view.pane == Pane::help) return help_body(style);
    if (view.pane == Pane::explanation) return text_body(scene.explanation, style);
    if (scene.report == nullptr) return {{"  the first look is under way"}, {}};
    return report_body(scene, view, style, options.now);
}

} // namespace

Screen draw(const Scene& scene, const View& view, Size size, const report::RenderOptions& given) {
    const auto options = fitted(given, view, size);
    const Style style(options);
    const auto layout = lay_out(size.rows, view.typing);
    auto body = body_of(scene, view, options);
    Screen screen;
    screen.extent = {std::move(body.items), body.lines.size(), layout.body};
    const std::size_t top = std::min(view.top, body.lines.size());

    auto& lines = screen.frame.lines;
    // The right edge of what is laid out for a wider screen would be cut off.
    const bool narrow = size.columns < k_narrowest && scene.report != nullptr;
    lines.push_back(narrow ? narrow_line(scene, style) : first_line(scene, style));
    if (layout.gaps) lines.emplace_back();
    for (std::size_t i = 0; i < layout.body; ++i)
        lines.push_back(top + i < body.lines.size() ? body.lines[top + i] : std::string{});
    if (layout.gaps) lines.emplace_back();
    if (layout.counts) lines.push_back(counts(scene, style));
    if (layout.status) lines.push_back(status(scene, view, screen.extent, style));
    if (layout.keys) lines.push_back(keys_line(view, style));
    lines.resize(size.rows);
    for (auto& line : lines)
        line = cut_painted(line, size.columns, style.ellipsis());
    screen.frame.size = size;
    return screen;
}

View settle(const Scene& scene, View view, Size size, const report::RenderOptions& options,
            bool reveal) {
    const auto extent = draw(scene, view, size, options).extent;
    return settle(std::move(view), extent, reveal);
}

} // namespace watch
