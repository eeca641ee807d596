// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// How strict a reference is read.
enum class Dialect : std::uint8_t {
    own,    ///< only ${…}; a variable without a value is an error
    compose ///< also $NAME; a variable without a value is empty, also one that must have some (the
            ///< project was started from another shell); a lone $ is an error
};

/// A text with its references replaced.
struct Interpolated {
    std::string text{};
    std::string literal{};            ///< what of it stands in the file itself, defaults included
    std::string defaults{};           ///< what of `literal` is default or other of a reference
    std::vector<std::string> names{}; ///< variables that were used
};

using Lookup = std::function<std::optional<std::string>(const std::string&)>;

/// Replaces ${NAME}, ${NAME:-default} (unset or empty), ${NAME-default} (unset), ${NAME:?message},
/// ${NAME?message}, ${NAME:+other}, ${NAME+other} and $$. Returns a sentence on failure. Source:
/// Compose Specification, 12-interpolation.md; POSIX shell, 2.6.2.
[[nodiscard]] std::expected<Interpolated, std::string>
interpolate(std::string_view text, const Lookup& lookup, Dialect dialect);

} // namespace config
