// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace support {

/// Validates `document` against a JSON Schema of draft 2020-12, as far as our own schemas go:
/// $ref (local), type, const, enum, required, properties, additionalProperties, items, prefixItems,
/// minItems, maxItems, minLength, minimum, maximum, pattern, oneOf, anyOf, allOf. An unknown
/// keyword is a problem too: a rule that nobody checks must not look checked. Returns the problems
/// with their place in the document.
[[nodiscard]] std::vector<std::string> validate(const nlohmann::json& document,
                                                const nlohmann::json& schema);

} // namespace support
