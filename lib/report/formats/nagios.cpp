// SPDX-License-Identifier: MIT
#include "report/nagios.hpp"

#include "core/text.hpp"
#include "report/arrange.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

// Monitoring Plugins Development Guidelines: one line, "text | perfdata", perfdata as
// 'label'=value[UOM];warn;crit;min;max, thresholds as ranges [@]start:end with ~ for minus
// infinity. Nagios reads at most 8 KB of a plugin's output.

namespace report {
namespace {

constexpr std::size_t k_most_text = 1500;
constexpr std::size_t k_most_output = 8000;

std::string one_line(std::string_view raw) {
    std::string text = core::printable(raw, core::NewLines::keep);
    std::ranges::replace(text, '\n', ' ');
    std::ranges::replace(text, '|', '/'); // begins the perfdata
    return text;
}

std::string upper(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}

std::string_view status_word(int exit_code) {
    constexpr std::array<std::string_view, 4> k_words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return k_words.at(static_cast<std::size_t>(nagios_exit_code(exit_code)));
}

std::string unit_of_measure(std::string_view unit) {
    if (unit == "bytes") return "B";
    for (const std::string_view known : {"s", "ms", "us", "%", "B", "KB", "MB", "GB", "TB"}) {
        if (unit == known) return std::string{known};
    }
    return {};
}

std::string figure(double value) {
    // Perfdata knows digits, a point and a sign; no exponent.
    std::string text = fmt::format("{:.6f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

/// Returns the range of good values: those up to the limit, or, `lower`, those from it on.
std::string range(std::optional<double> limit, bool lower) {
    if (!limit || !std::isfinite(*limit)) return {};
    if (lower) return figure(*limit) + ":";
    return *limit < 0 ? "~:" + figure(*limit) : figure(*limit);
}

std::string perfdata(const core::Finding& finding) {
    if (!finding.measured) return {};
    const auto& measured = *finding.measured;
    double value = 0;
    if (const auto* whole = std::get_if<std::int64_t>(&measured.value)) {
        value = static_cast<double>(*whole);
    } else if (const auto* real = std::get_if<double>(&measured.value)) {
        value = *real;
    } else {
        return {};
    }
    if (!std::isfinite(value)) return {};
    std::string label = one_line(finding.id);
    std::ranges::replace(label, '=', '_');
    std::ranges::replace(label, '\'', '_');
    const bool lower = measured.at_least;
    const bool share = measured.unit == "%";
    const auto max = share && !measured.max ? std::optional<double>{100} : measured.max;
    std::string text =
        fmt::format("'{}'={}{};{};{};{};{}", label, figure(value), unit_of_measure(measured.unit),
                    range(measured.warn, lower), range(measured.crit, lower), value >= 0 ? "0" : "",
                    max && std::isfinite(*max) ? figure(*max) : "");
    text.erase(text.find_last_not_of(';') + 1);
    return text;
}

std::string all_perfdata(const Report& report, std::size_t room) {
    std::string out;
    for (const auto& finding : report.findings) {
        const std::string item = perfdata(finding);
        if (item.empty() || out.size() + item.size() + 1 > room) continue;
        out += (out.empty() ? "" : " ") + item;
    }
    return out;
}

std::string problem_text(const Problem& problem) {
    std::string text = label(*problem.finding) + ": " + problem.finding->message;
    const auto following = problem.consequences.size();
    if (following > 0)
        text += fmt::format(" ({} follow{} from it)", following, following == 1 ? "s" : "");
    return text;
}

std::string render_nagios(const Report& report, const RenderOptions& options) {
    std::string counts = count_line(report, ", ");
    for (const auto& problem : problems(report))
        counts += "; " + problem_text(problem);
    if (report.interrupted) counts = "interrupted, " + counts;
    std::string line =
        fmt::format("{} {} - {}", upper(one_line(report.command)), status_word(options.exit_code),
                    core::cut_end(one_line(counts), k_most_text, "..."));
    const std::string figures = all_perfdata(report, k_most_output - line.size());
    if (!figures.empty()) line += " | " + figures;
    return line + "\n";
}

} // namespace

std::string nagios_problem(std::string_view message) {
    return fmt::format("GALLERY-OPS UNKNOWN - {}\n",
                       core::cut_end(one_line(message), k_most_text, "..."));
}

namespace format {
extern const Format nagios{"nagios", "one line with perfdata for Nagios and its relatives",
                           render_nagios};
} // namespace format

} // namespace report
