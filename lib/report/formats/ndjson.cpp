// SPDX-License-Identifier: MIT
#include "report/format.hpp"
#include "report/json_model.hpp"

#include <nlohmann/json.hpp>

namespace report::format {
namespace {

using Json = nlohmann::ordered_json;

/// A line must be understood without the others: a log shipper may see only one.
Json finding_line(const core::Finding& finding, const Json& head) {
    Json line{{"type", "finding"}};
    for (const char* key : {"run_id", "command", "project", "host"})
        line[key] = head.at(key);
    line["time"] = head.at("started_at");
    line.update(to_json(finding));
    return line;
}

std::string render_ndjson(const Report& report, const RenderOptions& options) {
    const auto head = summary_json(report, options);
    std::string out;
    for (const auto& finding : report.findings)
        out += finding_line(finding, head).dump() + "\n";
    Json last{{"type", "summary"}};
    last.update(head);
    return out + last.dump() + "\n";
}

} // namespace

extern const Format ndjson{"ndjson", "one JSON object a line: each finding, then the summary",
                           render_ndjson};

} // namespace report::format
