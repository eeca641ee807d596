// SPDX-License-Identifier: MIT
#include "conformance/stage.hpp"
#include "core/text.hpp"
#include "health/overview.hpp"
#include "report/enrich.hpp"
#include "report/format.hpp"
#include "report/render.hpp"
#include "report/report.hpp"
#include "support/catch.hpp"
#include "support/faults.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace text_test {

// What a server calls itself and its parts goes through the whole program, into every format.

namespace {

using namespace std::chrono_literals;
using faults::Fault;
using faults::Protocol;

/// Returns the first thing in `text` that may not reach a terminal; empty when there is none.
/// Written for itself: the code under test is no judge of it.
std::string raw_in(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_control = (byte < 0x20 && byte != '\n') || byte == 0x7F;
        if (is_control) return "control character " + std::to_string(byte);
        if (byte < 0x80) continue;
        const std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 0;
        if (size == 0 || i + size > text.size()) return "a byte that is no UTF-8";
        char32_t point = byte & (0x7FU >> size);
        for (std::size_t at = 1; at < size; ++at) {
            const auto next = static_cast<unsigned char>(text[i + at]);
            if ((next & 0xC0U) != 0x80U) return "a byte that is no UTF-8";
            point = point << 6U | (next & 0x3FU);
        }
        i += size - 1;
        const bool is_c1 = point >= 0x80 && point < 0xA0;
        const bool is_bidi = (point >= 0x202A && point <= 0x202E)
                             || (point >= 0x2066 && point <= 0x2069) || point == 0x200E
                             || point == 0x200F || point == 0x061C;
        if (is_c1 || is_bidi) return "the character " + std::to_string(point);
    }
    return {};
}

report::Report report_of(const conformance::Sighting& sighting) {
    report::Report report;
    report.command = "health";
    report.project = "gallery";
    report.findings = sighting.findings;
    report.details.push_back(health::services_block(sighting.seen, {}, sighting.findings));
    report::enrich(report, {}, {});
    return report;
}

std::string check_formats(const report::Report& report) {
    std::string all;
    for (const auto& format : report::formats()) {
        for (const auto detail : {report::Detail::normal, report::Detail::verbose}) {
            INFO(format.name);
            report::RenderOptions options;
            options.detail = detail;
            options.now = std::chrono::system_clock::now();
            const auto text = format.render(report, options);
            CHECK(raw_in(text) == "");
            all += text;
        }
    }
    return all;
}

} // namespace

TEST_CASE("no name or message of a server reaches any format raw") {
    for (const auto protocol : faults::k_protocols) {
        INFO(faults::name(protocol));
        const auto stage = conformance::Stage::set(Fault::bad_text, protocol);
        const auto sighting =
            conformance::look(protocol, stage->target(), core::Deadline::after(stage->deadline()));
        REQUIRE_FALSE(sighting.findings.empty());
        const auto all = check_formats(report_of(sighting));
        // Where the server's words are shown at all, they are shown escaped.
        if (protocol != Protocol::http) CHECK(all.find("x1b") != std::string::npos);
    }
}

TEST_CASE("no name out of the configuration reaches any format raw") {
    const std::string bad = "a\x1b[2J\xe2\x80\xae\xff\x07\nb\xc2\x9b";
    report::Report report;
    report.command = "health";
    report.project = bad;
    report.host = bad;
    report.scope = bad;
    report.notes = {bad};
    core::Finding finding;
    finding.id = "health.http." + bad;
    finding.subject = finding.component = finding.target = finding.message = finding.title = bad;
    finding.remediation = finding.owner = finding.contact = finding.escalation = bad;
    finding.verdict = core::Verdict::critical;
    finding.evidence = {{bad, bad}};
    finding.measured = core::Measured{.value = bad, .unit = bad, .expected = bad};
    finding.location = core::Location{.file = bad, .line = 1};
    finding.caused_by = {bad};
    report.findings = {finding};
    check_formats(report);
}

} // namespace text_test
