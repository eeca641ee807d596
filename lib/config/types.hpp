// SPDX-License-Identifier: MIT
#pragma once

#include "config/fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace config {

/// How a type is named to people and in the JSON Schema.
struct TypeInfo {
    Type type = Type::text;
    std::string_view noun{};    ///< "a share"
    std::string_view example{}; ///< "80%"; empty where nothing helps
    std::string_view schema{};  ///< JSON Schema of a value, as JSON; empty for sections
};

[[nodiscard]] const TypeInfo& info(Type type);

/// What is wrong with a value.
struct Complaint {
    std::string message{};
    std::string hint{};
};

/// Converts `text`, references replaced, to what `field` holds and stores it. Returns the complaint
/// about a text that does not fit, naming it by `path`; a URL's or secret's own text is never in
/// it.
[[nodiscard]] std::optional<Complaint> assign(const Field& field, const std::string& path,
                                              const std::string& text);

/// Returns the value of a field of one value as text that `assign` reads back; a list's parts are
/// joined by ", ". Secrets are masked, also those inside of URLs.
[[nodiscard]] std::string format(const Field& field);

} // namespace config
