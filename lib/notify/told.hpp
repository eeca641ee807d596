// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "core/finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

/// A problem that a target was told of, and not yet that it is over.
struct Told {
    core::Finding finding{}; ///< as it was told: id, verdict, subject, component, message, and
                             ///< `since`, the beginning that was named
    core::Time seen{};       ///< start of the last run that still saw it

    bool operator==(const Told&) const = default;
};

/// Returns them as one line of JSON, to be kept for the next run.
[[nodiscard]] std::string to_text(const std::vector<Told>& told);

/// Reads what `to_text` wrote; nothing where it is anything else.
[[nodiscard]] std::optional<std::vector<Told>> parse_told(std::string_view text);

} // namespace notify
