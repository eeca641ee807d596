// SPDX-License-Identifier: MIT
#include "probe/stragglers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <mutex>

namespace probe {
namespace {

/// The probes that are left behind, by their target.
struct Left {
    std::mutex mutex{};
    std::multimap<std::string, core::Time> since{};
};

/// Never destroyed: a straggler may come back when the program ends.
Left& left() {
    static auto* all = new Left;
    return *all;
}

std::string clock_time(core::Time time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

} // namespace

Presence::Presence(std::string target)
    : m_target(std::move(target)), m_since(std::chrono::system_clock::now()) {}

Presence::~Presence() {
    const std::scoped_lock lock{left().mutex};
    if (!m_left) return;
    const auto [first, last] = left().since.equal_range(m_target);
    const auto mine =
        std::find_if(first, last, [this](const auto& entry) { return entry.second == m_since; });
    if (mine != last) left().since.erase(mine);
}

void Presence::leave_behind() {
    const std::scoped_lock lock{left().mutex};
    if (m_left) return;
    m_left = true;
    left().since.emplace(m_target, m_since);
}

std::optional<core::Time> left_behind_since(const std::string& target) {
    const std::scoped_lock lock{left().mutex};
    const auto [first, last] = left().since.equal_range(target);
    const auto oldest = std::min_element(
        first, last, [](const auto& a, const auto& b) { return a.second < b.second; });
    if (oldest == last) return std::nullopt;
    return oldest->second;
}

core::Error still_waiting(const std::string& target, core::Time since) {
    return {.kind = core::ErrorKind::timeout,
            .where = target,
            .reason = fmt::format("still waiting for the look of {}", clock_time(since)),
            .hint = "it is not asked again until that one has come back"};
}

} // namespace probe
