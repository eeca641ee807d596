// SPDX-License-Identifier: MIT
#include "logs/detectors/sent_text.hpp"

#include "logs/letters.hpp"

#include <cstddef>
#include <optional>

namespace logs {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// What an escape stands for: %xx, IIS's %u00xx, a log's \xNN. Moves `at` behind it.
std::optional<char> unescaped(std::string_view text, std::size_t& at) {
    std::size_t digits = at + 1;
    if (text[at] == '%' && digits < text.size() && (text[digits] == 'u' || text[digits] == 'U')) {
        if (text.substr(digits + 1, 2) != "00") return std::nullopt;
        digits += 3;
    } else if (text[at] == '\\') {
        if (digits >= text.size() || text[digits] != 'x') return std::nullopt;
        ++digits;
    }
    if (digits + 2 > text.size()) return std::nullopt;
    const int high = hex_digit(text[digits]);
    const int low = hex_digit(text[digits + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    at = digits + 2;
    return static_cast<char>(high * 16 + low);
}

} // namespace

std::string once_unescaped(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '%' || text[at] == '\\')
            if (const auto c = unescaped(text, at)) {
                made += *c;
                continue;
            }
        made += text[at++];
    }
    return made;
}

std::string normalised(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    const auto blank = [&] {
        if (made.empty() || made.back() != ' ') made += ' ';
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "/*") {
            const auto end = text.find("*/", i + 2);
            if (end != std::string_view::npos) {
                i = end + 1;
                blank();
                continue;
            }
        }
        const char c = text[i];
        if (c == '+' || c == '\0' || is(c, k_blank))
            blank();
        else
            made += is(c, k_upper) ? static_cast<char>(c + 32) : c;
    }
    return made;
}

} // namespace logs
