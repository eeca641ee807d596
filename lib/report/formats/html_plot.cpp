// SPDX-License-Identifier: MIT
#include "report/formats/html_plot.hpp"

#include "core/text.hpp"
#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace report::html {
namespace {

constexpr double k_plot_width = 720;
constexpr double k_plot_height = 120;
constexpr double k_plot_foot = 18; ///< for the times under it

struct Span {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();
};

Span span_of(const Series& series) {
    Span span;
    for (const auto& [time, value] : series.points) {
        if (!std::isfinite(value)) continue;
        span.least = std::min(span.least, value);
        span.greatest = std::max(span.greatest, value);
    }
    return span;
}

/// The commands of a path (SVG 1.1, section 8.3), in hundredths of a unit at most.
std::string path_of(const Series& series, const Span& span) {
    const auto first = series.points.front().first;
    const auto whole = std::chrono::duration<double>(series.points.back().first - first).count();
    const double height = span.greatest > span.least ? span.greatest - span.least : 1;
    std::string path;
    bool goes_on = false;
    for (const auto& [time, value] : series.points) {
        if (!std::isfinite(value)) {
            goes_on = false;
            continue;
        }
        const auto since = std::chrono::duration<double>(time - first).count();
        const double x = whole > 0 ? since / whole * k_plot_width : 0;
        const double y = k_plot_height - (value - span.least) / height * k_plot_height;
        path += fmt::format("{}{:.1f} {:.1f}", goes_on ? "L" : "M", x, y);
        if (!goes_on) path += "h.1"; // so that a point alone is seen
        goes_on = true;
    }
    return path;
}

std::string label_at(double x, double y, std::string_view anchor, const std::string& text) {
    return fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>", x, y, anchor,
                       escape(text));
}

} // namespace

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : core::printable(text, core::NewLines::keep)) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string plot(const Series& series, std::string_view title) {
    const auto span = span_of(series);
    if (span.least > span.greatest) return {};
    const auto unit = series.unit.empty() ? std::string{} : " " + series.unit;
    const auto figure = [&](double value) { return core::format_number(value, 3) + unit; };
    return fmt::format("<svg viewBox=\"-4 -16 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">"
                       "<path d=\"{}\"/>",
                       k_plot_width + 8, k_plot_height + k_plot_foot + 20, escape(title),
                       path_of(series, span))
           + label_at(0, -4, "start", figure(span.greatest))
           + label_at(k_plot_width, -4, "end", "now " + figure(series.points.back().second))
           + label_at(0, k_plot_height + 14, "start", core::format_utc(series.points.front().first))
           + label_at(k_plot_width / 2, k_plot_height + 14, "middle", "least " + figure(span.least))
           + label_at(k_plot_width, k_plot_height + 14, "end",
                      core::format_utc(series.points.back().first))
           + "</svg>\n";
}

} // namespace report::html
