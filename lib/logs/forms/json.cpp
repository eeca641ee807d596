// SPDX-License-Identifier: MIT
//
// A log line is read without building a tree: the members of the outer object, once, in order.
#include "logs/forms/all.hpp"
#include "logs/forms/cut.hpp"
#include "logs/forms/fields.hpp"

namespace logs {
namespace {

/// The end of the object or array that `text` begins with; npos when it does not end.
std::size_t end_of_nested(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            auto rest = text.substr(i);
            if (!take_quoted(rest)) return std::string_view::npos;
            i = text.size() - rest.size() - 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0) return i + 1;
        }
    }
    return std::string_view::npos;
}

void append_utf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | code >> 6U);
        out += static_cast<char>(0x80 | (code & 0x3fU));
    } else {
        out += static_cast<char>(0xe0 | code >> 12U);
        out += static_cast<char>(0x80 | (code >> 6U & 0x3fU));
        out += static_cast<char>(0x80 | (code & 0x3fU));
    }
}

/// The text without its escapes (RFC 8259, section 7); halves of a pair stay apart.
std::string_view unescaped(std::string_view text, std::string& scratch) {
    if (text.find('\\') == std::string_view::npos) return text;
    scratch.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            scratch += text[i];
            continue;
        }
        const char c = text[++i];
        unsigned code = 0;
        if (c == 'u' && i + 4 < text.size()
            && std::from_chars(&text[i + 1], &text[i + 1] + 4, code, 16).ptr == &text[i + 1] + 4) {
            append_utf8(scratch, code);
            i += 4;
        } else if (c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f') {
            scratch += c == 'n' ? '\n' : ' ';
        } else {
            scratch += c;
        }
    }
    return scratch;
}

struct Member {
    std::string_view key{};
    std::string_view value{}; ///< empty for what is nested
};

/// Takes the next member of an object; nothing when the text is none or it is not whole.
std::optional<Member> take_member(std::string_view& text) {
    skip_blanks(text);
    const auto key = take_quoted(text);
    if (!key) return std::nullopt;
    skip_blanks(text);
    if (!take(text, ':')) return std::nullopt;
    skip_blanks(text);
    if (text.empty()) return std::nullopt;
    Member member{*key, {}};
    if (text.front() == '"') {
        const auto value = take_quoted(text);
        if (!value) return std::nullopt;
        member.value = *value;
    } else if (text.front() == '{' || text.front() == '[') {
        const auto end = end_of_nested(text);
        if (end == std::string_view::npos) return std::nullopt;
        text.remove_prefix(end);
    } else {
        const auto end = text.find_first_of(",} \t");
        if (end == std::string_view::npos) return std::nullopt;
        member.value = text.substr(0, end);
        text.remove_prefix(end);
    }
    skip_blanks(text);
    return member;
}

} // namespace

bool parse_json(std::string_view line, FormContext& context, Event& event) {
    auto rest = line;
    skip_blanks(rest);
    if (!take(rest, '{')) return false;
    FieldReader fields{event, context.now};
    while (true) {
        const auto member = take_member(rest);
        if (!member) return false;
        if (!member->value.empty()) fields.add(member->key, member->value);
        if (take(rest, ',')) continue;
        if (!take(rest, '}')) return false;
        break;
    }
    if (!fields.finish()) return false;
    event.message = unescaped(event.message, context.scratch);
    return true;
}

} // namespace logs
