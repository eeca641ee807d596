// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

// The text format of Prometheus, exposition formats 0.0.4, for the textfile collector of the node
// exporter: no timestamps on samples, and the same HELP whatever command wrote the file, since the
// collector refuses a metric that two files describe differently. All are gauges, which OpenMetrics
// reads the same way.

namespace report::format {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string escape_label(std::string_view raw) {
    std::string out;
    for (const char c : core::printable(raw, core::NewLines::keep)) {
        if (c == '\\' || c == '"') out += '\\';
        out += c == '\n' ? std::string{"\\n"} : std::string{c};
    }
    return out;
}

std::string braces(const Labels& labels) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : labels)
        parts.push_back(fmt::format("{}=\"{}\"", name, escape_label(value)));
    return "{" + core::join(parts, ",") + "}";
}

std::string figure(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

/// A gauge with its samples. Two samples with the same labels would make the whole file invalid: of
/// two the greater is kept, which for verdicts is the one that a person must see.
class Gauge {
  public:
    Gauge(std::string_view name, std::string_view help) : m_name(name), m_help(help) {}

    void add(const Labels& labels, double value) {
        const auto [at, fresh] = m_samples.emplace(braces(labels), value);
        if (!fresh) at->second = std::max(at->second, value);
    }

    [[nodiscard]] std::string text() const {
        if (m_samples.empty()) return {};
        std::string out = fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", m_name, m_help);
        for (const auto& [labels, value] : m_samples)
            out += fmt::format("{}{} {}\n", m_name, labels, figure(value));
        return out;
    }

  private:
    std::string_view m_name;
    std::string_view m_help;
    std::map<std::string, double> m_samples{};
};

/// The codes are those of the exit code, so that `> 0` finds every problem.
double code(core::Verdict verdict) {
    switch (verdict) {
    case core::Verdict::ok:
        return 0;
    case core::Verdict::warning:
        return 1;
    case core::Verdict::critical:
        return 2;
    case core::Verdict::unknown:
    case core::Verdict::skipped:
        break;
    }
    return 3;
}

std::optional<double> numeric(const core::Measured& measured) {
    if (const auto* whole = std::get_if<std::int64_t>(&measured.value))
        return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&measured.value)) return *real;
    return std::nullopt;
}

Labels labels_of(const Report& report, const core::Finding& finding) {
    return {{"command", report.command},
            {"project", report.project},
            {"id", finding.id},
            {"component", finding.component},
            {"subject", finding.subject}};
}

std::string findings_text(const Report& report) {
    Gauge verdicts("gallery_ops_finding",
                   "Verdict of one finding: 0 ok, 1 warning, 2 critical, 3 unknown. Skipped ones "
                   "are left out.");
    Gauge values("gallery_ops_finding_value", "Figure that a finding rests on, in its unit.");
    Gauge limits("gallery_ops_finding_limit", "Limit from which a finding's figure is a problem.");
    for (const auto& finding : report.findings) {
        if (finding.verdict == core::Verdict::skipped) continue;
        auto labels = labels_of(report, finding);
        verdicts.add(labels, code(finding.verdict));
        if (!finding.measured) continue;
        labels.emplace_back("unit", finding.measured->unit);
        if (const auto value = numeric(*finding.measured)) values.add(labels, *value);
        labels.emplace_back("severity", "warning");
        if (finding.measured->warn) limits.add(labels, *finding.measured->warn);
        labels.back().second = "critical";
        if (finding.measured->crit) limits.add(labels, *finding.measured->crit);
    }
    return verdicts.text() + values.text() + limits.text();
}

std::string run_text(const Report& report, const RenderOptions& options) {
    const Labels run{{"command", report.command}, {"project", report.project}};
    Gauge verdict_gauge("gallery_ops_verdict",
                        "Verdict of the last run: 0 ok, 1 warning, 2 critical, 3 unknown.");
    verdict_gauge.add(run, code(verdict(report)));
    Gauge counts("gallery_ops_findings", "Findings of the last run by verdict.");
    const auto summary = summarise(report);
    const std::pair<core::Verdict, int> all[] = {{core::Verdict::ok, summary.ok},
                                                 {core::Verdict::warning, summary.warning},
                                                 {core::Verdict::critical, summary.critical},
                                                 {core::Verdict::unknown, summary.unknown},
                                                 {core::Verdict::skipped, summary.skipped}};
    for (const auto& [one, count] : all) {
        auto labels = run;
        labels.emplace_back("verdict", core::name(one));
        counts.add(labels, count);
    }
    Gauge duration("gallery_ops_run_duration_seconds", "How long the last run took.");
    duration.add(run, static_cast<double>(report.duration.count()) / 1000);
    Gauge stamp("gallery_ops_run_timestamp_seconds", "When the last run started, in Unix time.");
    stamp.add(run, static_cast<double>(std::chrono::system_clock::to_time_t(report.started_at)));
    Gauge interrupted("gallery_ops_run_interrupted", "Whether the last run was interrupted.");
    interrupted.add(run, report.interrupted ? 1 : 0);
    Gauge build("gallery_ops_build_info", "The program that ran, always 1.");
    build.add(
        {{"command", report.command}, {"project", report.project}, {"version", options.version}},
        1);
    return verdict_gauge.text() + counts.text() + duration.text() + stamp.text()
           + interrupted.text() + build.text();
}

std::string render_prom(const Report& report, const RenderOptions& options) {
    // OpenMetrics wants the mark of the end; to the older text format it is a comment.
    return run_text(report, options) + findings_text(report) + "# EOF\n";
}

} // namespace

extern const Format prom{"prom", "metrics for the node exporter's textfile collector", render_prom};

} // namespace report::format
