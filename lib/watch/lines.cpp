// SPDX-License-Identifier: MIT
#include "watch/lines.hpp"

#include "core/text.hpp"
#include "core/units.hpp"
#include "report/arrange.hpp"
#include "report/json_model.hpp"
#include "report/text/style.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>

namespace watch {
namespace {

using Json = nlohmann::ordered_json;
using report::text::Style;

/// " for 3 min", where it is known and the clock has not been set back.
std::string lasted(const Change& change, core::Time now) {
    if (!change.before_from || *change.before_from > now) return {};
    const auto span =
        std::chrono::duration_cast<std::chrono::microseconds>(now - *change.before_from);
    return " for " + core::format_duration(span);
}

std::string was(const Change& change, core::Time now) {
    if (!change.before || !is_problem(*change.before)) return {};
    return fmt::format(" (was {}{})", core::name(*change.before), lasted(change, now));
}

std::string names_of(const std::vector<std::string>& names) {
    constexpr std::size_t k_most = 8;
    const auto shown = std::span{names}.first(std::min(names.size(), k_most));
    std::string text = core::join(shown, ", ");
    if (names.size() > k_most) text += fmt::format(", {} more", names.size() - k_most);
    return text;
}

std::string raw_text(const Change& change, core::Time now) {
    if (!change.others.empty()) {
        const auto count = static_cast<std::int64_t>(change.others.size());
        return fmt::format("{} that {} ok {} no longer looked at: {}",
                           core::count_of(count, "check"), count == 1 ? "was" : "were",
                           count == 1 ? "is" : "are", names_of(change.others));
    }
    const auto label = report::label(change.finding);
    switch (change.kind) {
    case ChangeKind::gone:
        return fmt::format("{}: no longer looked at{}", label, was(change, now));
    case ChangeKind::flapping:
        return fmt::format("{}: {} changes in {}, now {}: {}; told again when it has settled",
                           label, change.count, core::format_duration(change.window),
                           core::name(change.finding.verdict), change.finding.message);
    default:
        return fmt::format("{}: {}{}", label, change.finding.message, was(change, now));
    }
}

std::string_view verdict_word(const Change& change) {
    return change.kind == ChangeKind::gone ? "-" : core::name(change.finding.verdict);
}

std::string row(core::Time now, std::string_view kind, std::string_view verdict,
                core::Verdict colour, const std::string& text, const Style& style) {
    return fmt::format("{}  {:<8}  {}{}  {}\n", full_time(now), kind,
                       style.painted(verdict, colour),
                       std::string(verdict.size() < 8 ? 8 - verdict.size() : 0, ' '), text);
}

} // namespace

std::string full_time(core::Time time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} {}", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       parts.tm_zone != nullptr ? parts.tm_zone : "");
}

std::string clock_time(core::Time time) {
    constexpr std::size_t k_date = 11; // "2026-01-05 "
    return full_time(time).substr(k_date, 8);
}

std::string change_text(const Change& change, core::Time now,
                        const report::RenderOptions& options) {
    return Style{options}.clean(raw_text(change, now));
}

std::string change_line(const Change& change, core::Time now,
                        const report::RenderOptions& options) {
    const Style style{options};
    const auto colour =
        change.kind == ChangeKind::gone ? core::Verdict::skipped : change.finding.verdict;
    return row(now, name(change.kind), verdict_word(change), colour,
               style.clean(raw_text(change, now)), style);
}

std::string verdict_line(const report::Report& report, core::Time now,
                         const report::RenderOptions& options) {
    const Style style{options};
    const auto verdict = report::verdict(report);
    const std::string project = report.project.empty() ? "gallery-ops" : report.project;
    return row(now, "verdict", core::name(verdict), verdict,
               fmt::format("{}: {}", style.clean(project), report::count_line(report, style.dot())),
               style);
}

std::string change_json(const Change& change, const report::Report& report, core::Time now,
                        const report::RenderOptions& options) {
    const auto head = report::summary_json(report, options);
    Json line{{"type", "change"}};
    for (const char* key : {"run_id", "command", "project", "host"})
        line[key] = head.at(key);
    line["time"] = core::format_utc(now);
    line["change"] = name(change.kind);
    line["before"] = change.before ? Json(std::string{core::name(*change.before)}) : Json(nullptr);
    if (change.kind == ChangeKind::flapping) {
        line["changes"] = change.count;
        line["window_ms"] = std::chrono::milliseconds{change.window}.count();
    }
    if (!change.others.empty()) {
        line["subjects"] = Json::array();
        for (const auto& one : change.others)
            line["subjects"].push_back(core::printable(one));
        return line.dump() + "\n";
    }
    line.update(report::to_json(change.finding));
    // What is no longer looked at has no verdict; the one that it had stands in "before".
    if (change.kind == ChangeKind::gone) line["verdict"] = nullptr;
    return line.dump() + "\n";
}

std::string verdict_json(const report::Report& report, core::Time now,
                         const report::RenderOptions& options) {
    Json line{{"type", "summary"}, {"time", core::format_utc(now)}};
    line.update(report::summary_json(report, options));
    return line.dump() + "\n";
}

} // namespace watch
