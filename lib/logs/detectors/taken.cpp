// SPDX-License-Identifier: MIT
#include "logs/detectors/taken.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace logs {
namespace {

constexpr std::size_t k_message_begin = 512;
constexpr std::size_t k_most_words = 3;

constexpr auto k_time_units =
    std::to_array<std::pair<std::string_view, double>>({{"ms", 1e-3},
                                                        {"msec", 1e-3},
                                                        {"millis", 1e-3},
                                                        {"milliseconds", 1e-3},
                                                        {"us", 1e-6},
                                                        {"µs", 1e-6},
                                                        {"microseconds", 1e-6},
                                                        {"ns", 1e-9},
                                                        {"s", 1},
                                                        {"sec", 1},
                                                        {"secs", 1},
                                                        {"second", 1},
                                                        {"seconds", 1},
                                                        {"min", 60},
                                                        {"minutes", 60}});

std::optional<double> unit_at(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is(text[end], k_word) && !is(text[end], k_digit))
        ++end;
    const auto found = std::ranges::find(k_time_units, text.substr(0, end),
                                         &std::pair<std::string_view, double>::first);
    if (found == k_time_units.end()) return std::nullopt;
    return found->second;
}

bool is_name(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return is(c, k_letter) || c == '_' || c == '-';
    });
}

/// The last plain words before a figure: "drawn in"; of "done elapsed=" it is "elapsed".
std::string words_before(std::string_view text) {
    std::string made;
    for (std::size_t words = 0; words < k_most_words && !text.empty(); ++words) {
        const auto end = text.find_last_not_of(" =:(\t\"");
        if (end == std::string_view::npos) break;
        const auto begin = text.find_last_of(" =:(,;\t\"[]|", end) + 1; // 0 where there is none
        const auto word = text.substr(begin, end + 1 - begin);
        const bool is_value = begin > 0 && text[begin - 1] == '=';
        if (!is_name(word) || (is_value && !made.empty())) break;
        made = made.empty() ? std::string{word} : std::string{word} + ' ' + made;
        const bool is_key = text.find('=', end) != std::string_view::npos;
        if (is_key || begin == 0 || text[begin - 1] != ' ') break;
        text = text.substr(0, begin);
    }
    return made;
}

} // namespace

std::optional<Taken> time_taken(std::string_view message) {
    const auto text = message.substr(0, k_message_begin);
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is(text[at], k_digit)) continue;
        const bool begins = at == 0 || is(text[at - 1], k_blank | k_separator);
        double figure = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(),
                                                  figure, std::chars_format::fixed);
        auto next = static_cast<std::size_t>(end - text.data());
        if (error == std::errc{} && begins) {
            const auto unit =
                unit_at(text.substr(next < text.size() && text[next] == ' ' ? next + 1 : next));
            auto words = unit ? words_before(text.substr(0, at)) : std::string{};
            if (!words.empty()) return Taken{std::move(words), figure * *unit};
        }
        while (next < text.size() && is(text[next], k_word))
            ++next;
        at = std::max(at, next - 1);
    }
    return std::nullopt;
}

} // namespace logs
