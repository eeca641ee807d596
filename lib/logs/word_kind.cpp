// SPDX-License-Identifier: MIT
#include "logs/word_kind.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace logs {
namespace {

using std::size_t;
using std::string_view;

bool is_hex(string_view word) {
    return word.size() >= 6
           && std::ranges::all_of(word, [](char c) { return is(c, k_digit | k_hexadecimal); });
}

bool is_number(string_view word) {
    static constexpr string_view k_signs{".,/_*#%:-"};
    if (word.starts_with('+')) word.remove_prefix(1);
    return std::ranges::all_of(
        word, [](char c) { return is(c, k_digit) || k_signs.find(c) != string_view::npos; });
}

bool is_name_sign(char c) {
    return c == '_' || c == '#' || c == '@' || c == '/' || c == '.' || c == '-';
}

/// "blk_38", "task#7", "part-1.log": a run of digits from edge to edge.
bool has_numbered_part(string_view word) {
    for (size_t i = 0; i < word.size();) {
        const auto many = run_of(word, i, k_digit);
        if (many == 0) {
            ++i;
            continue;
        }
        const bool from_edge = i == 0 || is_name_sign(word[i - 1]);
        const bool to_edge = i + many == word.size() || is_name_sign(word[i + many]);
        if (from_edge && to_edge) return true;
        i += many;
    }
    return false;
}

/// "Qm…" of 46 letters of base58, or "baf…" of 59 of base32: the identifiers that IPFS gives.
bool is_cid(string_view word) {
    if (word.size() == 46 && word.starts_with("Qm"))
        return std::ranges::all_of(word, [](char c) { return is(c, k_digit | k_letter); });
    return word.size() >= 59 && word.starts_with("baf") && std::ranges::all_of(word, [](char c) {
               return is(c, k_lower) || (c >= '2' && c <= '7');
           });
}

Kind kind_of_word_with_digits(string_view word) {
    if (is_number(word)) return Kind::number;
    if (is_hex(word)) return Kind::hex;
    if (is_cid(word)) return Kind::cid;
    const auto leading = run_of(word, 0, k_digit);
    const auto letters = run_of(word, leading, k_letter);
    if (leading > 0 && letters <= 3 && leading + letters == word.size()) return Kind::name;
    const auto many =
        static_cast<size_t>(std::ranges::count_if(word, [](char c) { return is(c, k_digit); }));
    if (many >= 3 || many * 2 >= word.size() || has_numbered_part(word)) return Kind::name;
    const auto last = word.find_last_not_of("0123456789");
    if (last + 1 < word.size() && is(word[last], k_letter)) return Kind::name;
    return Kind::literal;
}

/// The labels of a dotted name; none when one of them is empty or has another sign in it.
struct Labels {
    size_t many = 0;
    string_view last{};
    bool lower = true; ///< no capital in it
};

Labels labels_of(string_view word, bool dashes) {
    Labels labels;
    size_t begin = 0;
    for (size_t i = 0; i <= word.size(); ++i) {
        if (i < word.size() && word[i] != '.') {
            if (dashes && !is(word[i], k_word) && word[i] != '-') return {};
            labels.lower = labels.lower && !is(word[i], k_upper);
            continue;
        }
        if (i == begin) return {};
        labels.last = word.substr(begin, i - begin);
        ++labels.many;
        begin = i + 1;
    }
    return labels;
}

constexpr std::array<string_view, 17> k_domains{"com",   "net",   "org",      "edu", "gov", "mil",
                                                "int",   "info",  "biz",      "io",  "dev", "app",
                                                "cloud", "local", "internal", "lan", "home"};

bool is_domain(string_view label) {
    std::array<char, 8> lower{};
    if (label.size() > lower.size()) return false;
    for (size_t i = 0; i < label.size(); ++i)
        lower[i] = is(label[i], k_upper) ? static_cast<char>(label[i] + 32) : label[i];
    return std::ranges::find(k_domains, string_view{lower.data(), label.size()}) != k_domains.end();
}

/// "db1.example.org", "mirror.site.de".
bool is_host_name(string_view word) {
    const auto labels = labels_of(word, true);
    if (labels.many < 2) return false;
    if (is_domain(labels.last)) return true;
    return labels.many >= 3 && labels.last.size() == 2 && labels.lower
           && std::ranges::any_of(word, [](char c) { return is(c, k_lower); });
}

/// "org.example.shop.CartListener", but no exception: which one was thrown tells messages apart.
bool is_class_name(string_view word) {
    const auto labels = labels_of(word, false);
    if (labels.many < 4 || !is(labels.last.front(), k_upper)) return false;
    if (std::ranges::none_of(labels.last, [](char c) { return is(c, k_lower); })) return false;
    return !labels.last.ends_with("Exception") && !labels.last.ends_with("Error");
}

} // namespace

Kind kind_of_word(string_view word) {
    bool digit = false;
    bool dot = false;
    for (const char c : word) {
        digit = digit || is(c, k_digit);
        dot = dot || c == '.';
    }
    if (dot && (is_host_name(word) || is_class_name(word))) return Kind::name;
    return digit ? kind_of_word_with_digits(word) : Kind::literal;
}

} // namespace logs
