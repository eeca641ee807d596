// SPDX-License-Identifier: MIT
#include "report/format.hpp"

#include "core/units.hpp"

#include <fmt/format.h>

#include <ctime>

namespace report {

std::string local_time(core::Time time, core::Time now) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    const char* zone = parts.tm_zone != nullptr ? parts.tm_zone : "";
    return fmt::format("{} {}", core::format_local(time, now), zone);
}

std::string value_text(const core::Measured& measured) {
    if (const auto* text = std::get_if<std::string>(&measured.value)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&measured.value))
        return fmt::format("{}", *whole);
    return core::format_number(std::get<double>(measured.value), 3);
}

} // namespace report
