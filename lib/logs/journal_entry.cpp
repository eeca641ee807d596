// SPDX-License-Identifier: MIT
#include "logs/journal_entry.hpp"

#include "logs/forms/cut.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace logs {
namespace {

using nlohmann::json;

/// journald's own bound for a line is 48 KiB, for a field 768 MiB.
constexpr std::size_t k_longest_message = std::size_t{1} << 20U;

bool is_byte(const json& value) {
    return value.is_number_unsigned() && value.get<unsigned>() < 256;
}

std::string text_of(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array() || value.empty()) return {};
    // A field that was given several times: the last one counts.
    if (!std::ranges::all_of(value, is_byte)) return text_of(value.back());
    std::string text;
    for (const auto& byte : value)
        text += static_cast<char>(byte.get<unsigned char>());
    return text;
}

std::string field(const json& entry, const char* name) {
    const auto found = entry.find(name);
    return found == entry.end() ? std::string{} : text_of(*found);
}

std::optional<core::Time> time_of(const std::string& text) {
    const auto microseconds = number_of<std::int64_t>(text);
    if (!microseconds || *microseconds < 0) return std::nullopt;
    return core::Time{
        std::chrono::duration_cast<core::Time::duration>(std::chrono::microseconds{*microseconds})};
}

/// syslog's severities (RFC 5424, section 6.2.1).
Level level_of(const std::string& priority) {
    static constexpr std::array k_levels{Level::critical, Level::critical, Level::critical,
                                         Level::error,    Level::warning,  Level::notice,
                                         Level::info,     Level::debug};
    const auto number = number_of<unsigned>(priority);
    return number && *number < k_levels.size() ? k_levels[*number] : Level::none;
}

/// "ssh.service" is "ssh"; what people or the system itself run in ("session-3.scope",
/// "user@1000.service") is no service.
std::string service_of_unit(std::string_view unit) {
    constexpr std::string_view k_end = ".service";
    if (!unit.ends_with(k_end) || unit.starts_with("user@")) return {};
    unit.remove_suffix(k_end.size());
    return std::string{unit};
}

std::string service_of(const json& entry, const std::string& program) {
    for (auto& name :
         {field(entry, "CONTAINER_NAME"), service_of_unit(field(entry, "_SYSTEMD_UNIT")), program})
        if (!name.empty()) return name;
    return "journal";
}

} // namespace

std::optional<JournalEntry> parse_journal_entry(std::string_view line) {
    const auto entry = json::parse(line, nullptr, false);
    if (!entry.is_object() || !entry.contains("__REALTIME_TIMESTAMP")) return std::nullopt;
    JournalEntry read;
    read.program = field(entry, "SYSLOG_IDENTIFIER");
    read.service = service_of(entry, read.program);
    read.message = field(entry, "MESSAGE").substr(0, k_longest_message);
    read.time = time_of(field(entry, "__REALTIME_TIMESTAMP"));
    read.level = level_of(field(entry, "PRIORITY"));
    return read;
}

} // namespace logs
