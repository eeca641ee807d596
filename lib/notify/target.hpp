// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

enum class Kind : std::uint8_t { alertmanager, webhook, ping };

/// Who is told after a run, as `--notify` names it: "alertmanager", "webhook:NAME", "ping:NAME".
struct Target {
    Kind kind{};
    std::string name{}; ///< of the configuration; empty for the Alertmanager

    [[nodiscard]] std::string text() const;

    bool operator==(const Target&) const = default;
};

/// Returns the target that `text` names, or nothing.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

} // namespace notify
