// SPDX-License-Identifier: MIT
#pragma once

#include "logs/analysis.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// What tests of the detectors share: lines, and what they come to.
namespace analysed {

inline core::Time at(std::string_view time) {
    return *core::parse_rfc3339(time);
}

/// Reads the lines as those of the service "api".
inline logs::Summary analyse(const std::vector<std::string>& lines,
                             logs::AnalysisOptions options = {}) {
    options.now = at("2026-03-01T00:00:00Z");
    options.assignments = true;
    logs::Analysis analysis{options};
    const auto stream = analysis.add_stream({.service = "api", .name = "api.log"});
    for (const auto& line : lines)
        analysis.add(stream, line);
    return analysis.finish();
}

inline const core::Finding& find(const logs::Summary& summary, std::string_view id) {
    const auto found = std::ranges::find(summary.findings, id, &core::Finding::id);
    if (found == summary.findings.end()) FAIL("no finding " << id);
    return *found;
}

inline bool has(const logs::Summary& summary, std::string_view id) {
    return std::ranges::find(summary.findings, id, &core::Finding::id) != summary.findings.end();
}

/// A time of the day: "10:00:07" for seven seconds after ten.
inline std::string clock(int seconds) {
    const auto two = [](int figure) { return (figure < 10 ? "0" : "") + std::to_string(figure); };
    const int all = 10 * 3600 + seconds;
    return two(all / 3600) + ':' + two(all / 60 % 60) + ':' + two(all % 60);
}

/// A line of an access log with the time that the request took.
inline std::string access(const std::string& client, int seconds, const std::string& request,
                          int status, const std::string& agent = "Mozilla/5.0",
                          const std::string& taken = "") {
    return client + " - - [01/Feb/2026:" + clock(seconds) + " +0000] \"" + request + "\" "
           + std::to_string(status) + " 512 \"-\" \"" + agent + '"'
           + (taken.empty() ? "" : ' ' + taken);
}

} // namespace analysed
