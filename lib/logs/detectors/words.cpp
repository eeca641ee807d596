// SPDX-License-Identifier: MIT
#include "logs/detectors/words.hpp"

#include "core/mask.hpp"
#include "core/text.hpp"
#include "core/units.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

namespace logs {
namespace {

constexpr std::size_t k_widest = 300;
constexpr std::size_t k_most_bytes = 2048;

bool is_mail_letter_of_domain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
           || c == '-' || c == '_' || c == '+' || c == '%';
}

/// "ann@example.org" becomes "<mail>": everything around a sign that may be part of an address.
std::string without_mail(std::string_view text) {
    std::string made;
    std::size_t done = 0;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        auto begin = at;
        while (begin > done && is_mail_letter_of_domain(text[begin - 1]))
            --begin;
        auto end = at + 1;
        while (end < text.size() && is_mail_letter_of_domain(text[end]))
            ++end;
        const auto domain = text.substr(at + 1, end - at - 1);
        if (begin == at || domain.find('.') == std::string_view::npos) continue;
        made += text.substr(done, begin - done);
        made += "<mail>";
        done = end;
    }
    return made += text.substr(done);
}

} // namespace

std::string shown(std::string_view text) {
    const auto line = core::printable(text.substr(0, k_most_bytes));
    return core::cut_end(without_mail(core::mask_text(line)), k_widest);
}

std::string format_seconds(double seconds) {
    return core::format_duration(
        std::chrono::microseconds{static_cast<std::int64_t>(std::llround(seconds * 1e6))});
}

} // namespace logs
