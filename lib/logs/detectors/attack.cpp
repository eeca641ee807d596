// SPDX-License-Identifier: MIT
#include "logs/detectors/attack.hpp"

#include "logs/detectors/attack_words.hpp"
#include "logs/detectors/sent_text.hpp"
#include "logs/letters.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace logs {
namespace {

constexpr std::size_t k_looked_at = 2048; ///< bytes of a target
using Words = std::span<const std::string_view>;

bool holds_any(std::string_view text, Words words) {
    return std::ranges::any_of(
        words, [&](auto word) { return text.find(word) != std::string_view::npos; });
}

std::string_view without_front(std::string_view text, std::string_view front) {
    const auto at = text.find_first_not_of(front);
    return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

/// Reads a quoted or bare word from the front.
std::string_view take_operand(std::string_view& text) {
    text = without_front(text, " ('\"`");
    std::size_t end = 0;
    while (end < text.size() && is(text[end], k_word))
        ++end;
    const auto word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

/// "1=1", "'a'='a", "1 like 1", "3>2": the same thing on both sides, or two numbers.
bool is_tautology(std::string_view text) {
    const auto left = take_operand(text);
    if (left.empty()) return false;
    text = without_front(text, " '\"`)");
    if (text.starts_with("like "))
        text.remove_prefix(5);
    else if (text.starts_with('=') || text.starts_with('>') || text.starts_with('<')
             || text.starts_with('!'))
        text = without_front(text, "=<>!");
    else
        return false;
    const auto right = take_operand(text);
    const auto digits = [](std::string_view word) {
        return !word.empty() && std::ranges::all_of(word, [](char c) { return is(c, k_digit); });
    };
    return left == right || (digits(left) && digits(right));
}

/// A condition that a client adds to a query: "' or 1=1", "1) and 'a'='a", "7 or 1=1".
bool adds_condition(std::string_view text) {
    for (const std::string_view word :
         {" or ", " and ", "'or ", "'and ", ")or ", " or(", "'or(", " || ", "'||", " && ", "'&&",
          "'or'", "\"or\"", "'=", " xor "})
        for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
            if (is_tautology(text.substr(at + word.size()))) return true;
    return false;
}

/// "<" before what begins a tag.
bool opens_tag(std::string_view text) {
    for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const auto rest = text.substr(at + 1);
        if (rest.starts_with("/script") || rest.starts_with("script") || rest.starts_with("img")
            || rest.starts_with("svg") || rest.starts_with("iframe") || rest.starts_with("body")
            || rest.starts_with("object") || rest.starts_with("embed") || rest.starts_with("style")
            || rest.starts_with("a href") || rest.starts_with("meta") || rest.starts_with("input")
            || rest.starts_with("video") || rest.starts_with("marquee") || rest.starts_with("h1>")
            || rest.starts_with("b>") || rest.starts_with("xss") || rest.starts_with("math"))
            return true;
    }
    return false;
}

/// More steps up than down, or steps up in what a parameter holds.
bool leaves_folder(std::string_view text) {
    int depth = 0;
    const auto query = text.find('?');
    if (query != std::string_view::npos
        && (text.find("../..", query) != std::string_view::npos
            || text.find("..\\..", query) != std::string_view::npos
            || text.find("=../", query) != std::string_view::npos))
        return true;
    for (std::size_t at = 0; at < std::min(query, text.size());) {
        const auto end = std::min(text.find_first_of("/\\", at), text.size());
        const auto part = text.substr(at, std::min(end, query) - at);
        if (part == "..")
            --depth;
        else if (!part.empty() && part != ".")
            ++depth;
        if (depth < 0) return true;
        at = end + 1;
    }
    return false;
}

Attack attack_in_text(std::string_view text) {
    if (holds_any(text, k_commands)) return Attack::command;
    if (leaves_folder(text) || holds_any(text, k_files)) return Attack::traversal;
    if (holds_any(text, k_sql) || adds_condition(text)) return Attack::injection;
    if (opens_tag(text) || holds_any(text, k_scripts)) return Attack::script;
    return Attack::none;
}

Attack attack_in_escaped(std::string_view text) {
    if (is_harmless(text)) return Attack::none;
    const auto once = once_unescaped(text.substr(0, k_looked_at));
    if (const auto attack = attack_in_text(normalised(once)); attack != Attack::none) return attack;
    const auto twice = once_unescaped(once);
    return twice == once ? Attack::none : attack_in_text(normalised(twice));
}

bool wants_to_be_passed_on(std::string_view method, std::string_view target) {
    return method == "CONNECT" || target.starts_with("http://") || target.starts_with("https://");
}

std::string small(std::string_view text) {
    std::string made{text.substr(0, k_looked_at)};
    for (auto& c : made)
        if (is(c, k_upper)) c = static_cast<char>(c + 32);
    return made;
}

} // namespace

std::string_view name(Attack attack) {
    switch (attack) {
    case Attack::none:
        return "";
    case Attack::probe:
        return "probe";
    case Attack::malformed:
        return "no HTTP";
    case Attack::proxy:
        return "open proxy";
    case Attack::scanner:
        return "scanner";
    case Attack::traversal:
        return "path traversal";
    case Attack::injection:
        return "SQL injection";
    case Attack::script:
        return "script injection";
    case Attack::command:
        return "command injection";
    }
    return "";
}

bool is_harmless(std::string_view target) {
    static constexpr auto k_odd = [] {
        std::array<bool, 256> odd{};
        for (const char c : {'%', '\'', '"', '<', '>', '(', ')', ';', '\\', '`', '|', '$', '{', '*',
                             '@', '+', ' ', ':'})
            odd[static_cast<unsigned char>(c)] = true;
        return odd;
    }();
    bool in_query = false;
    char before = 0;
    for (const char c : target) {
        if (k_odd[static_cast<unsigned char>(c)]) return false;
        if (c == '.' && (before == '.' || before == '/')) return false;
        if (c == '/' && in_query) return false;
        in_query = in_query || c == '?';
        before = c;
    }
    return !target.ends_with(".sql") && !target.ends_with(".pem") && !target.ends_with("/id_rsa");
}

Attack attack_in_target(std::string_view method, std::string_view target) {
    if (method.empty()) return target.empty() || target == "-" ? Attack::none : Attack::malformed;
    if (const auto attack = attack_in_escaped(target); attack != Attack::none) return attack;
    if (wants_to_be_passed_on(method, target)) return Attack::proxy;
    const auto path = small(target.substr(0, target.find('?')));
    return holds_any(path, k_probes) ? Attack::probe : Attack::none;
}

Attack attack_in_header(std::string_view text) {
    if (holds_any(small(text.substr(0, 256)), k_scanners)) return Attack::scanner;
    // An agent is full of brackets and semicolons: only what it never holds is looked at.
    if (text.find_first_of("<'$`{\\") == std::string_view::npos) return Attack::none;
    const auto attack = attack_in_text(normalised(once_unescaped(text.substr(0, k_looked_at))));
    return attack == Attack::traversal ? Attack::none : attack;
}

bool is_secret_file(std::string_view target) {
    const auto path = small(target.substr(0, target.find('?')));
    return std::ranges::any_of(k_secret_files, [&](auto file) {
        return file.ends_with('/') ? path.find(file) != std::string::npos : path.ends_with(file);
    });
}

} // namespace logs
