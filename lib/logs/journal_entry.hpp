// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "logs/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace logs {

/// One entry of systemd's journal.
struct JournalEntry {
    std::string service{}; ///< the container, else the unit, else the program: never empty
    std::string program{}; ///< as the program calls itself: "sshd"
    std::string message{}; ///< may have several lines
    std::optional<core::Time> time{};
    Level level = Level::none;
};

/// The fields that `parse_journal_entry` reads, as `journalctl --output-fields` takes them.
inline constexpr std::string_view k_journal_fields =
    "MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_SYSTEMD_UNIT,CONTAINER_NAME";

/// Reads a line of `journalctl --output=json`: an object whose values are texts, lists of bytes for
/// what is no UTF-8, or lists of both for a field given several times (systemd's "Journal JSON
/// Format"; systemd.journal-fields(7)). Nothing for a line that is no entry.
[[nodiscard]] std::optional<JournalEntry> parse_journal_entry(std::string_view line);

} // namespace logs
