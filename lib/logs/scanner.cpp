// SPDX-License-Identifier: MIT
#include "logs/scanner.hpp"

#include "logs/hash.hpp"
#include "logs/letters.hpp"
#include "logs/shape.hpp"
#include "logs/values.hpp"
#include "logs/word_kind.hpp"

#include <algorithm>

namespace logs {
namespace {

using std::size_t;
using std::string_view;

constexpr size_t k_most_text = 4096;
constexpr size_t k_most_tokens = 250;

bool is_scheme_letter(char c) {
    return is(c, k_digit | k_letter) || c == '+' || c == '.' || c == '-';
}

bool is_mail_letter(char c) {
    return is(c, k_word) || c == '.' || c == '+' || c == '-';
}

/// Returns where the longest run of letters that `fits`, begins with `begins` and ends before `end`
/// begins, not before `from`; `end` when there is none.
template <class Fits, class Begins>
size_t run_before(string_view text, size_t from, size_t end, Fits fits, Begins begins) {
    size_t i = end;
    while (i > from && fits(text[i - 1]))
        --i;
    while (i < end && !(begins(text[i]) && (i == 0 || !is(text[i - 1], k_word))))
        ++i;
    return i;
}

/// "https://…", whose colon stands at `colon`.
size_t url_end(string_view text, size_t colon) {
    if (!text.substr(colon + 1).starts_with("//")) return 0;
    size_t i = colon + 3;
    static constexpr string_view k_outside{"\"'<>|)]"};
    while (i < text.size() && !is(text[i], k_blank) && k_outside.find(text[i]) == string_view::npos)
        ++i;
    return i > colon + 3 ? i : 0;
}

/// The port behind "db.example.org", whose colon stands at `colon`.
size_t port_end(string_view text, size_t host, size_t colon) {
    const auto name = text.substr(host, colon - host);
    const auto dot = name.rfind('.');
    if (dot == string_view::npos || dot == 0) return 0;
    const auto last = name.substr(dot + 1);
    const bool lower = std::ranges::all_of(last, [](char c) { return is(c, k_lower); });
    if (last.size() < 2 || !lower || name.find("..") != string_view::npos) return 0;
    if (host > 0 && (text[host - 1] == '/' || text[host - 1] == '@')) return 0;
    size_t i = colon + 1;
    while (i < text.size() && is(text[i], k_digit))
        ++i;
    if (i == colon + 1 || (i < text.size() && is(text[i], k_word))) return 0;
    return i;
}

/// The domain behind the sign at `sign`.
size_t domain_end(string_view text, size_t sign) {
    size_t i = sign + 1;
    size_t labels = 0;
    size_t end = 0;
    while (true) {
        const auto begin = i;
        while (i < text.size() && (is(text[i], k_word) || text[i] == '-'))
            ++i;
        if (i == begin) break;
        end = i;
        ++labels;
        if (i >= text.size() || text[i] != '.') break;
        ++i;
    }
    return labels >= 2 ? end : 0;
}

constexpr bool may_begin_value(char c) {
    return is(c, k_digit | k_letter) || c == '/' || c == '~' || c == '.';
}

char closing(char c) {
    switch (c) {
    case ')':
        return '(';
    case ']':
        return '[';
    case '}':
        return '{';
    case '>':
        return '<';
    default:
        return '\0';
    }
}

} // namespace

std::span<const Token> Scanner::scan(string_view message) {
    m_text = message.substr(0, k_most_text);
    m_tokens.clear();
    m_bracket = false;
    m_parameters = 0;
    size_t i = 0;
    while (i < m_text.size() && m_tokens.size() < k_most_tokens) {
        const auto c = class_of(m_text[i]);
        if ((c & k_blank) != 0) {
            ++i;
        } else if ((c & k_separator) != 0) {
            const auto value = m_text[i] == ':' && m_text.substr(i + 1).starts_with(':')
                                   ? value_at(m_text, i)
                                   : Value{};
            if (value)
                add(i, value.end, value.kind);
            else
                add_sign(i);
            i = value ? value.end : i + 1;
        } else {
            i = word(i);
        }
    }
    if (m_bracket) drop_brackets();
    if (m_parameters > 1) collapse_runs();
    return m_tokens;
}

/// Reads one word, with the values in it, which may reach across separators. Returns its end.
size_t Scanner::word(size_t from) {
    const auto text = m_text;
    size_t i = from;
    while (i < text.size() && is(text[i], k_letter))
        ++i;
    // Most words are of letters alone.
    const bool plain =
        i == text.size() || is(text[i], k_blank) || (is(text[i], k_separator) && text[i] != ':');
    if (plain && i > from) {
        if (i - from != 3) {
            add(from, i, Kind::literal);
            return i;
        }
        const auto date = named_date_at(text, from);
        add(from, date ? date.end : i, date ? date.kind : Kind::literal);
        return date ? date.end : i;
    }
    m_pieces.clear();
    size_t literal = from; // begin of what is no value yet
    i = from;
    while (i < text.size()) {
        if (const auto end = value_in_word(from, i, literal); end != 0) {
            i = end;
            literal = end;
        } else if (is(text[i], k_blank | k_separator)) {
            break;
        } else {
            ++i;
        }
    }
    if (m_pieces.empty()) {
        add(from, i, kind_of_word(text.substr(from, i - from)));
    } else {
        add_piece(literal, i, Kind::literal);
        add_mixed_word(from, i);
    }
    return i;
}

/// Returns the end of a value that begins at `at`, or whose end is told there; 0 for none.
size_t Scanner::value_in_word(size_t from, size_t at, size_t& literal) {
    const auto text = m_text;
    const char c = text[at];
    size_t begin = at;
    Value value;
    if (c == ':') {
        begin =
            run_before(text, literal, at, is_scheme_letter, [](char d) { return is(d, k_letter); });
        if (begin < at) value = {url_end(text, at), Kind::url};
        if (!value) {
            begin = run_before(
                text, literal, at, [](char d) { return is(d, k_word) || d == '.' || d == '-'; },
                [](char d) { return is(d, k_word) || d == '-'; });
            if (begin < at) value = {port_end(text, begin, at), Kind::ip};
        }
    } else if (c == '@') {
        begin = run_before(text, literal, at, is_mail_letter, [](char d) { return is(d, k_word); });
        if (begin < at) value = {domain_end(text, at), Kind::mail};
    } else if (may_begin_value(c) && (at == from || !is(text[at - 1], k_word))) {
        value = value_at(text, at);
    }
    if (!value) return 0;
    if (begin > literal) add_piece(literal, begin, Kind::literal);
    add_piece(begin, value.end, value.kind);
    return value.end;
}

void Scanner::add_piece(size_t begin, size_t end, Kind kind) {
    if (begin < end)
        m_pieces.push_back(
            {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), kind});
}

/// Which parameter the word is as a whole, though it has other letters in it than those of values.
Kind Scanner::kind_of_pieces() const {
    Kind kind = Kind::literal;
    bool dotted = true;
    bool dot = false;
    bool glued = true;
    for (const auto& piece : m_pieces) {
        const auto part = m_text.substr(piece.begin, piece.end - piece.begin);
        if (piece.kind != Kind::literal) {
            kind = kind == Kind::literal ? piece.kind : Kind::any;
            continue;
        }
        for (const char c : part) {
            dot = dot || c == '.';
            dotted = dotted && (is(c, k_word) || c == '.' || c == '-');
        }
        glued = glued && (part.size() <= 1 || kind_of_word(part) != Kind::literal);
    }
    return glued || (dotted && dot) ? kind : Kind::literal;
}

void Scanner::add_mixed_word(size_t begin, size_t end) {
    const auto kind = kind_of_pieces();
    add(begin, end, kind);
    if (kind != Kind::literal) return;
    std::uint64_t hash = 0;
    for (const auto& piece : m_pieces) {
        const auto part = m_text.substr(piece.begin, piece.end - piece.begin);
        const bool word = piece.kind == Kind::literal && kind_of_word(part) == Kind::literal;
        hash = mix(hash ^ (word ? hash_of(part) : k_parameter_hash), 0xa0761d6478bd642fULL);
    }
    m_tokens.back().hash = hash;
}

void Scanner::add(size_t begin, size_t end, Kind kind) {
    auto& token = m_tokens.emplace_back();
    token.begin = static_cast<std::uint32_t>(begin);
    token.end = static_cast<std::uint32_t>(end);
    token.kind = kind;
    token.hash =
        kind == Kind::literal ? hash_of(m_text.substr(begin, end - begin)) : k_parameter_hash;
    if (kind != Kind::literal) ++m_parameters;
}

void Scanner::add_sign(size_t at) {
    const char c = m_text[at];
    m_bracket = m_bracket || closing(c) != '\0' || c == '<';
    auto& token = m_tokens.emplace_back();
    token.begin = static_cast<std::uint32_t>(at);
    token.end = static_cast<std::uint32_t>(at + 1);
    token.sign = true;
    token.hash = static_cast<unsigned char>(c) * 0xe7037ed1a0b428dbULL;
}

/// A pair of brackets that holds one parameter or nothing belongs to the parameter before it:
/// "web-1 (10.0.0.7)", "worker[31]".
void Scanner::drop_brackets() {
    size_t kept = 0;
    const auto is_sign = [&](size_t i, char c) {
        return m_tokens[i].sign && m_text[m_tokens[i].begin] == c;
    };
    const auto is_parameter = [&](size_t i) { return m_tokens[i].kind != Kind::literal; };
    for (const auto& token : m_tokens) {
        m_tokens[kept++] = token;
        const char opening = token.sign ? closing(m_text[token.begin]) : '\0';
        if (opening != '\0') {
            const size_t inside = kept >= 2 && is_parameter(kept - 2) ? 1 : 0;
            const size_t many = inside + 2; // with the two brackets
            if (kept > many && is_sign(kept - many, opening) && is_parameter(kept - many - 1))
                kept -= many;
        } else if (!token.sign && kept >= 2 && is_parameter(kept - 1) && is_sign(kept - 2, '<')) {
            // "<12>" is a value with its signs, unless it follows another one.
            if (kept < 3 || !is_parameter(kept - 3)) {
                m_tokens[kept - 2] = m_tokens[kept - 1];
                --kept;
            }
        }
    }
    m_tokens.resize(kept);
}

/// "1, 2, 3" and "1:2" are one parameter.
void Scanner::collapse_runs() {
    static constexpr string_view k_joining{",:=|;"};
    size_t kept = 0;
    for (const auto& token : m_tokens) {
        if (token.kind != Kind::literal && kept > 0) {
            const bool joined =
                kept >= 2 && m_tokens[kept - 1].sign
                && k_joining.find(m_text[m_tokens[kept - 1].begin]) != string_view::npos
                && m_tokens[kept - 2].kind != Kind::literal;
            if (joined) --kept;
            auto& last = m_tokens[kept - 1];
            if (last.kind != Kind::literal) {
                last.end = token.end;
                if (last.kind != token.kind) last.kind = Kind::any;
                continue;
            }
        }
        m_tokens[kept++] = token;
    }
    m_tokens.resize(kept);
}

std::string text_of(string_view message, const Token& token) {
    if (token.kind != Kind::literal) return std::string{placeholder(token.kind)};
    const auto word = message.substr(token.begin, token.end - token.begin);
    if (token.sign) return std::string{word};
    Scanner scanner;
    scanner.m_text = message.substr(0, token.end);
    scanner.word(token.begin);
    if (scanner.m_pieces.empty()) return std::string{word};
    std::string text;
    for (const auto& piece : scanner.m_pieces) {
        const auto part = message.substr(piece.begin, piece.end - piece.begin);
        const auto kind = piece.kind == Kind::literal ? kind_of_word(part) : piece.kind;
        text += kind == Kind::literal ? part : placeholder(kind);
    }
    return text;
}

} // namespace logs
