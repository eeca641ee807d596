// SPDX-License-Identifier: MIT
#include "health/explain.hpp"

#include "health/catalogue.hpp"

#include <vector>

namespace health {

std::string explain(std::string_view id, report::ExplainFormat format) {
    std::vector<const core::CheckSpec*> specs;
    for (const auto* check : catalogue())
        specs.push_back(&check->spec);
    return report::explain(id, "health", specs, format);
}

} // namespace health
