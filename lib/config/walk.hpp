// SPDX-License-Identifier: MIT
#pragma once

#include "config/fields.hpp"

#include <functional>
#include <string>
#include <string_view>

/// Ways through the table of keys: over those that hold a value, and over all that exist.
namespace config {

/// Returns whether `field` holds a value at all: an optional one may hold none.
[[nodiscard]] bool is_set(const Field& field);

/// Returns the path of a key below `parent`: "thresholds.cpu".
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view key);

/// Calls `visit(path, field)` for every key that holds a value now, sections included, parents
/// first: "postgres", "postgres[0].dsn".
void walk(const Fields& fields, const std::string& parent,
          const std::function<void(const std::string&, const Field&)>& visit);

/// Calls `visit(path, field)` for every key that exists, parents first, bound to a configuration of
/// defaults: "postgres", "postgres[].dsn", "services.NAME.expected".
void walk_known(const std::function<void(const std::string&, const Field&)>& visit);

/// Returns the path of `walk_known` for a path of `walk`: "postgres[3].dsn" → "postgres[].dsn".
[[nodiscard]] std::string known_path(std::string_view path);

} // namespace config
