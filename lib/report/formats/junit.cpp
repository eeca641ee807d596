// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

// The format has no standard; this follows what Jenkins, GitLab and GitHub's reporters read: the
// attributes of <testsuite> and <testcase>, and <failure>, <error>, <skipped> with a message.

namespace report::format {
namespace {

/// Escapes for XML 1.0 (section 2.2). Control characters are gone before; U+FFFE and U+FFFF, which
/// are valid UTF-8 and not allowed, are removed here.
std::string escape_xml(std::string_view raw) {
    const std::string text = core::printable(raw, core::NewLines::keep);
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto rest = std::string_view{text}.substr(at);
        if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
            at += 2;
            continue;
        }
        switch (text[at]) {
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
        case '\n':
            out += "&#10;"; // a bare one in an attribute would become a blank
            break;
        default:
            out += text[at];
        }
    }
    return out;
}

enum class Outcome : std::uint8_t { passed, failure, error, skipped };

/// What makes the run fail makes the test fail, and nothing else does.
Outcome outcome_of(core::Verdict verdict, const RenderOptions& options) {
    switch (verdict) {
    case core::Verdict::critical:
        return Outcome::failure;
    case core::Verdict::warning:
        return options.fail_on == core::FailOn::warning ? Outcome::failure : Outcome::passed;
    case core::Verdict::ok:
        return Outcome::passed;
    case core::Verdict::skipped:
        return Outcome::skipped;
    case core::Verdict::unknown:
        break;
    }
    return options.unknown == core::UnknownPolicy::fails ? Outcome::error : Outcome::skipped;
}

std::string body_text(const core::Finding& finding) {
    std::string text = finding.message;
    for (const auto& evidence : finding.evidence)
        text += "\n" + evidence.text;
    if (!finding.remediation.empty()) text += "\nnext: " + finding.remediation;
    return text;
}

std::string body(const core::Finding& finding, Outcome outcome) {
    const auto problem = [&](std::string_view element) {
        return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element,
                           core::name(finding.verdict), escape_xml(finding.message),
                           escape_xml(body_text(finding)));
    };
    switch (outcome) {
    case Outcome::failure:
        return problem("failure");
    case Outcome::error:
        return problem("error");
    case Outcome::skipped:
        return fmt::format("      <skipped message=\"{}\"/>\n", escape_xml(finding.message));
    case Outcome::passed:
        break;
    }
    return fmt::format("      <system-out>{}: {}</system-out>\n", core::name(finding.verdict),
                       escape_xml(finding.message));
}

double seconds(std::chrono::microseconds span) {
    return static_cast<double>(span.count()) / 1e6;
}

std::string test_case(const core::Finding& finding, Outcome outcome) {
    const auto last_dot = finding.id.find_last_of('.');
    const std::string family = finding.id.substr(0, last_dot);
    const std::string name = finding.title.empty() ? finding.id : finding.title;
    const std::string subject =
        finding.subject.empty() ? name : fmt::format("{}: {}", finding.subject, name);
    std::string file;
    if (finding.location) {
        file = fmt::format(" file=\"{}\" line=\"{}\"", escape_xml(finding.location->file),
                           finding.location->line);
    }
    return fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"{}>\n{}"
                       "    </testcase>\n",
                       escape_xml(family), escape_xml(subject), seconds(finding.duration), file,
                       body(finding, outcome));
}

std::string render_junit(const Report& report, const RenderOptions& options) {
    int failures = 0;
    int errors = 0;
    int skipped = 0;
    std::string cases;
    for (const auto& finding : report.findings) {
        const auto outcome = outcome_of(finding.verdict, options);
        failures += outcome == Outcome::failure ? 1 : 0;
        errors += outcome == Outcome::error ? 1 : 0;
        skipped += outcome == Outcome::skipped ? 1 : 0;
        cases += test_case(finding, outcome);
    }
    std::string stamp = core::format_utc(report.started_at);
    stamp.pop_back(); // the readers expect ISO 8601 without a zone
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"",
                    report.findings.size(), failures, errors, skipped, seconds(report.duration));
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuites name=\"gallery-ops\" {0}>\n"
                       "  <testsuite name=\"{1}\" {0} timestamp=\"{2}\" hostname=\"{3}\">\n"
                       "{4}  </testsuite>\n</testsuites>\n",
                       counts, escape_xml("gallery-ops " + report.command), stamp,
                       escape_xml(report.host), cases);
}

} // namespace

extern const Format junit{"junit", "JUnit XML for CI servers", render_junit};

} // namespace report::format
