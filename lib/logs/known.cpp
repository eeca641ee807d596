// SPDX-License-Identifier: MIT
#include "logs/known.hpp"

#include "core/text.hpp"
#include "logs/detectors/words.hpp"
#include "logs/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace logs {
namespace {

constexpr std::string_view k_heading = "kinds of messages, 1";
constexpr std::size_t k_most_kinds = 5000;
constexpr std::int64_t k_kept_hours = std::int64_t{24} * 90;
constexpr std::string_view k_any = "<*>";

std::int64_t hour_of(core::Time time) {
    return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

core::Time begin_of_hour(std::int64_t hour) {
    return core::Time{std::chrono::hours{hour}};
}

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Cuts the next part off, up to `mark` or the end.
std::string_view next_part(std::string_view& text, char mark) {
    const auto end = std::min(text.find(mark), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

std::string_view first_word(std::string_view text) {
    return text.substr(0, text.find(' '));
}

} // namespace

bool is_same_kind(std::string_view one, std::string_view other) {
    while (!one.empty() && !other.empty()) {
        const auto left = next_part(one, ' ');
        const auto right = next_part(other, ' ');
        if (left != right && left.find(k_any) == std::string_view::npos
            && right.find(k_any) == std::string_view::npos)
            return false;
    }
    return one.empty() && other.empty();
}

// A line each: "h HOUR HOUR…" and "k ID FIRST LAST ACKNOWLEDGED TEXT", times in hours, 0 for none.
Known Known::parse(std::string_view text) {
    Known known;
    if (next_part(text, '\n') != k_heading) return known;
    while (!text.empty()) {
        auto line = next_part(text, '\n');
        const auto kind = next_part(line, ' ');
        if (kind == "h") {
            while (!line.empty())
                if (const auto hour = whole(next_part(line, ' '))) known.m_hours.insert(*hour);
        } else if (kind == "k") {
            const auto id = next_part(line, ' ');
            const auto first = whole(next_part(line, ' '));
            const auto last = whole(next_part(line, ' '));
            const auto until = whole(next_part(line, ' '));
            if (id.empty() || !first || !last || !until) continue;
            Kind one{std::string{line}, *first, *last};
            if (*until > 0) one.acknowledged = begin_of_hour(*until);
            known.m_kinds.emplace(id, std::move(one));
        }
    }
    return known;
}

std::string Known::to_text() const {
    auto text = fmt::format("{}\nh", k_heading);
    for (const auto hour : m_hours)
        text += fmt::format(" {}", hour);
    text += '\n';
    for (const auto& [id, kind] : m_kinds)
        text += fmt::format("k {} {} {} {} {}\n", id, kind.first, kind.last,
                            kind.acknowledged ? hour_of(*kind.acknowledged) : 0, kind.text);
    return text;
}

void Known::mark(Summary& summary) const {
    // Templates that say the same begin with the same word.
    std::map<std::string_view, std::vector<const Kind*>> by_word;
    for (const auto& [id, kind] : m_kinds)
        by_word[first_word(kind.text)].push_back(&kind);
    const auto find = [&](std::string_view id, const std::string& text) -> const Kind* {
        if (const auto known = m_kinds.find(id); known != m_kinds.end()) return &known->second;
        const auto& some = by_word[first_word(text)];
        const auto alike = std::ranges::find_if(
            some, [&](const Kind* kind) { return is_same_kind(kind->text, text); });
        return alike == some.end() ? nullptr : *alike;
    };
    summary.known_hours = m_hours.size();
    const bool enough = m_hours.size() >= k_enough_hours;
    for (auto& one : summary.mined.templates) {
        const auto text = shown(one.text);
        const auto* kind = find(one.id, text);
        one.is_new = enough && kind == nullptr;
        if (kind == nullptr) continue;
        if (kind->first > 0) one.known_since = begin_of_hour(kind->first);
        if (kind->acknowledged && *kind->acknowledged > summary.end)
            one.acknowledged = kind->acknowledged;
    }
}

void Known::learn(const Summary& summary, bool everything) {
    for (const auto& one : summary.mined.templates) {
        const auto first = hour_of(one.seen.first.value_or(summary.end));
        const auto last = hour_of(one.seen.last.value_or(summary.end));
        const auto [place, is_new] =
            m_kinds.try_emplace(one.id, Kind{shown(one.text), first, last});
        if (is_new) continue;
        auto& kind = place->second;
        if (kind.text.empty())
            kind.text = shown(one.text); // it was acknowledged before it was known
        if (kind.first == 0 || first < kind.first) kind.first = first;
        kind.last = std::max(kind.last, last);
    }
    if (everything && summary.first && summary.last)
        for (auto hour = std::max(hour_of(*summary.first), hour_of(summary.end) - k_kept_hours);
             hour <= hour_of(*summary.last); ++hour)
            m_hours.insert(hour);
    forget_oldest();
}

void Known::forget_oldest() {
    if (!m_hours.empty())
        m_hours.erase(m_hours.begin(), m_hours.lower_bound(*m_hours.rbegin() - k_kept_hours));
    if (m_kinds.size() <= k_most_kinds) return;
    std::vector<std::int64_t> seen;
    for (const auto& [id, kind] : m_kinds)
        seen.push_back(kind.last);
    const auto keep = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() - k_most_kinds);
    std::ranges::nth_element(seen, keep);
    std::erase_if(m_kinds, [limit = *keep](const auto& entry) {
        return entry.second.last < limit && !entry.second.acknowledged;
    });
}

void Known::acknowledge(std::string_view id, core::Time until) {
    m_kinds[std::string{id}].acknowledged = begin_of_hour(hour_of(until));
}

} // namespace logs
