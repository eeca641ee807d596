// SPDX-License-Identifier: MIT
#include "record/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <unistd.h>

// NOLINTBEGIN(concurrency-mt-unsafe): see the header

namespace record {
namespace {

std::tm local(core::Time when) {
    const auto seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return parts;
}

/// The name behind /etc/localtime: "/usr/share/zoneinfo/Europe/Zurich".
std::string system_zone() {
    constexpr std::string_view k_database = "/zoneinfo/";
    std::array<char, 512> target{};
    const auto size = ::readlink("/etc/localtime", target.data(), target.size());
    if (size <= 0) return {};
    const std::string_view path(target.data(), static_cast<std::size_t>(size));
    const auto at = path.find(k_database);
    return at == std::string_view::npos ? std::string{}
                                        : std::string{path.substr(at + k_database.size())};
}

/// A recording may come from anyone: a TZ may also name any file to read.
bool is_safe(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || std::string_view{"_+-/,.:<>"}.find(c) != std::string_view::npos;
    };
    constexpr std::size_t k_longest = 100;
    return !name.empty() && name.size() <= k_longest && name.front() != '/' && name.front() != ':'
           && name.front() != '.' && name.find("..") == std::string_view::npos
           && std::ranges::all_of(name, allowed);
}

/// Returns TZ's form of a fixed offset (POSIX, XBD 8.3), whose sign counts west of Greenwich.
std::string fixed(const Zone& zone) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c == '+' || c == '-';
    };
    const auto& given = zone.abbreviation;
    const bool good = given.size() >= 3 && given.size() <= 10 && std::ranges::all_of(given, plain);
    constexpr std::int64_t k_most = std::int64_t{24} * 3600;
    const auto west = -std::clamp<std::int64_t>(zone.offset.count(), -k_most, k_most);
    const auto size = west < 0 ? -west : west;
    return fmt::format("<{}>{}{:02}:{:02}:{:02}", good ? given : "UTC", west < 0 ? "-" : "+",
                       size / 3600, size / 60 % 60, size % 60);
}

bool agrees(const Zone& zone, core::Time when) {
    const auto parts = local(when);
    return parts.tm_gmtoff == zone.offset.count() && parts.tm_zone != nullptr
           && zone.abbreviation == parts.tm_zone;
}

void set(const std::string& name) {
    ::setenv("TZ", name.c_str(), 1);
    ::tzset();
}

} // namespace

Zone zone_at(core::Time when) {
    const char* variable = std::getenv("TZ");
    std::string name = variable != nullptr ? variable : "";
    if (name.starts_with(':')) name.erase(0, 1);
    const auto parts = local(when);
    return {.name = name.empty() ? system_zone() : name,
            .abbreviation = parts.tm_zone != nullptr ? parts.tm_zone : "",
            .offset = std::chrono::seconds{parts.tm_gmtoff}};
}

InZone::InZone(const Zone& zone, core::Time when) {
    if (const char* before = std::getenv("TZ"); before != nullptr) m_before = before;
    if (is_safe(zone.name)) {
        set(zone.name);
        if (agrees(zone, when)) return;
    }
    set(fixed(zone));
}

InZone::~InZone() {
    if (m_before)
        ::setenv("TZ", m_before->c_str(), 1);
    else
        ::unsetenv("TZ");
    ::tzset();
}

// NOLINTEND(concurrency-mt-unsafe)

} // namespace record
