// SPDX-License-Identifier: MIT
#include "notify/told.hpp"

#include "core/verdict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace notify {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t milliseconds(core::Time time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

core::Time time_of(const Json& value) {
    // What is no time of ours must not overflow the clock.
    constexpr std::int64_t k_end_of_time = 9'214'646'400'000; // 2262 begins
    return core::Time{std::chrono::milliseconds{
        std::clamp<std::int64_t>(value.get<std::int64_t>(), 0, k_end_of_time)}};
}

Told told_of(const Json& entry) {
    Told told;
    auto& finding = told.finding;
    finding.id = entry.at("id").get<std::string>();
    finding.verdict = core::parse_verdict(entry.at("verdict").get<std::string>())
                          .value_or(core::Verdict::unknown);
    finding.subject = entry.at("subject").get<std::string>();
    finding.component = entry.at("component").get<std::string>();
    finding.message = entry.at("message").get<std::string>();
    finding.since = time_of(entry.at("since"));
    told.seen = time_of(entry.at("seen"));
    return told;
}

} // namespace

std::string to_text(const std::vector<Told>& told) {
    auto all = Json::array();
    for (const auto& [finding, seen] : told) {
        all.push_back({{"id", finding.id},
                       {"verdict", std::string{core::name(finding.verdict)}},
                       {"subject", finding.subject},
                       {"component", finding.component},
                       {"message", finding.message},
                       {"since", milliseconds(finding.since.value_or(seen))},
                       {"seen", milliseconds(seen)}});
    }
    return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::vector<Told>> parse_told(std::string_view text) {
    std::vector<Told> told;
    try {
        const auto all = Json::parse(text);
        if (!all.is_array()) return std::nullopt;
        for (const auto& entry : all)
            told.push_back(told_of(entry));
    } catch (const Json::exception&) {
        return std::nullopt;
    }
    return told;
}

} // namespace notify
