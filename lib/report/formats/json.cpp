// SPDX-License-Identifier: MIT
#include "report/format.hpp"
#include "report/json_model.hpp"

#include <nlohmann/json.hpp>

namespace report::format {
namespace {

std::string render_json(const Report& report, const RenderOptions& options) {
    return to_json(report, options).dump(2) + "\n";
}

} // namespace

extern const Format json{"json", "the whole report as one JSON document", render_json};

} // namespace report::format
