// SPDX-License-Identifier: MIT
#include "report/json_model.hpp"

#include "core/text.hpp"
#include "report/schema.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace report {
namespace {

using Json = nlohmann::ordered_json;

Json clean_text(std::string_view value) {
    return core::printable(value, core::NewLines::keep);
}

Json number(double value) {
    constexpr double k_exact = 9007199254740992; // 2^53: beyond it a double skips integers
    if (!std::isfinite(value)) return nullptr;
    if (std::abs(value) < k_exact && std::trunc(value) == value)
        return static_cast<std::int64_t>(value); // 12, not 12.0
    return value;
}

Json texts(const std::vector<std::string>& values) {
    Json all = Json::array();
    for (const auto& value : values)
        all.push_back(clean_text(value));
    return all;
}

template <class... Alternatives>
Json any_value(const std::variant<Alternatives...>& value) {
    return std::visit(
        [](const auto& held) -> Json {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, std::string>) {
                return clean_text(held);
            } else if constexpr (std::is_same_v<Held, double>) {
                return number(held);
            } else if constexpr (std::is_same_v<Held, std::int64_t>) {
                return held;
            } else {
                return nullptr;
            }
        },
        value);
}

Json measured_json(const core::Measured& measured) {
    Json json{{"value", any_value(measured.value)}, {"unit", clean_text(measured.unit)}};
    if (!measured.expected.empty()) json["expected"] = clean_text(measured.expected);
    if (measured.warn) json["warn"] = number(*measured.warn);
    if (measured.crit) json["crit"] = number(*measured.crit);
    if (measured.max) json["max"] = number(*measured.max);
    return json;
}

Json location_json(const core::Location& location) {
    Json json{{"file", clean_text(location.file)}};
    if (location.line > 0) json["line"] = location.line;
    if (location.column > 0) json["column"] = location.column;
    if (location.end_line > 0) json["end_line"] = location.end_line;
    return json;
}

Json evidence_json(const std::vector<core::Evidence>& evidence) {
    Json all = Json::array();
    for (const auto& one : evidence)
        all.push_back({{"kind", clean_text(one.kind)}, {"text", clean_text(one.text)}});
    return all;
}

Json content(const Table& table) {
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json cells = Json::array();
        for (const auto& cell : row)
            cells.push_back(any_value(cell));
        rows.push_back(std::move(cells));
    }
    return {{"kind", "table"}, {"columns", texts(table.columns)}, {"rows", std::move(rows)}};
}

Json content(const Series& series) {
    Json points = Json::array();
    for (const auto& [time, value] : series.points)
        points.push_back(Json::array({core::format_utc(time), number(value)}));
    return {{"kind", "series"}, {"unit", clean_text(series.unit)}, {"points", std::move(points)}};
}

Json content(const Timeline& timeline) {
    Json events = Json::array();
    for (const auto& event : timeline.events) {
        events.push_back({{"time", core::format_utc(event.time)},
                          {"phase", clean_text(event.phase)},
                          {"event", clean_text(event.event)},
                          {"target", clean_text(event.target)}});
    }
    return {{"kind", "timeline"}, {"events", std::move(events)}};
}

Json content(const Pairs& pairs) {
    Json items = Json::array();
    for (const auto& [name, value] : pairs.items)
        items.push_back({{"name", clean_text(name)}, {"value", any_value(value)}});
    return {{"kind", "pairs"}, {"items", std::move(items)}};
}

Json content(const Text& block) {
    return {{"kind", "text"}, {"text", clean_text(block.text)}};
}

Json block_json(const Block& block) {
    Json json{{"id", clean_text(block.id)}, {"title", clean_text(block.title)}};
    json.update(std::visit([](const auto& held) { return content(held); }, block.content));
    return json;
}

Json milliseconds(std::chrono::microseconds span) {
    return number(static_cast<double>(span.count()) / 1000);
}

} // namespace

Json to_json(const core::Finding& finding) {
    Json json{
        {"id", clean_text(finding.id)},           {"title", clean_text(finding.title)},
        {"verdict", core::name(finding.verdict)}, {"group", clean_text(finding.group)},
        {"subject", clean_text(finding.subject)}, {"component", clean_text(finding.component)},
        {"target", clean_text(finding.target)},   {"message", clean_text(finding.message)},
        {"brief", clean_text(finding.brief)}};
    if (finding.measured) json["measured"] = measured_json(*finding.measured);
    if (finding.since) json["since"] = core::format_utc(*finding.since);
    if (finding.recurrence)
        json["recurrence"] = {{"times", finding.recurrence->times},
                              {"hours", finding.recurrence->window.count()}};
    json["caused_by"] = texts(finding.caused_by);
    json["evidence"] = evidence_json(finding.evidence);
    if (finding.location) json["location"] = location_json(*finding.location);
    json["owner"] = clean_text(finding.owner);
    json["contact"] = clean_text(finding.contact);
    json["escalation"] = clean_text(finding.escalation);
    json["playbook"] = clean_text(finding.playbook);
    json["remediation"] = clean_text(finding.remediation);
    json["duration_ms"] = milliseconds(finding.duration);
    return json;
}

Json summary_json(const Report& report, const RenderOptions& options) {
    const auto summary = summarise(report);
    Json json{{"schema", k_report_schema},
              {"tool", {{"name", "gallery-ops"}, {"version", clean_text(options.version)}}},
              {"command", clean_text(report.command)},
              {"project", clean_text(report.project)},
              {"host", clean_text(report.host)},
              {"run_id", clean_text(report.run_id)},
              {"scope", clean_text(report.scope)},
              {"started_at", core::format_utc(report.started_at)},
              {"duration_ms", report.duration.count()},
              {"interrupted", report.interrupted},
              {"narrowed", report.narrowed},
              {"verdict", core::name(verdict(report))},
              {"exit_code", options.exit_code}};
    json["summary"] = {{"ok", summary.ok},
                       {"warning", summary.warning},
                       {"critical", summary.critical},
                       {"unknown", summary.unknown},
                       {"skipped", summary.skipped}};
    json["notes"] = texts(report.notes);
    return json;
}

Json to_json(const Report& report, const RenderOptions& options) {
    Json json = summary_json(report, options);
    json["findings"] = Json::array();
    for (const auto& finding : report.findings)
        json["findings"].push_back(to_json(finding));
    json["details"] = Json::array();
    for (const auto& block : report.details)
        json["details"].push_back(block_json(block));
    return json;
}

} // namespace report
