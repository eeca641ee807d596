// SPDX-License-Identifier: MIT
#include "report/text/blocks.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "report/format.hpp"
#include "report/text/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace report::text {
namespace {

std::string indented(const std::vector<std::string>& lines, std::size_t indent) {
    std::string out;
    for (const auto& line : lines)
        out += std::string(line.empty() ? 0 : indent, ' ') + line + "\n";
    return out;
}

std::string hanging(std::string_view head, std::size_t column, std::string_view text,
                    const Style& style) {
    std::string out;
    const auto lines = wrap(text, style.width() - std::min(style.width(), column));
    for (std::size_t i = 0; i < lines.size(); ++i)
        out += pad(i == 0 ? head : std::string_view{}, column) + lines[i] + "\n";
    return out;
}

std::string cell_text(const Cell& cell, const Style& style) {
    if (const auto* text = std::get_if<std::string>(&cell)) return style.clean(*text);
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *whole);
    if (const auto* real = std::get_if<double>(&cell)) return core::format_number(*real, 3);
    return style.clean("–");
}

std::string content(const Table& value, const Style& style) {
    return table(value, style);
}

std::string content(const Series& series, const Style& style) {
    if (series.points.empty()) return {};
    const auto& [first, first_value] = series.points.front();
    const auto& [last, last_value] = series.points.back();
    double least = last_value;
    double greatest = last_value;
    for (const auto& [time, value] : series.points) {
        if (std::isfinite(value)) {
            least = std::isfinite(least) ? std::min(least, value) : value;
            greatest = std::isfinite(greatest) ? std::max(greatest, value) : value;
        }
    }
    const std::string unit = series.unit.empty() ? "" : " " + style.clean(series.unit);
    const std::string legend = fmt::format(
        "{} to {}{}now {}{}{}least {}, greatest {}", local_time(first, style.now()),
        local_time(last, style.now()), style.dot(), core::format_number(last_value, 3), unit,
        style.dot(), core::format_number(least, 3), core::format_number(greatest, 3));
    return "  " + sparkline(series, style.width() - 2, style) + "\n"
           + indented(wrap(legend, style.width() - 2), 2);
}

/// "03:42.7" since the first event.
std::string offset(std::chrono::system_clock::duration since) {
    const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(since).count() / 100;
    return fmt::format("{:02}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10);
}

std::string content(const Timeline& timeline, const Style& style) {
    if (timeline.events.empty()) return {};
    std::size_t phase_width = 0;
    for (const auto& event : timeline.events)
        phase_width = std::max(phase_width, core::display_width(style.clean(event.phase)));
    phase_width = std::min(phase_width, style.width() / 4);
    std::string out;
    for (const auto& event : timeline.events) {
        const auto phase =
            core::cut_middle(style.clean(event.phase), phase_width, style.ellipsis());
        const auto since =
            std::max(event.time - timeline.events.front().time, core::Time::duration::zero());
        const std::string head =
            fmt::format("  {}  {}", offset(since), pad(phase, phase_width + 2));
        std::string text = style.clean(event.event);
        if (!event.target.empty()) text += std::string{style.dot()} + style.clean(event.target);
        out += hanging(head, core::display_width(head), text, style);
    }
    return out;
}

std::string content(const Pairs& pairs, const Style& style) {
    std::size_t column = 0;
    for (const auto& [name, value] : pairs.items)
        column = std::max(column, core::display_width(style.clean(name)));
    column = std::min(column, style.width() / 3);
    std::string out;
    for (const auto& [name, value] : pairs.items) {
        const auto shown = core::cut_middle(style.clean(name), column, style.ellipsis());
        out += hanging("  " + shown, column + 4, cell_text(value, style), style);
    }
    return out;
}

std::string content(const Text& text, const Style& style) {
    std::string out;
    for (const auto& line : style.clean_lines(text.text))
        out += indented(line.empty() ? std::vector<std::string>{""} : wrap(line, style.width() - 2),
                        2);
    return out;
}

} // namespace

std::string sparkline(const Series& series, std::size_t width, const Style& style) {
    const std::size_t count = std::min(series.points.size(), width);
    const auto points = std::span{series.points}.last(count);
    double least = INFINITY;
    double greatest = -INFINITY;
    for (const auto& [time, value] : points) {
        if (!std::isfinite(value)) continue;
        least = std::min(least, value);
        greatest = std::max(greatest, value);
    }
    std::string out;
    for (const auto& [time, value] : points) {
        if (!std::isfinite(value)) {
            out += ' ';
            continue;
        }
        const double share = greatest > least ? (value - least) / (greatest - least) : 0;
        out += style.spark(static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * 7)));
    }
    return out;
}

std::string block(const Block& block, const Style& style) {
    const std::string body =
        std::visit([&style](const auto& held) { return content(held, style); }, block.content);
    if (body.empty()) return {};
    return indented(wrap(style.clean(block.title), style.width()), 0) + body;
}

} // namespace report::text
