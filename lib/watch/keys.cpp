// SPDX-License-Identifier: MIT
#include "watch/keys.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace watch {
namespace {

constexpr char k_escape = '\x1b';
constexpr std::size_t k_longest = 32; ///< of a sequence; a longer one is noise

struct Named {
    std::string_view end{}; ///< what follows ESC [ or ESC O
    Key key{};
};

constexpr std::array<Named, 14> k_named{{{"A", Key::up},
                                         {"B", Key::down},
                                         {"H", Key::home},
                                         {"F", Key::end},
                                         {"M", Key::enter}, // the keypad's
                                         {"5~", Key::page_up},
                                         {"6~", Key::page_down},
                                         {"1~", Key::home},
                                         {"7~", Key::home},
                                         {"4~", Key::end},
                                         {"8~", Key::end},
                                         {"1;5H", Key::home},
                                         {"1;5F", Key::end},
                                         {"3~", Key::backspace}}};

/// A key, nothing for bytes that are no key, and how many bytes they were; 0: more must come.
struct Taken {
    std::size_t length = 0;
    std::optional<KeyEvent> event{};
};

Taken take_control(std::string_view rest) {
    const char introducer = rest[1];
    if (introducer == k_escape) return {1, KeyEvent{Key::escape}};
    if (introducer != '[' && introducer != 'O') return {2, {}}; // Alt and a letter
    for (std::size_t at = 2; at < rest.size(); ++at) {
        const char c = rest[at];
        const bool final_byte = introducer == 'O' || (c >= 0x40 && c <= 0x7E);
        if (!final_byte && c >= 0x20 && c < 0x40) continue;
        if (!final_byte) return {at, {}}; // broken off by a control character
        const auto body = rest.substr(2, at - 1);
        const auto known = std::ranges::find(k_named, body, &Named::end);
        if (known == k_named.end()) return {at + 1, {}};
        return {at + 1, KeyEvent{known->key}};
    }
    return rest.size() > k_longest ? Taken{rest.size(), {}} : Taken{};
}

Taken take_character(std::string_view rest) {
    const auto lead = static_cast<unsigned char>(rest[0]);
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if (lead >= 0x80 && (length == 1 || lead > 0xF4)) return {1, {}};
    for (std::size_t at = 1; at < std::min(length, rest.size()); ++at) {
        if ((static_cast<unsigned char>(rest[at]) & 0xC0U) != 0x80) return {at, {}};
    }
    if (rest.size() < length) return {};
    const auto text = rest.substr(0, length);
    // What can't be shown can't be typed either.
    if (core::printable(text) != text) return {length, {}};
    return {length, KeyEvent{Key::character, std::string{text}}};
}

Taken take_one(std::string_view rest) {
    switch (rest[0]) {
    case k_escape:
        return rest.size() == 1 ? Taken{} : take_control(rest);
    case '\r':
    case '\n':
        return {1, KeyEvent{Key::enter}};
    case '\x7f':
    case '\b':
        return {1, KeyEvent{Key::backspace}};
    case '\x15':
        return {1, KeyEvent{Key::erase_line}};
    case '\x0c':
        return {1, KeyEvent{Key::redraw}};
    case '\x06': // Ctrl-F and Ctrl-B, as in pagers
        return {1, KeyEvent{Key::page_down}};
    case '\x02':
        return {1, KeyEvent{Key::page_up}};
    default:
        return take_character(rest);
    }
}

} // namespace

std::vector<KeyEvent> KeyReader::take(std::string_view bytes) {
    m_rest += bytes;
    std::string_view rest = m_rest;
    std::vector<KeyEvent> events;
    while (!rest.empty()) {
        auto taken = take_one(rest);
        if (taken.length == 0) break;
        if (taken.event) events.push_back(std::move(*taken.event));
        rest.remove_prefix(taken.length);
    }
    m_rest = std::string{rest};
    return events;
}

std::vector<KeyEvent> KeyReader::give_up() {
    const bool escape = m_rest.starts_with(k_escape);
    m_rest.clear();
    if (!escape) return {};
    return {KeyEvent{Key::escape}};
}

} // namespace watch
