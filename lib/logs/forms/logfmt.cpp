// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/forms/fields.hpp"

namespace logs {
namespace {

bool is_key_letter(char c) {
    return is(c, k_word) || c == '.' || c == '-' || c == '@' || c == '/';
}

std::string_view take_key(std::string_view& text) {
    std::size_t i = 0;
    while (i < text.size() && is_key_letter(text[i]))
        ++i;
    const auto key = text.substr(0, i);
    text.remove_prefix(i);
    return key;
}

} // namespace

bool parse_logfmt(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    FieldReader fields{event, context.now};
    int pairs = 0;
    while (skip_blanks(rest), !rest.empty()) {
        const auto key = take_key(rest);
        // A line that does not begin with a pair is none; further on, words may stand between.
        if (key.empty() || !take(rest, '=')) {
            if (pairs == 0) return false;
            take_word(rest);
            continue;
        }
        ++pairs;
        if (rest.starts_with('"')) {
            const auto value = take_quoted(rest);
            if (!value) return false;
            fields.add(key, *value);
        } else {
            fields.add(key, take_word(rest));
        }
    }
    return pairs >= 2 && fields.finish();
}

} // namespace logs
